import { parseTurnUsername, turnPassword } from '@wicgate/turn-credentials';
import { describe, expect, it } from 'vitest';
import { Sealer } from '../sessions/sealer.ts';
import { TurnCredentials } from './turn-credentials.ts';

const secret = 'the-key-of-the-turn-servers-of-this-test';
const startMs = 1_800_000_000_000;

function create({ hash = 'sha1', key = 1, lifetimeSeconds = 3_600 }: Options = {}) {
  let nowMs = startMs;
  const sealer = new Sealer(new Uint8Array(32).fill(key));
  const credentials = new TurnCredentials({ secret, hash, lifetimeSeconds, sealer, now: () => nowMs });
  const after = (seconds: number): void => {
    nowMs += 1_000 * seconds;
  };
  return { credentials, after };
}

interface Options {
  readonly hash?: 'sha1' | 'sha256';
  readonly key?: number;
  readonly lifetimeSeconds?: number;
}

describe('TURN credentials of the WWSF', () => {
  it.each(['sha1', 'sha256'] as const)('[X.5.2.2-3] are Tid:Texp and f(Km) of it, by %s', (hash) => {
    const { username, password, expiresInSeconds } = create({ hash }).credentials.of('session');
    expect(password).toBe(turnPassword(Buffer.from(secret), username, hash));
    const { expiresAtSeconds } = parseTurnUsername(username);
    expect(expiresAtSeconds).toBe(startMs / 1_000 + expiresInSeconds);
  });

  it.each([2, 60, 61, 3_600])(
    '[X.5.2.2-3] have more than half of %d s left, and no more than all',
    (lifetimeSeconds) => {
      const { credentials, after } = create({ lifetimeSeconds });
      for (let round = 0; round < 300; round += 1) {
        const { expiresInSeconds } = credentials.of('session');
        expect(expiresInSeconds).toBeGreaterThan(Math.floor(lifetimeSeconds / 2));
        expect(expiresInSeconds).toBeLessThanOrEqual(lifetimeSeconds);
        after(7);
      }
    },
  );

  it('[X.5.2.2-3] keep the Tid of a session for half a life, then have another', () => {
    const { credentials, after } = create();
    const seen = new Set<string>();
    // Ten lives, asked for every minute.
    for (let minute = 0; minute < 600; minute += 1) {
      seen.add(credentials.of('session').username);
      after(60);
    }
    expect(seen.size).toBeGreaterThanOrEqual(20);
    expect(seen.size).toBeLessThanOrEqual(21);
    expect(new Set([...seen].map((username) => parseTurnUsername(username).tid)).size).toBe(seen.size);
  });

  it('[X.5.2.2-3] are renewed by each session at a moment of its own', () => {
    const { credentials } = create();
    const left = Array.from({ length: 50 }, (_, session) => credentials.of(`session ${session}`).expiresInSeconds);
    expect(new Set(left).size).toBeGreaterThan(30);
  });

  it('[X.5.3.1 c] [X.5.2.2-3] differ from session to session and from WWSF to WWSF, and tell of neither', () => {
    const tids = [
      create().credentials.of('alice'),
      create().credentials.of('bob'),
      create({ key: 2 }).credentials.of('alice'),
    ].map(({ username }) => parseTurnUsername(username).tid);
    expect(new Set(tids).size).toBe(3);
    for (const tid of tids) expect(tid).toMatch(/^[a-f][0-9a-f]{23}$/);
  });
});

/**
 * The queues of revocations, towards TURN servers on sockets of their own.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { VirtualClock } from '@wicgate/sip/testing';
import type { TurnUsername } from '@wicgate/turn-credentials';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EpCscfLogger } from '../log-event.ts';
import { operatorToken, TurnServer } from '../testing/turn-server.ts';
import { createPostTurnRevocation } from './post-turn-revocation.ts';
import { TurnRevocations, type TurnRevocationsOptions } from './turn-revocations.ts';

const lines: { readonly event: string }[] = [];
const write = (line: { readonly event: string }): void => void lines.push(line);
const log: EpCscfLogger = { error: write, warn: write, info: write, debug: write };
let counts: Record<string, number>;
let now: number;
let clock: VirtualClock;
let turn: TurnServer;
let other: TurnServer;
let revocations: TurnRevocations;

beforeEach(async () => {
  now = 1_700_000_000;
  lines.length = 0;
  counts = {};
  clock = new VirtualClock();
  [turn, other] = [await TurnServer.start(), await TurnServer.start()];
  revocations = create();
});
afterEach(async () => {
  const stopped = revocations.stop();
  clock.advance(1_000);
  await stopped;
  await turn.stop();
  await other.stop();
});

function create(changes: Partial<TurnRevocationsOptions> = {}): TurnRevocations {
  return new TurnRevocations({
    ...createPostTurnRevocation(operatorToken, undefined),
    endpoints: [turn.endpoint, other.endpoint],
    clock,
    now: () => now,
    log,
    count: (result, tids) => {
      counts[result] = (counts[result] ?? 0) + tids;
    },
    ...changes,
  });
}

function named(tid: string, expiresAtSeconds = now + 600): TurnUsername {
  return { tid, expiresAtSeconds };
}

const rested = (pending: number): Promise<void> => expect.poll(() => revocations.pending).toBe(pending);
const failures = (count: number): Promise<void> => expect.poll(() => counts.failed).toBe(count);

describe('revocations of TURN credentials', () => {
  it('[X.5.2.2-3] are told every TURN server once, with the operator token, until Texp', async () => {
    revocations.revoke([named('a1', now + 60), named('b2', now + 600)]);
    await rested(0);
    const told = [{ tids: ['a1', 'b2'], until: now + 600 }];
    expect([turn.revocations, other.revocations]).toEqual([told, told]);
    expect(counts).toEqual({ sent: 4 });
    expect(lines.map(({ event }) => event)).toEqual(['turn-revocation.sent', 'turn-revocation.sent']);
    expect(JSON.stringify(lines)).not.toMatch(/a1|b2|the-token/u);
  });

  it('[limits] are told a hundred at a time', async () => {
    const tids = Array.from({ length: 250 }, (_, at) => `t${at}`);
    for (const tid of tids) revocations.revoke([named(tid)]);
    await rested(0);
    expect(turn.tids).toEqual(tids);
    expect(Math.max(...turn.revocations.map((each) => each.tids.length))).toBe(100);
  });

  it('[limits] of a server that fails wait, longer each time, and hold up no other server', async () => {
    turn.status = 503;
    revocations.revoke([named('a1')]);
    await other.revoked('a1');
    await failures(1);
    revocations.revoke([named('b2')]);
    await other.revoked('b2');
    expect(turn.statuses).toEqual([503]);
    clock.advance(250);
    await failures(3);
    clock.advance(250);
    expect(turn.statuses).toEqual([503, 503]);
    turn.status = undefined;
    clock.advance(250);
    await rested(0);
    expect(turn.revocations).toEqual([{ tids: ['a1', 'b2'], until: now + 600 }]);
    // After that the next one is told at once.
    revocations.revoke([named('c3')]);
    await turn.revoked('c3');
  });

  it.each([401, 404, 500])('[limits] are told again after %d, as soon as the server takes them', async (status) => {
    turn.status = status;
    revocations.revoke([named('a1')]);
    await failures(1);
    turn.status = undefined;
    clock.advance(250);
    await turn.revoked('a1');
  });

  it('[limits] are told again after the server was down', async () => {
    await turn.stop();
    revocations.revoke([named('a1')]);
    await failures(1);
    await turn.listen();
    clock.advance(250);
    await turn.revoked('a1');
  });

  it('[X.5.2.2-7] are told no more once the credential has expired', async () => {
    turn.status = 503;
    revocations.revoke([named('a1', now + 60), named('b2', now + 600)]);
    await failures(2);
    turn.status = undefined;
    now += 60;
    clock.advance(250);
    await turn.revoked('b2');
    expect(turn.tids).toEqual(['b2']);
  });

  it('[limits] that a server finds malformed are not told again, and hold up nothing', async () => {
    turn.status = 400;
    revocations.revoke([named('a1')]);
    await expect.poll(() => counts.refused).toBe(1);
    turn.status = undefined;
    revocations.revoke([named('b2')]);
    await turn.revoked('b2');
    expect(turn.tids).toEqual(['b2']);
  });

  it('[limits] are bounded: the oldest give way, and the operator hears of it once', async () => {
    revocations = create({ limit: 3, endpoints: [turn.endpoint] });
    turn.status = 503;
    revocations.revoke([named('a1')]);
    await failures(1);
    for (const tid of ['b2', 'c3', 'd4', 'e5']) revocations.revoke([named(tid)]);
    expect([revocations.pending, counts.dropped]).toEqual([3, 2]);
    expect(lines.filter(({ event }) => event === 'turn-revocation.dropped')).toHaveLength(1);
    turn.status = undefined;
    clock.advance(250);
    await rested(0);
    expect(turn.tids).toEqual(['c3', 'd4', 'e5']);
  });

  it('[limits] under way when the process ends are told; what cannot be is said', async () => {
    revocations = create({ endpoints: [turn.endpoint] });
    revocations.revoke([named('a1')]);
    await revocations.stop();
    expect(turn.tids).toEqual(['a1']);
    revocations.revoke([named('b2')]);
    expect(revocations.pending).toBe(0);
    turn.hangs = true;
    const others = create({ endpoints: [turn.endpoint] });
    others.revoke([named('c3')]);
    const stopped = others.stop();
    clock.advance(1_000);
    await stopped;
    expect(lines).toContainEqual(expect.objectContaining({ event: 'turn-revocation.lost', pending: 1 }));
  });

  it('[X.5.2.2-3] go to a TURN server of the configured authority only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'turn-revocations-'));
    const authority = await CertificateAuthority.open(folder);
    const { certFile, keyFile } = await authority.certificate('turn', ['127.0.0.1']);
    const secure = await TurnServer.start({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
    const trusting = createPostTurnRevocation(operatorToken, readFileSync(authority.certFile));
    const doubting = createPostTurnRevocation(operatorToken, undefined);
    await trusting.post(secure.endpoint, ['a1'], now);
    await expect(doubting.post(secure.endpoint, ['b2'], now)).rejects.toMatchObject({
      code: 'ERR_EP_CSCF_TURN_REVOCATION_FAILED',
      message: expect.not.stringContaining(operatorToken),
    });
    expect(secure.tids).toEqual(['a1']);
    trusting.close();
    doubting.close();
    await secure.stop();
    rmSync(folder, { recursive: true });
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@wicgate/node-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrantRefused, WafUnavailable } from '../errors.ts';
import type { Grant } from '../waf/grant.ts';
import type { Waf } from '../waf/waf.ts';
import { AccessTokens } from './access-tokens.ts';
import type { WebSession } from './session-store.ts';
import { openState, type State } from './state.ts';

const identities = {
  subject: 'alice',
  displayName: 'Alice',
  impi: 'alice@ims.example',
  impus: ['sip:alice@ims.example'],
} as const;

/** A WAF that rotates: a refresh token works once, a second use ends the grant (RFC 9700 4.14.2). */
class RotatingWaf implements Partial<Waf> {
  readonly revoked: string[] = [];
  renewals = 0;
  trouble: Error | undefined;
  gate: Promise<void> = Promise.resolve();
  #valid = 'r0';
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async renew({ tokens }: Grant): Promise<Grant> {
    this.renewals += 1;
    if (this.trouble !== undefined) throw this.trouble;
    if (tokens.refreshToken !== this.#valid) throw new GrantRefused();
    this.#valid = `r${this.renewals}`;
    await this.gate;
    return {
      flow: 'authorization code',
      identities,
      tokens: tokensOf(`a${this.renewals}`, this.#valid, this.#now() + 300_000),
    };
  }

  async revoke(token: string): Promise<void> {
    this.revoked.push(token);
  }
}

function tokensOf(accessToken: string, refreshToken: string, accessTokenExpiresAt: number): Grant['tokens'] {
  return { accessToken, accessTokenExpiresAt, refreshToken, idToken: undefined };
}

describe('AccessTokens', () => {
  let folder: string;
  let state: State;
  let waf: RotatingWaf;
  let accessTokens: AccessTokens;
  let session: WebSession;
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
    state = await openState(
      folder,
      {
        sessions: { lifetimeMs: 86_400_000, idleMs: 86_400_000, perUser: 5 },
        signIns: { lifetimeMs: 1, perBrowser: 1, total: 1 },
      },
      () => undefined,
    );
    waf = new RotatingWaf(() => now);
    accessTokens = new AccessTokens({
      store: state.sessions,
      handedTokens: state.handedTokens,
      pool: undefined,
      isKnown: () => true,
      waf: waf as unknown as Waf,
      refreshMs: 60_000,
      log: createLogger('wwsf', 'silent'),
      hashIdentity: () => 'hash',
      onRenewal: () => undefined,
      now: () => now,
    });
    const id = await state.sessions.create({
      flow: 'authorization code',
      identities,
      tokens: tokensOf('a0', 'r0', now + 300_000),
    });
    const found = await state.sessions.findById(id);
    if (found === undefined) throw new Error('expected a session');
    session = found;
  });

  afterEach(async () => {
    await state.close();
    rmSync(folder, { recursive: true });
  });

  it('[X.3.2.3-2] gives the token it has while 60 s are left, and the seconds left', async () => {
    now += 240_000;
    expect(await accessTokens.current(session)).toEqual({ accessToken: 'a0', secondsLeft: 60 });
    expect(waf.renewals).toBe(0);
  });

  it('[RFC 6749 6] renews it when less than 60 s are left', async () => {
    now += 240_001;
    expect(await accessTokens.current(session)).toEqual({ accessToken: 'a1', secondsLeft: 300 });
  });

  it('[RFC 9700 4.14.2] renews once for many who ask at the same time', async () => {
    now += 300_000;
    const answers = await Promise.all(Array.from({ length: 50 }, () => accessTokens.current(session)));
    expect(new Set(answers.map(({ accessToken }) => accessToken))).toEqual(new Set(['a1']));
    expect(waf.renewals).toBe(1);
  });

  it('[RFC 9700 4.14.2] starts from the store, for who read the session before a renewal and asks after it', async () => {
    now += 300_000;
    await accessTokens.current(session);
    expect((await accessTokens.current(session)).accessToken).toBe('a1');
    expect(waf.renewals).toBe(1);
  });

  it('[RFC 6749 5.2] fails for all who asked, once, and tries again for the next', async () => {
    now += 300_000;
    waf.trouble = new WafUnavailable('ECONNREFUSED');
    const answers = await Promise.allSettled([accessTokens.current(session), accessTokens.current(session)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(waf.renewals).toBe(1);
    waf.trouble = undefined;
    expect((await accessTokens.current(session)).accessToken).toBe('a2');
  });

  it('[RFC 6749 5.2] ends the session when the grant is refused', async () => {
    now += 300_000;
    waf.trouble = new GrantRefused();
    await expect(accessTokens.current(session)).rejects.toMatchObject({ code: 'ERR_WWSF_NOT_SIGNED_IN' });
    expect(await state.sessions.find(session.key)).toBeUndefined();
  });

  it('[RFC 7009 2] revokes what a renewal brings to a session that ended meanwhile', async () => {
    now += 300_000;
    let open = (): void => undefined;
    waf.gate = new Promise((resolve) => {
      open = resolve;
    });
    const renewal = accessTokens.current(session);
    const refused = expect(renewal).rejects.toMatchObject({ code: 'ERR_WWSF_NOT_SIGNED_IN' });
    await expect.poll(() => waf.renewals).toBe(1);
    await accessTokens.end(session);
    expect(waf.revoked).toEqual(['r0', 'a0']);
    open();
    await refused;
    expect(waf.revoked).toEqual(['r0', 'a0', 'r1', 'a1']);
    await accessTokens.settle();
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@wicgate/node-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WafDisagrees, WafUnavailable } from '../errors.ts';
import type { Grant } from '../waf/grant.ts';
import { hashOpaque } from './opaque.ts';
import { OrphanedTokens } from './orphaned-tokens.ts';
import { openState, type State } from './state.ts';

describe('OrphanedTokens', () => {
  let folder: string;
  let state: State;
  let asked: string[];
  let fault: ((token: string) => Error | undefined) | undefined;
  let orphans: OrphanedTokens;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
    const limits = { lifetimeMs: 86_400_000, idleMs: 86_400_000, perUser: 1 };
    const signIns = { lifetimeMs: 1, perBrowser: 1, total: 1 };
    state = await openState(folder, { sessions: limits, signIns }, () => undefined);
    asked = [];
    fault = undefined;
    const revoke = async (token: string): Promise<void> => {
      asked.push(token);
      const error = fault?.(token);
      if (error !== undefined) throw error;
    };
    const { handedTokens } = state;
    orphans = new OrphanedTokens({ handedTokens, waf: { revoke }, log: createLogger('wwsf', 'silent') });
  });

  afterEach(async () => {
    await state.close();
    rmSync(folder, { recursive: true });
  });

  function tokensOf(name: string): Grant['tokens'] {
    const accessTokenExpiresAt = Date.now() + 300_000;
    return { accessToken: `token of ${name}`, accessTokenExpiresAt, refreshToken: undefined, idToken: undefined };
  }

  /** A session of `subject`, with a token; the id of the session. */
  async function signIn(subject: string, name: string): Promise<string> {
    const impus = ['sip:alice@ims.example'] as const;
    const identities = { subject, displayName: 'A', impi: 'alice@ims.example', impus };
    const grant = { flow: 'client credentials', identities, tokens: tokensOf(name) } as const;
    const id = await state.sessions.create(grant);
    await state.handedTokens.add(hashOpaque(id), grant.tokens);
    return id;
  }

  it('[X.3.2.3-0] [RFC 7009 2] are those of a session that gave way or ended, never those of a live one', async () => {
    await signIn('alice', 'the first');
    await signIn('alice', 'the second');
    const ended = await signIn('bob', 'the third');
    await state.sessions.end(hashOpaque(ended));
    for (let round = 0; round < 3; round += 1) await orphans.sweep();
    expect(asked).toEqual(['token of the first', 'token of the third']);
  });

  it('[X.3.2.3-0] a token that has just come may still get its session', async () => {
    await state.handedTokens.add('to come', tokensOf('ann'));
    await orphans.sweep();
    expect(asked).toEqual([]);
    await orphans.sweep();
    expect(asked).toEqual(['token of ann']);
  });

  it('[RFC 7009 2.2.1] a WAF that is down is asked once a round, and then told of all', async () => {
    for (const name of ['ann', 'ben']) await state.handedTokens.add(name, tokensOf(name));
    fault = () => new WafUnavailable('ECONNREFUSED');
    for (let round = 0; round < 3; round += 1) await orphans.sweep();
    expect(asked).toEqual(['token of ann', 'token of ann']);
    fault = undefined;
    await orphans.sweep();
    await orphans.sweep();
    expect(asked.slice(2)).toEqual(['token of ann', 'token of ben']);
  });

  it('[RFC 7009 2.2.1] what the WAF refuses holds up nothing behind it', async () => {
    for (let count = 0; count < 60; count += 1) await state.handedTokens.add(`s${count}`, tokensOf(String(count)));
    fault = (token) => (token === 'token of 59' ? undefined : new WafDisagrees('status 400'));
    for (let round = 0; round < 3; round += 1) await orphans.sweep();
    expect(asked).toContain('token of 59');
    expect(await state.handedTokens.of('s59')).toEqual([]);
    expect(await state.handedTokens.of('s0')).toHaveLength(1);
  });
});

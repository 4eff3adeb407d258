import { describe, expect, it } from 'vitest';
import { RevokedTokens } from './revoked-tokens.ts';

const tokenOf = (jti: string, exp: number): string =>
  `e30.${Buffer.from(JSON.stringify({ jti, exp })).toString('base64url')}.AAAA`;

describe('RevokedTokens', () => {
  const soon = Math.floor(Date.now() / 1_000) + 300;

  it('[RFC 7009 2] knows a revoked token, and no other', () => {
    const revoked = new RevokedTokens();
    revoked.add(tokenOf('one', soon));
    expect(revoked.has(tokenOf('one', soon))).toBe(true);
    expect(revoked.has(tokenOf('two', soon))).toBe(false);
  });

  it('[state] forgets those that have expired, and the oldest of more than 10,000', () => {
    const revoked = new RevokedTokens();
    revoked.add(tokenOf('old', soon - 600));
    revoked.add('no JWT');
    revoked.add(tokenOf('first', soon));
    for (let count = 0; count < 10_000; count += 1) revoked.add(tokenOf(`more ${count}`, soon));
    expect(revoked.has(tokenOf('old', soon - 600))).toBe(false);
    expect(revoked.has('no JWT')).toBe(false);
    expect(revoked.has(tokenOf('first', soon))).toBe(false);
    expect(revoked.has(tokenOf('more 0', soon))).toBe(true);
  });
});

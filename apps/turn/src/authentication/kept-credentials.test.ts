import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeptCredentials } from './kept-credentials.ts';
import type { Credential } from './turn-user.ts';

const key = createSecretKey(Buffer.from('key'));
const credential = (username: string): Credential => ({
  kind: 'provisioned',
  username,
  tid: username,
  expiresAtSeconds: 1,
  voidFromMs: 1,
  key,
});
const hash = (name: string): Buffer => Buffer.from(name.padEnd(32));

describe('Kept credentials', () => {
  it('are found by name and by hash', () => {
    const kept = new KeptCredentials(2);
    kept.keep('MD5 a', credential('a'), hash('a'));
    expect(kept.find('MD5 a')).toEqual(credential('a'));
    expect(kept.usernameOf(hash('a'))).toBe('a');
    expect(kept.find('SHA-256 a')).toBeUndefined();
    expect(kept.usernameOf(hash('b'))).toBeUndefined();
  });

  it('[RFC 8489 14.4] are found by hash as long as one of the ways to the key is kept', () => {
    const kept = new KeptCredentials(2);
    kept.keep('MD5 a', credential('a'), hash('a'));
    kept.keep('SHA-256 a', credential('a'), hash('a'));
    kept.keep('MD5 b', credential('b'), hash('b'));
    expect([kept.find('MD5 a'), kept.usernameOf(hash('a'))]).toEqual([undefined, 'a']);
    kept.keep('MD5 c', credential('c'), hash('c'));
    expect(kept.usernameOf(hash('a'))).toBeUndefined();
  });

  it('give up the longest unused for a new one, its hash too, so that their number is bounded', () => {
    const kept = new KeptCredentials(2);
    kept.keep('a', credential('a'), hash('a'));
    kept.keep('b', credential('b'), hash('b'));
    kept.find('a');
    kept.keep('c', credential('c'), undefined);
    kept.keep('c', credential('c'), undefined);
    expect(kept.size).toBe(2);
    expect(kept.find('b')).toBeUndefined();
    expect(kept.usernameOf(hash('b'))).toBeUndefined();
    expect(kept.find('a')).toEqual(credential('a'));
    expect(kept.find('c')).toEqual(credential('c'));
  });
});

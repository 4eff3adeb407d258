import { attributeType, encodePasswordAlgorithms, userHash } from '@wicgate/stun';
import { createTurnCredential, type TurnCredential, turnPassword } from '@wicgate/turn-credentials';
import { describe, expect, it } from 'vitest';
import { AuthenticationBench, keyOf, nonceOf, withCutIntegrity } from '../testing/authentication-bench.ts';
import { testRealm, testSecret } from '../testing/test-server.ts';

const algorithms = encodePasswordAlgorithms(['SHA-256', 'MD5']);
const [sha256, md5] = [encodePasswordAlgorithms(['SHA-256']), encodePasswordAlgorithms(['MD5'])];
const previousSecret = 'the secret that was in use before, of 32 and more';

let made = 0;
function credential(key = testSecret, hash: 'sha1' | 'sha256' = 'sha1'): TurnCredential {
  made += 1;
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(made);
  return createTurnCredential({ key: Buffer.from(key), hash, expiresAtSeconds: 1_700_000_600, random });
}

describe('Password of X.5.2', () => {
  const bench = new AuthenticationBench();

  it('[X.5.2.2-6] [TURN server 2] is recomputed from USERNAME and Km', () => {
    const { username, password, tid } = credential();
    const request = bench.request({ USERNAME: username }, { key: keyOf(username, password) });
    expect(bench.authenticate(request)).toMatchObject({ username, tid, expiresAtSeconds: 1_700_000_600 });
  });

  it('[X.5.2.2-6] [TURN server 2] a wrong one gets 401, before and after the right one was seen', () => {
    const { username, password, tid } = credential();
    const wrong = bench.request({ USERNAME: username }, { key: keyOf(username, 'wrong') });
    expect(bench.outcome(wrong)).toBe('401');
    expect(bench.outcome(bench.request({ USERNAME: username }, { key: keyOf(username, password) }))).toBe(tid);
    expect(bench.outcome(wrong)).toBe('401');
  });

  it('[X.5.2.2-7] [TURN server 3] is refused from Texp on, though it was good before', () => {
    const late = new AuthenticationBench();
    const { username, password, tid } = credential();
    const outcome = (): string =>
      late.outcome(late.request({ USERNAME: username }, { key: keyOf(username, password) }));
    late.nowMs = 1_700_000_599_999;
    expect(outcome()).toBe(tid);
    late.nowMs = 1_700_000_600_000;
    expect(outcome()).toBe('401');
  });

  it('[X.5.2.2-6] with the previous Km is good while that one is configured, and no longer', () => {
    const { username, password, tid } = credential(previousSecret);
    const key = keyOf(username, password);
    const both = new AuthenticationBench({ TURN_PREVIOUS_SECRET: previousSecret });
    expect(both.outcome(both.request({ USERNAME: username }, { key }))).toBe(tid);
    expect(bench.outcome(bench.request({ USERNAME: username }, { key }))).toBe('401');
  });

  it('[X.5.2.2-6] made with SHA-256 is good where that hash is configured, and nowhere else', () => {
    const { username, password, tid } = credential(testSecret, 'sha256');
    const key = keyOf(username, password);
    const other = new AuthenticationBench({ TURN_SECRET_HASH: 'sha256' });
    expect(other.outcome(other.request({ USERNAME: username }, { key }))).toBe(tid);
    expect(bench.outcome(bench.request({ USERNAME: username }, { key }))).toBe('401');
    const sha1 = credential();
    const request = other.request({ USERNAME: sha1.username }, { key: keyOf(sha1.username, sha1.password) });
    expect(other.outcome(request)).toBe('401');
  });

  it('[X.5.2.2-6] Km as the password of another name gets 401', () => {
    const password = turnPassword(Buffer.from(testSecret), 'alice');
    expect(bench.outcome(bench.request({ USERNAME: 'alice' }, { key: keyOf('alice', password) }))).toBe('401');
  });
});

describe('Choice of the password algorithm', () => {
  const bench = new AuthenticationBench();
  const { username, password, tid } = credential();

  it('[RFC 8489 9.2.4] is offered in 401 and 438, and the nonce cookie says so', () => {
    for (const statusCode of [401, 438] as const) {
      const challenge = bench.challenge(statusCode);
      expect(challenge.get(attributeType['PASSWORD-ALGORITHMS'])).toEqual(algorithms);
      expect(challenge.get(attributeType.NONCE)?.toString()).toMatch(/^obMatJos2AAAB[0-9a-f]{48}$/);
    }
  });

  it.each([
    { name: 'neither', parts: {}, key: keyOf(username, password) },
    { name: 'MD5', parts: { 'PASSWORD-ALGORITHM': md5 }, key: keyOf(username, password) },
    { name: 'SHA-256', parts: { 'PASSWORD-ALGORITHM': sha256 }, key: keyOf(username, password, 'SHA-256') },
  ])('[RFC 8489 9.2.4] $name is served, with either integrity attribute', ({ parts, key }) => {
    const offered = 'PASSWORD-ALGORITHM' in parts ? { 'PASSWORD-ALGORITHMS': algorithms } : {};
    for (const hash of ['sha1', 'sha256'] as const) {
      const request = bench.request({ USERNAME: username, ...parts, ...offered }, { key, hash });
      expect(bench.authenticate(request)).toMatchObject({ tid, integrityHash: hash });
    }
  });

  it.each([
    { fault: 'one that was not chosen', algorithm: md5, key: keyOf(username, password, 'SHA-256') },
    { fault: 'the weaker one', algorithm: sha256, key: keyOf(username, password) },
  ])('[RFC 8489 9.2.4] a key of $fault gets 401', ({ algorithm, key }) => {
    const parts = { 'USERNAME': username, 'PASSWORD-ALGORITHM': algorithm, 'PASSWORD-ALGORITHMS': algorithms };
    expect(bench.outcome(bench.request(parts, { key }))).toBe('401');
  });

  it.each([
    { fault: 'no PASSWORD-ALGORITHMS', parts: { 'PASSWORD-ALGORITHM': sha256 } },
    { fault: 'no PASSWORD-ALGORITHM', parts: { 'PASSWORD-ALGORITHMS': algorithms } },
    { fault: 'an offer cut to MD5', parts: { 'PASSWORD-ALGORITHM': md5, 'PASSWORD-ALGORITHMS': md5 } },
    {
      fault: 'an offer in another order',
      parts: { 'PASSWORD-ALGORITHM': md5, 'PASSWORD-ALGORITHMS': encodePasswordAlgorithms(['MD5', 'SHA-256']) },
    },
    {
      fault: 'a choice that was not offered',
      parts: { 'PASSWORD-ALGORITHM': Buffer.from('00030000', 'hex'), 'PASSWORD-ALGORITHMS': algorithms },
    },
    { fault: 'two choices', parts: { 'PASSWORD-ALGORITHM': algorithms, 'PASSWORD-ALGORITHMS': algorithms } },
  ])('[RFC 8489 9.2.4] $fault gets 400', ({ parts }) => {
    const request = bench.request({ USERNAME: username, ...parts }, { key: keyOf(username, password) });
    expect(bench.outcome(request)).toBe('400');
  });

  it('[RFC 8489 9.2.4] a nonce whose cookie was changed on the way is stale', () => {
    const request = bench.request({ USERNAME: username }, { key: keyOf(username, password) });
    for (const cookie of ['obMatJos2AAAA', 'obMatJos2AAAD', '']) {
      const nonce = cookie + nonceOf(request).slice(13);
      const changed = bench.request({ USERNAME: username, NONCE: nonce }, { key: keyOf(username, password) });
      expect(bench.outcome(changed)).toBe('438');
    }
  });
});

describe('Integrity attributes', () => {
  const bench = new AuthenticationBench();
  const { username, password, tid } = credential();
  const key = keyOf(username, password);

  it('[RFC 8489 9.2.4] MESSAGE-INTEGRITY-SHA256 with a wrong password gets 401', () => {
    const request = bench.request({ USERNAME: username }, { key: keyOf(username, 'wrong'), hash: 'sha256' });
    expect(bench.outcome(request)).toBe('401');
  });

  it('[RFC 8489 14.6] a MESSAGE-INTEGRITY-SHA256 that was cut gets 401: TURN has no use for it', () => {
    const request = bench.request({ USERNAME: username }, { key, hash: 'sha256' });
    expect(bench.outcome(withCutIntegrity(request, key, 32))).toBe(tid);
    expect(bench.outcome(withCutIntegrity(request, key, 28))).toBe('401');
    expect(bench.outcome(withCutIntegrity(request, key, 16))).toBe('401');
  });

  it('[RFC 8489 9.2.4] a stale nonce gets 438, with a wrong password 401', () => {
    const stale = { USERNAME: username, NONCE: 'stale' };
    expect(bench.outcome(bench.request(stale, { key, hash: 'sha256' }))).toBe('438');
    expect(bench.outcome(bench.request(stale, { key: keyOf(username, 'wrong'), hash: 'sha256' }))).toBe('401');
  });
});

describe('USERHASH', () => {
  it('[RFC 8489 9.2.4] of a name of X.5.2 is answered once the credential was used here, not before', () => {
    const bench = new AuthenticationBench();
    const { username, password, tid } = credential();
    const key = keyOf(username, password);
    const hashed = (): string => bench.outcome(bench.request({ USERHASH: userHash(username, testRealm) }, { key }));
    expect(hashed()).toBe('401');
    expect(bench.outcome(bench.request({ USERNAME: username }, { key }))).toBe(tid);
    expect(hashed()).toBe(tid);
  });

  it('[RFC 8489 9.2] is not asked for while names of X.5.2 are served: nobody could find those', () => {
    expect(new AuthenticationBench().challenge().get(attributeType.NONCE)?.toString()).toMatch(/^obMatJos2AAAB/);
  });

  it.each([
    { fault: 'USERNAME beside it', parts: { USERNAME: 'alice', USERHASH: Buffer.alloc(32) } },
    { fault: '31 octets', parts: { USERHASH: Buffer.alloc(31) } },
  ])('[RFC 8489 14.4] with $fault gets 400', ({ parts }) => {
    const bench = new AuthenticationBench();
    expect(bench.outcome(bench.request(parts, { key: Buffer.from('x') }))).toBe('400');
  });

  it('[RFC 8489 9.2.4] that nobody has gets 401', () => {
    const bench = new AuthenticationBench();
    expect(bench.outcome(bench.request({ USERHASH: Buffer.alloc(32) }, { key: Buffer.from('x') }))).toBe('401');
  });
});

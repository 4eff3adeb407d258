import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { hex, octets } from '../test/octets.ts';
import { amf, milenage, rand } from '../test/subscriber.ts';
import { type AkaDigestAlgorithm, akaDigestAnswer, akaDigestPassword, findAkaDigestAlgorithm } from './aka-digest.ts';
import { authenticate } from './authenticate.ts';
import { createAuthenticationVector } from './authentication-vector.ts';
import { createSequenceState } from './sequence-state.ts';

const { res, ck, ik } = milenage.f2345(rand);
const nonce = 'I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=';

/** Digest with qop auth (RFC 7616 3.4.1), from nothing but the hash; method '' gives rspauth. */
function digest(algorithm: AkaDigestAlgorithm, method: string): { readonly ha1: string; readonly response: string } {
  const password = akaDigestPassword(algorithm, { res, ck, ik });
  const h = algorithm === 'AKAv2-SHA-256' ? sha256 : md5;
  const secret = typeof password === 'string' ? utf8ToBytes(password) : password;
  const ha1 = hex(h(concatBytes(utf8ToBytes('user1_private@home1.net:home1.net:'), secret)));
  const ha2 = hex(h(utf8ToBytes(`${method}:sip:home1.net`)));
  return { ha1, response: hex(h(utf8ToBytes(`${ha1}:${nonce}:00000001:0a4f113b:auth:${ha2}`))) };
}

describe('the password', () => {
  it('[RFC 3310 3.3] of AKAv1 is RES as octets', () => {
    expect(akaDigestPassword('AKAv1-MD5', { res, ck, ik })).toEqual(octets('a54211d5e3ba50bf'));
  });

  it.each([
    { algorithm: 'AKAv2-MD5', password: 'shzt3q8CWaZnCAWqs3WmEQ==' },
    { algorithm: 'AKAv2-SHA-256', password: 'wpC+5dv/7kC35JEI2hluv8XcBd+vf8XcfedJBan1buk=' },
  ] as const)('[RFC 4169 3] of $algorithm', ({ algorithm, password }) => {
    expect(akaDigestPassword(algorithm, { res, ck, ik })).toBe(password);
  });

  it.each([
    { what: 'a short RES', session: { res: new Uint8Array(3), ck, ik }, name: 'RES' },
    { what: 'a long RES', session: { res: new Uint8Array(17), ck, ik }, name: 'RES' },
    { what: 'a short CK', session: { res, ck: new Uint8Array(15), ik }, name: 'CK' },
    { what: 'a long IK', session: { res, ck, ik: new Uint8Array(17) }, name: 'IK' },
  ])('is not made of $what', ({ session, name }) => {
    expect(() => akaDigestPassword('AKAv2-SHA-256', session)).toThrow(TypeError);
    expect(() => akaDigestPassword('AKAv2-SHA-256', session)).toThrow(new RegExp(`^${name}: expected`, 'u'));
  });
});

describe('the digest of set 1', () => {
  it.each([
    { algorithm: 'AKAv1-MD5', response: 'd631c17126f6ad3a5984ced4459958df' },
    { algorithm: 'AKAv2-MD5', response: '9e134df9490c2cff01853e49a32aa59c' },
    {
      algorithm: 'AKAv2-SHA-256',
      response: '0bf78effba6ba081a201ce2455a0ab7268a767d290d43deccfa55518cd8c0558',
    },
  ] as const)('[TS 33.203 X.2.3] response by $algorithm', ({ algorithm, response }) => {
    expect(digest(algorithm, 'REGISTER').response).toBe(response);
  });

  it('[TS 33.203 X.2.3] HA1 and rspauth by AKAv2-SHA-256', () => {
    const { ha1, response } = digest('AKAv2-SHA-256', '');
    expect(ha1).toBe('dbf0d75a11339ad0a602a65ac962759f56bf56734d8aa31c5a30e540f8072130');
    expect(response).toBe('faa4a68aa29a846f0e1912281957ba26dbd5a503430d4f6732fda8f960eb7bb7');
  });
});

describe('the answer to a challenge', () => {
  const vector = createAuthenticationVector({ milenage, amf, sqn: 32, rand });
  const state = createSequenceState();

  it.each(['AKAv1-MD5', 'AKAv2-MD5', 'AKAv2-SHA-256'] as const)('[RFC 3310 3.3] is the password of %s', (name) => {
    const { result } = authenticate({ milenage, state, rand, autn: vector.autn });
    const expected = akaDigestPassword(name, { ...vector, res: vector.xres });
    expect(akaDigestAnswer(name, result)).toEqual({ password: expected });
  });

  it('[RFC 3310 3.4] is auts beside an empty password where the number is not fresh', () => {
    const used = createSequenceState(0xff9bb4d0b607 - 7);
    const { autn } = createAuthenticationVector({ milenage, amf, sqn: 0xff9bb4d0b607, rand });
    const { result } = authenticate({ milenage, state: used, rand, autn });
    const answer = akaDigestAnswer('AKAv2-SHA-256', result);
    expect(answer?.password).toBe('');
    expect(answer?.auts).toMatch(/^[A-Za-z0-9+/]{19}=$/u);
  });

  it("[RFC 3310 3.4] is none where AUTN is not the network's", () => {
    const { result } = authenticate({ milenage, state, rand, autn: new Uint8Array(16) });
    expect(akaDigestAnswer('AKAv2-SHA-256', result)).toBeUndefined();
  });
});

it.each([
  { name: 'AKAv1-MD5', algorithm: 'AKAv1-MD5' },
  { name: 'akav2-md5', algorithm: 'AKAv2-MD5' },
  { name: 'AKAV2-SHA-256', algorithm: 'AKAv2-SHA-256' },
  { name: 'MD5', algorithm: undefined },
  { name: 'AKAv2-SHA-512', algorithm: undefined },
  { name: 'AKAv1-MD5 ', algorithm: undefined },
  { name: 'constructor', algorithm: undefined },
])('[RFC 4169 3] algorithm "$name" is $algorithm', ({ name, algorithm }) => {
  expect(findAkaDigestAlgorithm(name)).toBe(algorithm);
});

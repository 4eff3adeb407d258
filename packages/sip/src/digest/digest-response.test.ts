import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { noBody } from '../messages/message.ts';
import { type DigestHash, findDigestAlgorithm } from './digest-algorithm.ts';
import { createHa1, type DigestInput, digestResponse, hashUsername, isSameDigest } from './digest-response.ts';

interface Vector {
  readonly source: string;
  readonly algorithm: string;
  readonly username: string;
  readonly realm: string;
  readonly password: string | Uint8Array;
  readonly input: Partial<DigestInput>;
  readonly response: string;
}

const http = { method: 'GET', uri: '/dir/index.html', nonceCount: 1, qop: 'auth' };
const mufasa = { username: 'Mufasa', realm: 'http-auth@example.org', password: 'Circle of Life' };
const rfc7616 = {
  ...http,
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};
const ims = { username: 'user1_private@home1.net', realm: 'home1.net' };
const register = {
  method: 'REGISTER',
  uri: 'sip:home1.net',
  nonce: 'I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=',
  nonceCount: 1,
  cnonce: '0a4f113b',
  qop: 'auth',
};

const vectors: readonly Vector[] = [
  {
    source: 'RFC 2617 3.5',
    algorithm: 'MD5',
    username: 'Mufasa',
    realm: 'testrealm@host.com',
    password: 'Circle Of Life',
    input: { ...http, nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', cnonce: '0a4f113b' },
    response: '6629fae49393a05397450978507c4ef1',
  },
  {
    source: 'RFC 2069 2.4 as corrected by its errata: no qop',
    algorithm: 'MD5',
    username: 'Mufasa',
    realm: 'testrealm@host.com',
    password: 'CircleOfLife',
    input: { ...http, qop: undefined, nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' },
    response: '1949323746fe6a43ef61f9606e7febea',
  },
  {
    source: 'RFC 7616 3.9.1',
    algorithm: 'MD5',
    ...mufasa,
    input: rfc7616,
    response: '8ca523f5e9506fed4657c9700eebdbec',
  },
  {
    source: 'RFC 7616 3.9.1',
    algorithm: 'SHA-256',
    ...mufasa,
    input: rfc7616,
    response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  },
  {
    source: 'RFC 3310 3.3 with TS 35.208 set 1: the password is RES',
    algorithm: 'AKAv1-MD5',
    ...ims,
    password: hexToBytes('a54211d5e3ba50bf'),
    input: register,
    response: 'd631c17126f6ad3a5984ced4459958df',
  },
  {
    source: 'RFC 4169 3 with TS 35.208 set 1',
    algorithm: 'AKAv2-MD5',
    ...ims,
    password: 'shzt3q8CWaZnCAWqs3WmEQ==',
    input: register,
    response: '9e134df9490c2cff01853e49a32aa59c',
  },
  {
    source: 'TS 33.203 X.2 with TS 35.208 set 1',
    algorithm: 'AKAv2-SHA-256',
    ...ims,
    password: 'wpC+5dv/7kC35JEI2hluv8XcBd+vf8XcfedJBan1buk=',
    input: register,
    response: '0bf78effba6ba081a201ce2455a0ab7268a767d290d43deccfa55518cd8c0558',
  },
  {
    source: 'TS 33.203 X.2 with TS 35.208 set 1, rspauth of RFC 7616 3.5',
    algorithm: 'AKAv2-SHA-256',
    ...ims,
    password: 'wpC+5dv/7kC35JEI2hluv8XcBd+vf8XcfedJBan1buk=',
    input: { ...register, method: '' },
    response: 'faa4a68aa29a846f0e1912281957ba26dbd5a503430d4f6732fda8f960eb7bb7',
  },
];

describe('the response', () => {
  it.each(vectors)(
    '[RFC 7616 3.4.1] is that of $source, $algorithm',
    ({ algorithm: name, input, response, ...user }) => {
      const algorithm = findDigestAlgorithm(name) ?? expect.unreachable();
      const ha1 = createHa1(algorithm.hash, user);
      const whole = { ...register, cnonce: undefined, body: noBody, ...input };
      expect(digestResponse({ ...whole, algorithm, ha1 })).toBe(response);
    },
  );

  it('[RFC 7616 3.4.2] of a session hashes HA1 with nonce and cnonce first', () => {
    const algorithm = findDigestAlgorithm('MD5-sess') ?? expect.unreachable();
    const ha1 = createHa1('MD5', mufasa);
    const session = createHa1('MD5', { username: ha1, realm: rfc7616.nonce, password: rfc7616.cnonce });
    const plain = { ...rfc7616, algorithm: { ...algorithm, session: false }, ha1: session, body: noBody };
    expect(digestResponse({ ...rfc7616, algorithm, ha1, body: noBody })).toBe(digestResponse(plain));
  });

  it('[RFC 7616 3.4.3] covers the body with auth-int only', () => {
    const algorithm = findDigestAlgorithm('SHA-256') ?? expect.unreachable();
    const answer = (qop: string, body: string): string =>
      digestResponse({ ...rfc7616, algorithm, ha1: 'aa', qop, body: encodeUtf8(body) });
    expect(answer('auth', 'a')).toBe(answer('auth', 'b'));
    expect(answer('auth-int', 'a')).not.toBe(answer('auth-int', 'b'));
    expect(answer('auth-int', 'a')).not.toBe(answer('auth', 'a'));
  });
});

describe('user names', () => {
  it('[RFC 7616 3.4.4] are hashed with the realm; the figure of 3.9.2 is SHA-512 cut short, this is SHA-512/256', () => {
    expect(hashUsername('SHA-512-256', 'Jäsøn Doe', 'api@example.org')).toBe(
      '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
    );
  });

  it.each<DigestHash>(['MD5', 'SHA-256', 'SHA-512-256'])('[RFC 7616 4] are one in both normal forms, %s', (hash) => {
    const [composed, decomposed] = ['Jäsøn Doe'.normalize('NFC'), 'Jäsøn Doe'.normalize('NFD')];
    expect(composed).not.toBe(decomposed);
    expect(hashUsername(hash, decomposed, 'r')).toBe(hashUsername(hash, composed, 'r'));
    const ha1 = createHa1(hash, { username: composed, realm: 'r', password: 'é'.normalize('NFC') });
    expect(createHa1(hash, { username: decomposed, realm: 'r', password: 'é'.normalize('NFD') })).toBe(ha1);
  });
});

describe('isSameDigest', () => {
  it.each([
    { left: '00ff', right: '00FF', isSame: true },
    { left: '00ff', right: '00fe', isSame: false },
    { left: '00ff', right: '00ff0', isSame: false },
    { left: '', right: '', isSame: true },
  ])('[RFC 7616 3.4] compares $left with $right', ({ left, right, isSame }) => {
    expect(isSameDigest(left, right)).toBe(isSame);
  });
});

describe('algorithms', () => {
  it.each(['SHA-512-256', 'sha-256', 'MD5', 'md5-SESS', 'AKAv1-MD5', 'AKAv2-SHA-256', undefined])(
    '[RFC 8760 2.1] %s is known',
    (name) => {
      expect(findDigestAlgorithm(name)).toBeDefined();
    },
  );

  it.each(['SHA-1', 'SHA-512', 'MD5 ', '', 'AKAv3-MD5', 'constructor'])('[RFC 8760 2.1] %s is not', (name) => {
    expect(findDigestAlgorithm(name)).toBeUndefined();
  });
});

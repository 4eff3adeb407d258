import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { parseDigestCredentials } from '../headers/authorization-digest.ts';
import type { SipRequest } from '../messages/message.ts';
import { createHa1 } from './digest-response.ts';
import {
  alice,
  challenge,
  createClient,
  digest,
  refusal,
  requestOf,
  responseOf,
  sentIn,
} from './testing/digest-peers.ts';

const codeOf = (code: string): object => expect.objectContaining({ code });

const register = requestOf('REGISTER');

describe('which challenge is answered', () => {
  it.each([
    { order: 'strongest first', names: ['SHA-512-256', 'SHA-256', 'MD5'], answered: 'SHA-512-256' },
    { order: 'MD5 prepended', names: ['MD5', 'SHA-256'], answered: 'SHA-256' },
    { order: 'an unknown one on top', names: ['SHA-3', 'SHA-256', 'MD5'], answered: 'SHA-256' },
    { order: 'equal ones: the topmost', names: ['SHA-256-sess', 'SHA-256'], answered: 'SHA-256-sess' },
    { order: 'MD5 alone', names: ['MD5'], answered: 'MD5' },
  ])('[RFC 8760 2.4] $order', ({ names, answered }) => {
    const fields = names.map((name, at) => digest(name, `n${at}`));
    expect(sentIn(createClient().retry(register, refusal(...fields))).algorithm).toBe(answered);
  });

  it('[RFC 8760 2.4] is the strongest in one header field too (RFC 7235 4.1)', () => {
    const [, md5] = digest('MD5', 'a');
    const [, sha] = digest('SHA-256', 'b');
    const request = createClient().retry(register, refusal(['WWW-Authenticate', `${md5}, ${sha}`]));
    expect(sentIn(request).algorithm).toBe('SHA-256');
  });

  it('[RFC 7616 3.3] is the one that can be read', () => {
    const request = createClient().retry(register, refusal(challenge('realm="x"'), digest('MD5', 'a')));
    expect(sentIn(request).nonce).toBe('a');
  });

  it('[RFC 7616 3.4] is the one that HA1 is known for', () => {
    const ha1 = { MD5: createHa1('MD5', { ...alice, realm: 'ims.example' }) };
    const client = createClient({ findUser: () => ({ username: 'alice', ha1 }) });
    const request = client.retry(register, refusal(digest('SHA-256', 'a'), digest('MD5', 'b')));
    expect(sentIn(request).algorithm).toBe('MD5');
  });

  it('[RFC 3310 3.3] is that of AKA where the user has AKA; the password is RES', () => {
    const aka = () => ({ password: hexToBytes('a54211d5e3ba50bf') });
    const client = createClient({ findUser: () => ({ ...alice, aka }) });
    const request = client.retry(register, refusal(digest('SHA-512-256', 'a'), digest('AKAv1-MD5', 'b')));
    expect(sentIn(request)).toMatchObject({ algorithm: 'AKAv1-MD5', nonce: 'b' });
    expect(
      sentIn(createClient().retry(register, refusal(digest('SHA-256', 'a'), digest('AKAv1-MD5', 'b')))),
    ).toMatchObject({
      algorithm: 'SHA-256',
    });
  });

  it('[RFC 3310 3.4] sends auts with an empty password, and answers the challenge that follows', () => {
    const answers = [{ password: '', auts: 'AAAA' }, { password: hexToBytes('00') }, { password: hexToBytes('01') }];
    const client = createClient({ findUser: () => ({ username: 'alice', aka: () => answers.shift() }) });
    const first = client.retry(register, refusal(digest('AKAv1-MD5', 'a')));
    expect(sentIn(first).params.get('auts')).toBe('AAAA');
    const second = client.retry(first, refusal(digest('AKAv1-MD5', 'b')));
    expect(sentIn(second)).toMatchObject({ nonce: 'b', params: new Map() });
    expect(() => client.retry(second, refusal(digest('AKAv1-MD5', 'c')))).toThrow(
      codeOf('ERR_SIP_CREDENTIALS_REJECTED'),
    );
  });

  it('[RFC 3310 3.4] synchronises once after a renewal too, and only once', () => {
    const answers = [{ password: 'one' }, { password: '', auts: 'AAAA' }, { password: 'two' }, { password: 'three' }];
    const client = createClient({ findUser: () => ({ username: 'alice', aka: () => answers.shift() }) });
    const challenged = (request: SipRequest, nonce: string): SipRequest =>
      client.retry(request, refusal(digest('AKAv2-SHA-256', nonce)));
    challenged(register, 'a');
    const renewed = challenged(client.authorize(requestOf('REGISTER', { cseq: 3 })), 'b');
    expect(sentIn(renewed).params.get('auts')).toBe('AAAA');
    const last = challenged(renewed, 'c');
    expect(sentIn(last)).toMatchObject({ nonce: 'c', nonceCount: 1, params: new Map() });
    expect(() => challenged(last, 'd')).toThrow(codeOf('ERR_SIP_CREDENTIALS_REJECTED'));
  });

  it('[RFC 3310 3.4] a second AUTS in a row is the end', () => {
    const aka = () => ({ password: '', auts: 'AAAA' });
    const client = createClient({ findUser: () => ({ username: 'alice', aka }) });
    const first = client.retry(register, refusal(digest('AKAv1-MD5', 'a')));
    const second = client.retry(first, refusal(digest('AKAv1-MD5', 'b')));
    expect(() => client.retry(second, refusal(digest('AKAv1-MD5', 'c', 'stale=true')))).toThrow(
      codeOf('ERR_SIP_CREDENTIALS_REJECTED'),
    );
  });

  it.each([
    { fault: 'no challenge', fields: [], code: 'ERR_SIP_CHALLENGE_UNSUPPORTED' },
    { fault: 'an unknown algorithm only', fields: [digest('SHA-3', 'a')], code: 'ERR_SIP_CHALLENGE_UNSUPPORTED' },
    {
      fault: 'an unknown qop only',
      fields: [challenge('realm="r"', 'nonce="a"', 'qop="token"')],
      code: 'ERR_SIP_CHALLENGE_UNSUPPORTED',
    },
    {
      fault: 'Bearer only',
      fields: [['WWW-Authenticate', 'Bearer scope="s"']] as const,
      code: 'ERR_SIP_CHALLENGE_UNSUPPORTED',
    },
    { fault: 'AKA without a USIM', fields: [digest('AKAv2-SHA-256', 'a')], code: 'ERR_SIP_CHALLENGE_UNSUPPORTED' },
    { fault: 'a challenge without nonce', fields: [challenge('realm="r"')], code: 'ERR_SIP_HEADER_MALFORMED' },
    {
      fault: 'the realm twice',
      fields: [challenge('realm="r"', 'realm="s"', 'nonce="a"')],
      code: 'ERR_SIP_HEADER_MALFORMED',
    },
    {
      fault: '33 challenges',
      fields: Array.from({ length: 33 }, (_, at) => digest('MD5', `${at}`)),
      code: 'ERR_SIP_MESSAGE_TOO_LARGE',
    },
  ])('[RFC 3261 22.2] is none: $fault', ({ fields, code }) => {
    expect(() => createClient().retry(register, refusal(...fields))).toThrow(codeOf(code));
  });

  it('[RFC 3261 22.2] is none where there is no user for the realm', () => {
    const client = createClient({
      findUser: (realm, asker) => (realm === 'b' && asker === 'server' ? alice : undefined),
    });
    expect(() => client.retry(register, refusal(digest('MD5', 'a')))).toThrow(codeOf('ERR_SIP_CHALLENGE_UNSUPPORTED'));
    expect(() =>
      client.retry(register, responseOf(407, [['Proxy-Authenticate', 'Digest realm="b",nonce="x"']])),
    ).toThrow(codeOf('ERR_SIP_CHALLENGE_UNSUPPORTED'));
    expect(sentIn(client.retry(register, refusal(challenge('realm="b"', 'nonce="x"')))).realm).toBe('b');
  });

  it('[RFC 8760 2.4] is none that is weaker than the user wants', () => {
    const client = createClient({ minimumHash: 'SHA-256' });
    expect(() => client.retry(register, refusal(digest('MD5', 'a')))).toThrow(codeOf('ERR_SIP_CHALLENGE_UNSUPPORTED'));
    expect(sentIn(client.retry(register, refusal(digest('MD5', 'a'), digest('SHA-256', 'b')))).nonce).toBe('b');
  });

  it('[RFC 3261 22.2] is asked for with 401 and 407 only', () => {
    expect(() => createClient().retry(register, responseOf(403))).toThrow(TypeError);
  });
});

describe('a weaker challenge', () => {
  it.each([
    { later: 'MD5 after SHA-256', first: digest('SHA-256', 'a'), next: digest('MD5', 'b', 'stale=true') },
    {
      later: 'SHA-256 after SHA-512-256',
      first: digest('SHA-512-256', 'a'),
      next: digest('SHA-256', 'b', 'stale=true'),
    },
    {
      later: 'no qop after qop',
      first: digest('MD5', 'a'),
      next: challenge('realm="ims.example"', 'nonce="b"', 'stale=true'),
    },
  ])('[RFC 7616 5.8] is refused: $later', ({ first, next }) => {
    const client = createClient();
    const request = client.retry(register, refusal(first));
    expect(() => client.retry(request, refusal(next))).toThrow(codeOf('ERR_SIP_DOWNGRADE_REFUSED'));
    // And in a call of its own, much later.
    expect(() => client.retry(requestOf('INVITE', { callId: 'other' }), refusal(next))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_DOWNGRADE_REFUSED', realm: 'ims.example' }),
    );
  });

  it('[RFC 7616 5.8] is refused beside another realm that could be answered', () => {
    const client = createClient();
    client.retry(register, refusal(digest('SHA-256', 'a')));
    const fields = [challenge('realm="other"', 'nonce="x"'), digest('MD5', 'b')];
    expect(() => client.retry(requestOf('INVITE'), refusal(...fields))).toThrow(codeOf('ERR_SIP_DOWNGRADE_REFUSED'));
  });

  it.each([
    { who: 'a proxy', first: 'WWW-Authenticate', next: 'Proxy-Authenticate', codes: [401, 407] },
    { who: 'a server', first: 'Proxy-Authenticate', next: 'WWW-Authenticate', codes: [407, 401] },
  ] as const)('[RFC 7616 5.8] is refused of $who that uses the same realm', ({ first, next, codes }) => {
    const client = createClient();
    const [, sha] = digest('SHA-256', 'a');
    const [, md5] = digest('MD5', 'b');
    client.retry(register, responseOf(codes[0], [[first, sha]]));
    const weaker = responseOf(codes[1], [[next, md5]]);
    expect(() => client.retry(register, weaker)).toThrow(codeOf('ERR_SIP_DOWNGRADE_REFUSED'));
    expect(() => client.retry(register, responseOf(codes[1], [[next, sha]]))).not.toThrow();
  });

  it('[RFC 7616 5.8] is answered in another realm, and once the user has it forgotten', () => {
    const client = createClient();
    client.retry(register, refusal(digest('SHA-256', 'a')));
    const other = client.retry(register, refusal(challenge('realm="other"', 'nonce="x"')));
    expect(other.headers.all('Authorization').map((value) => parseDigestCredentials(value).realm)).toEqual([
      'ims.example',
      'other',
    ]);
    for (const realm of ['ims.example', 'other']) client.forget(realm);
    expect(sentIn(client.retry(register, refusal(digest('MD5', 'b')))).algorithm).toBe('MD5');
  });
});

it('[RFC 3261 22.2] whatever the challenge: a SipError or an answer to it', () => {
  const text = digest('SHA-256', 'abc', 'opaque="x"', 'userhash=true')[1];
  const noise = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom(',', '"', '\\', '=', ' Digest '));
  fc.assert(
    fc.property(fc.nat(text.length), noise, fc.nat(2), (at, extra, cut) => {
      const value = (text.slice(0, at) + extra + text.slice(at + cut)).replaceAll(/[\r\n\0]/gu, '');
      try {
        const request = createClient().retry(register, refusal(['WWW-Authenticate', value]));
        expect(sentIn(request).response).toMatch(/^[0-9a-f]{32,64}$/u);
      } catch (error) {
        expect(error).toBeInstanceOf(SipError);
      }
    }),
    { numRuns: 500 },
  );
});

import { describe, expect, it } from 'vitest';
import { parseDigestCredentials } from '../headers/authorization-digest.ts';
import type { SipRequest } from '../messages/message.ts';
import {
  alice,
  challenge,
  createClient,
  DigestPeer,
  digest,
  refusal,
  requestOf,
  responseOf,
  sentIn,
} from './testing/digest-peers.ts';

const codeOf = (code: string): object => expect.objectContaining({ code });

const register = requestOf('REGISTER');

describe('refused credentials', () => {
  it.each([
    { again: 'the same challenge', next: digest('MD5', 'a') },
    { again: 'the same nonce as stale', next: digest('MD5', 'a', 'stale=true') },
    { again: 'a new nonce that is not for a stale one', next: digest('MD5', 'b') },
    { again: 'a stronger algorithm later gone', next: digest('MD5', 'c') },
  ])('[RFC 3261 22.2] are not sent again: $again', ({ next }) => {
    const client = createClient();
    const request = client.retry(register, refusal(digest('MD5', 'a')));
    expect(() => client.retry(request, refusal(next))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_CREDENTIALS_REJECTED', realm: 'ims.example' }),
    );
    expect(client.authorize(register).headers.has('Authorization')).toBe(false);
    expect(() => client.retry(register, refusal(digest('MD5', 'z')))).toThrow(codeOf('ERR_SIP_CREDENTIALS_REJECTED'));
  });

  it('[RFC 3261 22.2] are replaced by others of the user, and tried again once forgotten', () => {
    let user = { ...alice, password: 'wrong' };
    const client = createClient({ findUser: () => user });
    const peer = new DigestPeer();
    const request = client.retry(register, peer.answer(register));
    expect(() => client.retry(request, peer.answer(request))).toThrow(codeOf('ERR_SIP_CREDENTIALS_REJECTED'));
    user = alice;
    const right = client.retry(register, peer.answer(register));
    expect(peer.answer(right).statusCode).toBe(200);
    client.forget('ims.example');
    expect(peer.answer(client.retry(register, peer.answer(register))).statusCode).toBe(200);
  });

  it('[RFC 7616 3.3] a stale nonce is replaced once without asking, and not for ever', () => {
    const client = createClient();
    const first = client.retry(register, refusal(digest('MD5', 'a')));
    const second = client.retry(first, refusal(digest('MD5', 'b', 'stale=TRUE')));
    expect(sentIn(second)).toMatchObject({ nonce: 'b', nonceCount: 1 });
    expect(() => client.retry(second, refusal(digest('MD5', 'c', 'stale=true')))).toThrow(
      codeOf('ERR_SIP_CREDENTIALS_REJECTED'),
    );
  });

  it('[RFC 7616 3.3] end a loop of stale nonces between requests under way at once', () => {
    const client = createClient();
    const calls = ['x', 'y', 'z'].map((callId) =>
      client.retry(requestOf('MESSAGE', { callId }), refusal(digest('MD5', callId))),
    );
    const run = (): void => {
      for (let nonce = 0; nonce < 200; nonce += 1) {
        const request = calls.shift();
        if (request) calls.push(client.retry(request, refusal(digest('MD5', `${nonce}`, 'stale=true'))));
      }
    };
    expect(run).toThrow(codeOf('ERR_SIP_CREDENTIALS_REJECTED'));
  });

  it('[RFC 7616 3.3] a nonce that was in use may expire without a word of stale', () => {
    const client = createClient();
    client.retry(register, refusal(digest('MD5', 'a')));
    const second = client.authorize(requestOf('REGISTER', { cseq: 3 }));
    const third = client.retry(second, refusal(digest('MD5', 'b')));
    expect(sentIn(third)).toMatchObject({ nonce: 'b', nonceCount: 1 });
    expect(() => client.retry(third, refusal(digest('MD5', 'c')))).toThrow(codeOf('ERR_SIP_CREDENTIALS_REJECTED'));
  });

  it('[RFC 7616 3.5] the next nonce after a stale one may be stale too', () => {
    const client = createClient();
    const first = client.retry(register, refusal(digest('MD5', 'a')));
    const second = client.retry(first, refusal(digest('MD5', 'b', 'stale=true')));
    client.confirm(second, responseOf(200, [['Authentication-Info', 'nextnonce="c"']]));
    const third = client.authorize(requestOf('REGISTER', { cseq: 4 }));
    expect(sentIn(third)).toMatchObject({ nonce: 'c', nonceCount: 1 });
    expect(sentIn(client.retry(third, refusal(digest('MD5', 'd', 'stale=true')))).nonce).toBe('d');
  });

  it.each([
    { algorithm: 'MD5', nonce: 'b', nonceCount: 1 },
    { algorithm: 'MD5-sess', nonce: 'a', nonceCount: 2 },
  ])('[RFC 7616 3.4.2] the next nonce is $nonce with $algorithm', ({ algorithm, nonce, nonceCount }) => {
    const client = createClient();
    const first = client.retry(register, refusal(digest(algorithm, 'a')));
    client.confirm(first, responseOf(200, [['Authentication-Info', 'nextnonce="b"']]));
    expect(sentIn(client.authorize(register))).toMatchObject({ nonce, nonceCount });
  });

  it('[RFC 3261 22.3] of one realm do not hinder another of the fork', () => {
    const client = createClient();
    const first = client.retry(register, refusal(challenge('realm="a"', 'nonce="1"')));
    const second = client.retry(
      first,
      refusal(challenge('realm="a"', 'nonce="2"'), challenge('realm="b"', 'nonce="3"')),
    );
    expect(second.headers.all('Authorization').map((value) => parseDigestCredentials(value).realm)).toEqual(['b']);
  });

  it('[TS 24.229 5.1.1.2] an empty response was none', () => {
    const value = 'Digest username="alice",realm="ims.example",nonce="",uri="sip:ims.example",response=""';
    const request = { ...register, headers: register.headers.with('Authorization', value) };
    const client = createClient();
    client.retry(request, refusal(digest('MD5', 'a')));
    const second = client.retry(request, refusal(digest('MD5', 'b')));
    expect(second.headers.count('Authorization')).toBe(1);
    expect(sentIn(second).nonce).toBe('b');
  });
});

describe('credentials before a challenge', () => {
  it('[RFC 3261 22.2] go to the host and into the call that asked, and nowhere else', () => {
    const client = createClient();
    client.retry(requestOf('REGISTER', { callId: 'r' }), refusal(digest('MD5', 'a')));
    const isAuthorized = (uri: string, callId: string): boolean =>
      client.authorize(requestOf('INVITE', { uri, callId })).headers.has('Authorization');
    expect(isAuthorized('sip:bob@IMS.example;transport=tcp', 'new')).toBe(true);
    expect(isAuthorized('sip:192.0.2.1:5070', 'r')).toBe(true);
    expect(isAuthorized('sip:mallory@elsewhere.example', 'new')).toBe(false);
    expect(isAuthorized('tel:+15551234', 'new')).toBe(false);
    expect(isAuthorized('no uri', 'new')).toBe(false);
  });

  it('[RFC 3261 22.3] go to proxies with every request', () => {
    const client = createClient();
    client.retry(register, responseOf(407, [['Proxy-Authenticate', 'Digest realm="p",nonce="a"']]));
    const request = client.authorize(requestOf('INVITE', { uri: 'tel:+15551234', callId: 'new' }));
    expect(request.headers.count('Proxy-Authorization')).toBe(1);
  });

  it.each(['ACK', 'CANCEL'])('[RFC 3261 22.1] do not go with %s', (method) => {
    const client = createClient();
    client.retry(requestOf('INVITE'), refusal(digest('MD5', 'a')));
    const request = requestOf(method);
    expect(client.authorize(request)).toBe(request);
  });

  it('[RFC 7616 3.4] count the nonce, replace what was there and leave other credentials alone', () => {
    const client = createClient();
    const bearer = { ...register, headers: register.headers.with('Authorization', 'Bearer abc') };
    const first = client.retry(bearer, refusal(digest('MD5', 'a')));
    const second = client.authorize(first);
    expect(second.headers.all('Authorization')).toEqual(['Bearer abc', expect.stringContaining('nc=00000002')]);
  });

  it('[RFC 3261 22.1] are bounded: no more realms than 2', () => {
    const client = createClient({ maxRealms: 2 });
    for (const realm of ['a', 'b']) client.retry(register, refusal(challenge(`realm="${realm}"`, 'nonce="x"')));
    const third = refusal(challenge('realm="c"', 'nonce="x"'));
    expect(() => client.retry(register, third)).toThrow(codeOf('ERR_SIP_TOO_MANY_REALMS'));
    client.forget('a');
    expect(client.retry(register, third).headers.count('Authorization')).toBe(2);
  });

  it('[RFC 3261 22.1] go to 32 places of a realm at most', () => {
    const client = createClient();
    const call = (at: number): SipRequest => requestOf('INVITE', { uri: `sip:h${at}.example`, callId: `c${at}` });
    for (let at = 0; at < 20; at += 1) client.retry(call(at), refusal(digest('MD5', `n${at}`)));
    expect(client.authorize(call(0)).headers.has('Authorization')).toBe(false);
    expect(client.authorize(call(19)).headers.has('Authorization')).toBe(true);
  });

  it('[RFC 3261 8.1.1.7] leave without the Via of the challenged request', () => {
    const request = { ...register, headers: register.headers.prepend('Via', 'SIP/2.0/TCP a;branch=z9hG4bK1') };
    expect(
      createClient()
        .retry(request, refusal(digest('MD5', 'a')))
        .headers.has('Via'),
    ).toBe(false);
  });
});

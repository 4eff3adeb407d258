import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import {
  type DigestCredentials,
  formatDigestCredentials,
  parseDigestCredentials,
} from '../headers/authorization-digest.ts';
import type { SipRequest } from '../messages/message.ts';
import { findDigestAlgorithm } from './digest-algorithm.ts';
import { createHa1, digestResponse, isSameDigest } from './digest-response.ts';
import { DigestServer, type DigestServerOptions } from './digest-server.ts';
import {
  alice,
  createClient,
  createRandom,
  DigestPeer,
  lifetimeMs,
  requestOf,
  responseOf,
  sentIn,
} from './testing/digest-peers.ts';

type Change = (credentials: DigestCredentials) => Partial<DigestCredentials>;

/** A request with right credentials, for any peer made with the same options. */
function rightRequest(
  options: Partial<DigestServerOptions> = {},
  request: SipRequest = requestOf('REGISTER'),
): SipRequest {
  return createClient().retry(request, new DigestPeer(options).answer(request));
}

/** With other parameters; the response is made anew where `isSigned` says so. */
function changed(request: SipRequest, change: Change, isSigned = false): SipRequest {
  const credentials = { ...sentIn(request), ...change(sentIn(request)) };
  const { algorithm: name, realm } = credentials;
  const algorithm = findDigestAlgorithm(name) ?? expect.unreachable();
  const ha1 = createHa1(algorithm.hash, { ...alice, realm });
  const { method, body } = request;
  const response = isSigned ? digestResponse({ ...credentials, algorithm, ha1, method, body }) : credentials.response;
  return withCredentials(request, formatDigestCredentials({ ...credentials, response }));
}

const withCredentials = (request: SipRequest, ...values: readonly string[]): SipRequest => ({
  ...request,
  headers: values.reduce(
    (headers, value) => headers.with('Authorization', value),
    request.headers.without('Authorization'),
  ),
});
const textOf = (request: SipRequest): string => request.headers.first('Authorization') ?? '';
const flip = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1);

describe('what is refused', () => {
  const wrong = { kind: 'refused', reason: 'wrong response' };
  it.each<{ fault: string; change: Change; outcome: object }>([
    { fault: 'another response', change: ({ response }) => ({ response: flip(response) }), outcome: wrong },
    { fault: 'half a response', change: ({ response }) => ({ response: response.slice(32) }), outcome: wrong },
    { fault: 'an empty response', change: () => ({ response: '' }), outcome: wrong },
    { fault: 'another nonce', change: ({ nonce }) => ({ nonce: flip(nonce) }), outcome: wrong },
    { fault: 'another cnonce', change: ({ cnonce = '' }) => ({ cnonce: flip(cnonce) }), outcome: wrong },
    { fault: 'another count', change: () => ({ nonceCount: 2 }), outcome: wrong },
    {
      fault: 'an equal uri in another spelling',
      change: () => ({ uri: 'sip:IMS.example' }),
      outcome: wrong,
    },
    { fault: 'another uri', change: () => ({ uri: 'sip:x' }), outcome: { kind: 'refused', reason: 'another uri' } },
    { fault: 'no uri', change: () => ({ uri: '*' }), outcome: { kind: 'refused', reason: 'another uri' } },
    { fault: 'another realm', change: () => ({ realm: 'x' }), outcome: { kind: 'refused', reason: 'no credentials' } },
    {
      fault: 'another user',
      change: () => ({ username: 'bob' }),
      outcome: { kind: 'refused', reason: 'unknown user' },
    },
    {
      fault: 'an algorithm that was not offered',
      change: () => ({ algorithm: 'SHA-512-256' }),
      outcome: { kind: 'refused', reason: 'algorithm not offered' },
    },
    {
      fault: 'a session where none was offered',
      change: () => ({ algorithm: 'SHA-256-sess' }),
      outcome: { kind: 'refused', reason: 'algorithm not offered' },
    },
    { fault: 'another algorithm that was', change: () => ({ algorithm: undefined }), outcome: wrong },
    {
      fault: 'a qop that was not offered',
      change: () => ({ qop: 'auth-int' }),
      outcome: { kind: 'refused', reason: 'qop not offered' },
    },
    { fault: 'no qop', change: () => ({ qop: undefined }), outcome: { kind: 'refused', reason: 'qop not offered' } },
  ])('[RFC 3261 22.4] $fault', ({ change, outcome }) => {
    const request = rightRequest();
    expect(new DigestPeer().judge(request).kind).toBe('accepted');
    expect(new DigestPeer().judge(changed(request, change))).toEqual(outcome);
  });

  it.each([
    { fault: 'nothing', values: [], reason: 'no credentials' },
    { fault: 'Bearer', values: ['Bearer abc'], reason: 'no credentials' },
    { fault: 'Digest without parameters', values: ['Digest'], reason: 'malformed' },
    { fault: 'Digest without response', values: ['Digest username="alice",realm="ims.example"'], reason: 'malformed' },
    {
      fault: 'a parameter twice',
      values: [`${textOf(rightRequest())},nc=00000001`],
      reason: 'malformed',
    },
    {
      fault: 'two for our realm',
      values: [textOf(rightRequest()), textOf(rightRequest())],
      reason: 'several credentials',
    },
    {
      fault: 'a malformed one beside the right one',
      values: [textOf(rightRequest()), 'Digest realm="ims.example'],
      reason: 'malformed',
    },
    {
      fault: '17 credentials',
      values: Array.from({ length: 17 }, (_, at) => textOf(rightRequest({ realm: `r${at}` }))),
      reason: 'several credentials',
    },
  ])('[RFC 8760 2.3] $fault', ({ values, reason }) => {
    expect(new DigestPeer().judge(withCredentials(rightRequest(), ...values))).toEqual({ kind: 'refused', reason });
  });

  it('[RFC 3261 22.4] another method, Request-URI or, with auth-int, body', () => {
    const request = rightRequest({ qop: ['auth-int'] }, requestOf('MESSAGE', { body: encodeUtf8('a') }));
    const judge = (change: Partial<SipRequest>): object =>
      new DigestPeer({ qop: ['auth-int'] }).judge({ ...request, ...change });
    expect(judge({})).toMatchObject({ kind: 'accepted' });
    expect(judge({ method: 'INVITE' })).toEqual({ kind: 'refused', reason: 'wrong response' });
    expect(judge({ requestUri: 'sip:x' })).toEqual({ kind: 'refused', reason: 'another uri' });
    expect(judge({ body: encodeUtf8('b') })).toEqual({ kind: 'refused', reason: 'wrong response' });
  });

  it('[RFC 7616 5.2] an unknown user as a wrong password, to the last parameter', () => {
    const answerTo = (username: string): { kind: string; challenge: string } => {
      const peer = new DigestPeer();
      const request = changed(rightRequest(), () => ({ username, response: '0'.repeat(64) }));
      const response = peer.answer(request);
      const challenge = response.headers
        .all('WWW-Authenticate')
        .join()
        .replaceAll(/nonce="[^"]+"/gu, '');
      return { kind: peer.last?.kind ?? '', challenge };
    };
    expect(answerTo('nobody')).toEqual(answerTo('alice'));
  });

  it('[RFC 7616 3.4] credentials for the server at a proxy', () => {
    const proxy = new DigestPeer({ asker: 'proxy' });
    expect(proxy.judge(rightRequest())).toEqual({ kind: 'refused', reason: 'no credentials' });
    expect(proxy.server.statusCode).toBe(407);
    expect(proxy.server.challenge()[0]?.[0]).toBe('Proxy-Authenticate');
  });
});

describe('what is stale', () => {
  it('[RFC 7616 3.3] a right response with an expired nonce, and only a right one', () => {
    const request = rightRequest();
    const peer = new DigestPeer();
    peer.nowMs += lifetimeMs;
    expect(peer.judge(request)).toEqual({ kind: 'stale', reason: 'nonce expired' });
    expect(peer.judge(changed(request, ({ response }) => ({ response: flip(response) })))).toEqual({
      kind: 'refused',
      reason: 'wrong response',
    });
  });

  it.each<{ fault: string; change: Change }>([
    { fault: 'tampered with', change: ({ nonce }) => ({ nonce: flip(nonce) }) },
    { fault: 'never ours', change: () => ({ nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' }) },
    { fault: 'empty', change: () => ({ nonce: '' }) },
  ])('[TS 33.203 N.2.3] a right response with a nonce that is $fault', ({ change }) => {
    const request = changed(rightRequest(), change, true);
    expect(new DigestPeer().judge(request)).toEqual({ kind: 'stale', reason: 'nonce foreign' });
  });

  it('[RFC 7616 5.4] a nonce of another flow', () => {
    const peer = new DigestPeer();
    const challenge = responseOf(401, peer.server.challenge({ bound: 'flow 1' }));
    const request = createClient().retry(requestOf('REGISTER'), challenge);
    expect(peer.judge(request, 'flow 2')).toEqual({ kind: 'stale', reason: 'nonce foreign' });
    expect(peer.judge(request, 'flow 1').kind).toBe('accepted');
  });

  it('[RFC 7616 5.5] a request that was seen before; others of the window may overtake each other', () => {
    const peer = new DigestPeer();
    const request = rightRequest();
    const judge = (nonceCount: number): string => peer.judge(changed(request, () => ({ nonceCount }), true)).kind;
    expect([1, 1, 3, 2, 2, 3, 40, 9, 8, 39, 39, 0].map(judge)).toEqual([
      ...['accepted', 'stale', 'accepted', 'accepted', 'stale', 'stale'],
      ...['accepted', 'accepted', 'stale', 'accepted', 'stale', 'stale'],
    ]);
    expect(peer.last).toEqual({ kind: 'stale', reason: 'nonce count' });
  });

  it('[RFC 7616 5.5] a replay after its nonce was pushed out', () => {
    const peer = new DigestPeer({ maxNonces: 2 });
    const requests = Array.from({ length: 3 }, () => {
      peer.nowMs += 1;
      const request = createClient().retry(requestOf('REGISTER'), peer.answer(requestOf('REGISTER')));
      expect(peer.judge(request).kind).toBe('accepted');
      return request;
    });
    expect(requests.map((request) => peer.judge(request))).toEqual(
      requests.map(() => ({ kind: 'stale', reason: 'nonce count' })),
    );
  });
});

describe('what is accepted', () => {
  it('[RFC 7616 3.4.6] another uri where the server says it stands for the request', () => {
    const peer = new DigestPeer({ isSameTarget: (uri, { requestUri }) => uri === `${requestUri};lr` });
    expect(peer.judge(changed(rightRequest(), () => ({ uri: 'sip:ims.example;lr' }), true)).kind).toBe('accepted');
    expect(peer.judge(rightRequest())).toEqual({ kind: 'refused', reason: 'another uri' });
  });

  it('[RFC 3261 19.1.4] an equal URI in another spelling', () => {
    const request = changed(rightRequest(), () => ({ uri: 'sip:IMS.example' }), true);
    expect(new DigestPeer().judge(request).kind).toBe('accepted');
  });

  it('[RFC 7616 3.3] no algorithm for MD5', () => {
    const options = { algorithms: ['MD5'] };
    const request = changed(rightRequest(options), () => ({ algorithm: undefined }));
    expect(new DigestPeer(options).judge(request)).toMatchObject({ kind: 'accepted', username: 'alice' });
  });

  it.each([
    { algorithm: 'SHA-256', hasNext: true },
    { algorithm: 'SHA-256-sess', hasNext: false },
  ])('[RFC 7616 3.4.2] $algorithm, with a next nonce: $hasNext', ({ algorithm, hasNext }) => {
    const options = { algorithms: [algorithm] };
    const answer = new DigestPeer(options).answer(rightRequest(options), { nextNonce: true });
    expect(answer.headers.first('Authentication-Info')?.includes('nextnonce')).toBe(hasNext);
  });

  it('[RFC 7616 3] after a lookup that takes its time', async () => {
    const { server, realm } = new DigestPeer();
    const claim = server.read(rightRequest());
    if (claim.kind === 'refused') return expect.unreachable();
    const ha1 = await Promise.resolve(createHa1(claim.algorithm.hash, { ...alice, realm }));
    const outcome = server.verify(claim, ha1.toUpperCase());
    return expect(outcome).toMatchObject({ kind: 'accepted', username: 'alice', userhash: false, realm });
  });

  it('[RFC 7616 3] nothing but what was computed from the password, whatever a stranger changes', () => {
    const request = rightRequest();
    const original = parseDigestCredentials(textOf(request));
    const text = textOf(request);
    const noise = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('', ',', '"', '\\', '0', 'a', 'nc=00000002,'));
    fc.assert(
      fc.property(fc.nat(text.length), noise, fc.nat(2), (at, extra, cut) => {
        const value = (text.slice(0, at) + extra + text.slice(at + cut)).replaceAll(/[\r\n\0]/gu, '');
        const outcome = new DigestPeer().judge(withCredentials(request, value));
        if (outcome.kind !== 'accepted') return;
        const { algorithm, response, params, opaque, ...rest } = outcome.credentials;
        expect(rest).toEqual(expect.objectContaining({ username: original.username, realm: original.realm }));
        expect({ nonce: rest.nonce, uri: rest.uri, cnonce: rest.cnonce, qop: rest.qop, nc: rest.nonceCount }).toEqual({
          nonce: original.nonce,
          uri: original.uri,
          cnonce: original.cnonce,
          qop: original.qop,
          nc: original.nonceCount,
        });
        expect(isSameDigest(response, original.response)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a server is not made', () => {
  const options = { realm: 'r', nonces: new DigestPeer().nonces, random: createRandom() };
  it.each([{ algorithms: [] }, { algorithms: ['SHA-3'] }, { qop: [] }])('[RFC 8760 2.1] with %j', (change) => {
    expect(() => new DigestServer({ ...options, ...change })).toThrow(TypeError);
  });
});

import { createHmac, createPublicKey } from 'node:crypto';
import { parseAuthorization, type SipResponse } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { TokenChanges } from '../testing/waf-server.ts';
import type { WicClient } from '../testing/wic-client.ts';

const cred = '3gpp-ext-turn-cred';
let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
beforeEach(() => {
  edge.core.requests.length = 0;
  edge.core.answer = (request) => edge.core.answerWell(request);
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

function challengeOf(response: SipResponse): Readonly<Record<string, string>> {
  const challenges = response.headers.all('WWW-Authenticate');
  const bearer = challenges.map((value) => parseAuthorization(value)).find(({ scheme }) => scheme === 'Bearer');
  return Object.fromEntries(bearer?.params ?? []);
}

describe('a REGISTER that is refused', () => {
  const tokenFaults: readonly (readonly [fault: string, changes: TokenChanges])[] = [
    ['forged', { forged: true }],
    ['expired', { claims: { exp: 1_600_000_000 } }],
    ['without expiry', { claims: { exp: undefined } }],
    ['of another issuer', { claims: { iss: 'https://waf.evil.example' } }],
    ['for another audience', { claims: { aud: 'https://other.ims.example' } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['of the type of a statement about revocation', { header: { typ: 'revocation+jwt' } }],
    ['without type', { header: { typ: undefined } }],
    ['of an unknown key', { header: { kid: 'nobody' } }],
    ['without client', { claims: { client_id: undefined } }],
  ];

  it.each(tokenFaults)(
    '[X.3.2.3-4] [eP-CSCF 8] for a token %s: 401, invalid_token, close 1008',
    async (_fault, changes) => {
      const bob = await edge.connect('bob');
      const response = await bob.register(await edge.waf.issue('bob', changes), { headers: [[cred, '']] });
      expect(response.statusCode).toBe(401);
      expect(challengeOf(response)).toEqual({
        realm: 'ims.example',
        authz_server: edge.waf.issuer,
        scope: 'webrtc-ims-client-access-to-ims',
        error: 'invalid_token',
      });
      expect(response.headers.has(cred)).toBe(false);
      expect(await bob.closed).toBe(1_008);
      expect(edge.core.requests).toEqual([]);
    },
  );

  it('[X.3.2.3-4] logs the reason, not the token nor the identity', async () => {
    const bob = await edge.connect('bob');
    const token = await edge.waf.issue('bob', { claims: { exp: 1_600_000_000 } });
    await bob.register(token);
    await bob.closed;
    const line = edge.lines.findLast((text) => text.includes('register.refused')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', side: 'w2', reason: 'access token: expired' });
    for (const part of token.split('.')) expect(edge.lines.join('')).not.toContain(part);
  });

  const keyAsText = (): string => JSON.stringify(edge.waf.publicKey);
  const keyAsPem = (): string =>
    String(createPublicKey({ key: edge.waf.publicKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
  const hmac = (input: string, key: string): string => createHmac('sha256', key).update(input).digest('base64url');

  it.each([
    ['none, unsigned', 'none', () => ''],
    ['none, with a signature', 'none', () => 'AAAA'],
    ['None in another case', 'None', () => ''],
    ['HS256 with the public key as JWK', 'HS256', (input: string) => hmac(input, keyAsText())],
    ['HS256 with the public key as PEM', 'HS256', (input: string) => hmac(input, keyAsPem())],
    ['HS256 with an empty key', 'HS256', (input: string) => hmac(input, '')],
    ['RS256', 'RS256', () => 'AAAA'],
    ['ES256 with a signature of noughts', 'ES256', () => Buffer.alloc(64).toString('base64url')],
  ])('[RFC 8725 3.1] [eP-CSCF 8] for a token of algorithm %s: 401, close 1008', async (_what, alg, sign) => {
    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const payload = (await edge.waf.issue('bob')).split('.')[1] ?? '';
    const input = `${encode({ alg, typ: 'at+jwt', kid: edge.waf.publicKey.kid })}.${payload}`;
    const bob = await edge.connect('bob');
    const response = await bob.register(`${input}.${sign(input)}`);
    expect(response.statusCode).toBe(401);
    expect(await bob.closed).toBe(1_008);
    expect(edge.core.requests).toEqual([]);
  });

  it.each([
    ['the scope missing', { scope: 'openid' }],
    ['no scope at all', { scope: undefined }],
    ['a scope that only contains the word', { scope: 'not-webrtc-ims-client-access-to-ims' }],
    ['no IMPI', { impi: undefined }],
    ['an IMPI with a quote', { impi: 'bob"@ims.example' }],
    ['no IMPU', { impu: [] }],
    ['an IMPU that is no URI', { impu: ['bob'] }],
    ['an IMPU that is no list', { impu: 'sip:bob@ims.example' }],
  ])('[X.3.2.3-4] [eP-CSCF 8] for %s: 403, insufficient_scope, close 1008', async (_fault, claims) => {
    const bob = await edge.connect('bob');
    const response = await bob.register(await edge.waf.issue('bob', { claims }));
    expect(response.statusCode).toBe(403);
    expect(challengeOf(response)).toMatchObject({ realm: 'ims.example', error: 'insufficient_scope' });
    expect(await bob.closed).toBe(1_008);
    expect(edge.core.requests).toEqual([]);
  });

  it.each([
    ['without a token', 'Bearer'],
    ['with an empty token', 'Bearer access_token=""'],
    ['with characters that no token has', 'Bearer a,b'],
    ['with another parameter', 'Bearer token="abc"'],
  ])('[RFC 6750 3.1] for a Bearer header %s: 400, invalid_request, close 1008', async (_fault, authorization) => {
    const bob = await edge.connect('bob');
    const response = await bob.request('REGISTER', { headers: [['Authorization', authorization]] });
    expect(response.statusCode).toBe(400);
    expect(challengeOf(response)).toMatchObject({ realm: 'ims.example', error: 'invalid_request' });
    expect(await bob.closed).toBe(1_008);
    expect(edge.core.requests).toEqual([]);
  });

  it('[RFC 6750 2] for two Bearer headers: 400, close 1008', async () => {
    const bob = await edge.connect('bob');
    const token = await edge.waf.issue('bob');
    const response = await bob.register(token, { headers: [['Authorization', `Bearer ${token}`]] });
    expect(response.statusCode).toBe(400);
    expect(await bob.closed).toBe(1_008);
    expect(edge.core.requests).toEqual([]);
  });

  it.each([
    ['To', 'another identity of the same user', 'bob-2'],
    ['From', 'another identity of the same user', 'bob-2'],
    ['To', 'another user', 'carol'],
    ['From', 'another user', 'carol'],
  ] as const)('[REQ 2.4] [eP-CSCF 9] for %s that is %s: 403, close 1008', async (name, _whose, user) => {
    const bob = await edge.connect('bob');
    const value = name === 'To' ? `<sip:${user}@ims.example>` : `<sip:${user}@ims.example>;tag=1`;
    const response = await bob.register(await edge.waf.issue('bob'), { headers: [[name, value]] });
    expect([response.statusCode, response.reasonPhrase]).toEqual([403, 'Identity not granted']);
    expect(response.headers.has('WWW-Authenticate')).toBe(false);
    expect(await bob.closed).toBe(1_008);
    expect(edge.core.requests).toEqual([]);
  });

  it('[X.3.1 REQ 2.4] compares identities, not spellings', async () => {
    const bob = await edge.connect('bob');
    const response = await bob.register(await edge.waf.issue('bob'), {
      headers: [['To', '"Bob" <sip:%62ob@IMS.example:5060;user=phone>']],
    });
    expect(response.statusCode).toBe(200);
    await bob.close();
  });

  it('[O.4.3] for another IMPI on a bound connection: 403, close 1008', async () => {
    const bob = await edge.register('bob');
    edge.core.requests.length = 0;
    const token = await edge.waf.issue('bob', { claims: { impi: 'other@ims.example' } });
    const response = await bob.register(token);
    expect(response.statusCode).toBe(403);
    expect(await bob.closed).toBe(1_008);
    expect(edge.core.requests).toEqual([]);
  });

  it('[X.3.2.3-7] for another instance on a bound connection: 403, stays open', async () => {
    const bob = await edge.register('bob');
    edge.core.requests.length = 0;
    const headers = [['Contact', `${bob.contact};+sip.instance="<urn:uuid:2>";reg-id=1`]] as const;
    expect((await bob.register(await edge.waf.issue('bob'), { headers })).statusCode).toBe(403);
    expect(edge.core.requests).toEqual([]);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it.each([
    ['another domain', { requestUri: 'sip:other.example' }, 403],
    ['several contacts', { headers: [['Contact', '<sip:a@a.invalid>, <sip:b@b.invalid>']] }, 400],
    ['a reg-id that is no number', { headers: [['Contact', '<sip:a@a.invalid>;reg-id=x;+sip.instance="<a>"']] }, 400],
    ['a broken contact', { headers: [['Contact', '<sip:a@a.invalid']] }, 400],
    ['a proxy extension', { headers: [['Proxy-Require', 'sec-agree']] }, 420],
    ['no hop left', { headers: [['Max-Forwards', '0']] }, 483],
  ] as const)('[24.229 5.2.2] for %s: answered, stays open', async (_fault, parts, statusCode) => {
    const bob = await edge.connect('bob');
    const response = await bob.register(await edge.waf.issue('bob'), parts);
    expect(response.statusCode).toBe(statusCode);
    expect(edge.core.requests).toEqual([]);
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    await bob.close();
  });
});

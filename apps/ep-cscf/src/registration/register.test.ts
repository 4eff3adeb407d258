import { parseAuthorization, parseNameAddr, type SipRequest, type SipResponse } from '@wicgate/sip';
import { parseTurnCredentialHeader, turnPassword } from '@wicgate/turn-credentials';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge, turnSecret } from '../testing/edge.ts';
import type { TokenChanges } from '../testing/waf-server.ts';
import type { WicClient } from '../testing/wic-client.ts';

const cred = '3gpp-ext-turn-cred';
let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start({ EP_CSCF_TURN_REQUESTS_PER_MINUTE: '3' });
  carol = await edge.register('carol');
});
beforeEach(() => {
  edge.core.requests.length = 0;
  edge.core.answer = (request) => edge.core.answerWell(request);
});
afterEach(async () => {
  edge.waf.isDown = false;
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

/** The REGISTER that the core got from a user. */
function registerAtCore(name: string): Promise<SipRequest> {
  return edge.core.next(({ method, headers }) => method === 'REGISTER' && headers.first('To')?.includes(name) === true);
}

function challengeOf(response: SipResponse): Readonly<Record<string, string>> {
  const challenges = response.headers.all('WWW-Authenticate');
  const bearer = challenges.map((value) => parseAuthorization(value)).find(({ scheme }) => scheme === 'Bearer');
  return Object.fromEntries(bearer?.params ?? []);
}

describe('a REGISTER with a valid token', () => {
  it.each([
    ['RFC 8898', (token: string) => `Bearer ${token}`],
    ['TS 24.371 A.3.2', (token: string) => `Bearer access_token="${token}"`],
  ])('[X.3.2.3-3] is accepted in the spelling of %s', async (_source, spell) => {
    const bob = await edge.connect('bob');
    const authorization = spell(await edge.waf.issue('bob'));
    const response = await bob.request('REGISTER', { headers: [['Authorization', authorization]] });
    expect(response.statusCode).toBe(200);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[X.3.2.3-5.1] goes on as trusted node authentication; the token goes no further', async () => {
    const bob = await edge.connect('bob');
    const token = await edge.waf.issue('bob');
    await bob.register(token);
    const { headers } = await registerAtCore('bob');
    expect(headers.all('Authorization')).toEqual([
      'Digest username="bob@ims.example",realm="ims.example",uri="sip:ims.example",nonce="",response="",integrity-protected="auth-done"',
    ]);
    expect(headers.toString()).not.toContain(token.slice(-20));
    expect(edge.lines.join('')).not.toContain(token.slice(-20));
    expect(edge.lines.join('')).not.toContain('bob@ims.example');
    await bob.close();
  });

  it('[24.229 5.2.2.1] carries Path with ob, Require, P-Charging-Vector and P-Visited-Network-ID', async () => {
    const bob = await edge.register('bob');
    const { headers } = await registerAtCore('bob');
    expect(headers.all('Path')).toHaveLength(1);
    expect(headers.first('Path')).toMatch(
      new RegExp(`^<sip:[\\w-]+@127\\.0\\.0\\.1:${edge.mwPort};transport=tls;lr;ob>$`, 'u'),
    );
    expect(headers.all('Require')).toEqual(['path']);
    expect(headers.first('P-Charging-Vector')).toMatch(/^icid-value="[\w-]+";orig-ioi="Type 1ims\.example"$/u);
    expect(headers.first('P-Visited-Network-ID')).toBe('"ims.example"');
    expect(headers.first('Max-Forwards')).toBe('69');
    await bob.close();
  });

  it('[24.229 5.2.2.1] makes a new charging identity each time', async () => {
    const bob = await edge.register('bob');
    const first = (await registerAtCore('bob')).headers.first('P-Charging-Vector');
    edge.core.requests.length = 0;
    await bob.register(await edge.waf.issue('bob'));
    expect((await registerAtCore('bob')).headers.first('P-Charging-Vector')).not.toBe(first);
    await bob.close();
  });

  it('[RFC 5626 4.2] gets a Path without ob where the contact names no flow', async () => {
    const bob = await edge.connect('bob');
    await bob.register(await edge.waf.issue('bob'), { headers: [['Contact', bob.contact]] });
    expect((await registerAtCore('bob')).headers.first('Path')).toMatch(/;lr>$/u);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[24.229 5.2.2] is answered without charging data, with Service-Route and P-Associated-URI', async () => {
    const bob = await edge.connect('bob');
    const { headers } = await bob.register(await edge.waf.issue('bob'));
    expect([...headers].filter(({ key }) => key.startsWith('p-charging-'))).toEqual([]);
    expect(headers.all('P-Associated-URI')[0]).toBe('<sip:bob@ims.example>');
    expect(headers.has('Service-Route')).toBe(true);
    await bob.close();
  });

  it.each([
    ['integrity-protected', ['Authorization', 'Digest username="carol@ims.example",integrity-protected="auth-done"']],
    ['authorization-entity', ['Authorization', 'Digest username="carol@ims.example",authorization-entity="waf.evil"']],
    ['P-Asserted-Identity', ['P-Asserted-Identity', '<sip:carol@ims.example>']],
    ['P-Charging-Vector', ['P-Charging-Vector', 'icid-value=spoofed']],
    ['Path', ['Path', '<sip:evil.example;lr>']],
    ['Service-Route', ['Service-Route', '<sip:evil.example;lr>']],
    ['Route', ['Route', '<sip:evil.example;lr>']],
    ['P-Access-Network-Info', ['P-Access-Network-Info', '3GPP-NR-FDD;network-provided']],
  ] as const)('[design 4 rule 2] loses %s that the UE says', async (_what, [name, value]) => {
    const bob = await edge.connect('bob');
    const response = await bob.register(await edge.waf.issue('bob'), { headers: [[name, value]] });
    expect(response.statusCode).toBe(200);
    const text = (await registerAtCore('bob')).headers.toString();
    expect(text).not.toContain(value);
    expect(text).not.toContain('carol');
    await bob.close();
  });

  it('[RFC 6223 4.4] has its offer to keep the flow alive taken up', async () => {
    const bob = await edge.connect('bob');
    const via = 'SIP/2.0/WSS bob.invalid;branch=z9hG4bKkeep;keep';
    const { headers } = await bob.register(await edge.waf.issue('bob'), { headers: [['Via', via]] });
    expect(headers.first('Via')).toContain(';keep=20');
    await bob.close();
  });

  it('[X.5.2.2-4] is answered with a TURN credential where it asks, and only there', async () => {
    const bob = await edge.connect('bob');
    const silent = await bob.register(await edge.waf.issue('bob'));
    expect(silent.headers.has(cred)).toBe(false);
    const asked = await bob.register(await edge.waf.issue('bob'), { headers: [[cred, 'request']] });
    const credential = parseTurnCredentialHeader(asked.headers.first(cred) ?? '');
    expect(credential.password).toBe(turnPassword(new TextEncoder().encode(turnSecret), credential.username));
    expect(credential.expiresAtSeconds - Date.now() / 1_000).toBeGreaterThan(3_500);
    for (const request of edge.core.requests) expect(request.headers.has(cred)).toBe(false);
    await bob.close();
  });

  it("[X.3.2.3-5.2] names neither WAF nor WWSF where the WAF is the operator's own", async () => {
    const bob = await edge.register('bob');
    const text = (await registerAtCore('bob')).headers.toString();
    expect(text).not.toContain('waf.ims.example');
    expect(text).not.toContain('wwsf.ims.example');
    await bob.close();
  });

  it('[X.3.2.3-4] is verified with the new key after the WAF rotates its keys', async () => {
    await edge.waf.rotate();
    const fetches = edge.waf.keyFetches;
    const bob = await edge.connect('bob');
    const token = await edge.waf.issue('bob');
    await expect.poll(async () => (await retry(bob, token)).statusCode, { timeout: 10_000, interval: 500 }).toBe(200);
    expect(edge.waf.keyFetches).toBeGreaterThan(fetches);
  });

  /** An unknown key is asked for again only after the cooldown: until then the token is refused. */
  async function retry(first: WicClient, token: string): Promise<SipResponse> {
    const wic = first.socket.readyState === first.socket.OPEN ? first : await edge.connect('bob');
    return wic.register(token);
  }
});

describe('a REGISTER that is refused', () => {
  const tokenFaults: readonly (readonly [fault: string, changes: TokenChanges])[] = [
    ['forged', { forged: true }],
    ['expired', { claims: { exp: 1_600_000_000 } }],
    ['without expiry', { claims: { exp: undefined } }],
    ['of another issuer', { claims: { iss: 'https://waf.evil.example' } }],
    ['for another audience', { claims: { aud: 'https://other.ims.example' } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['without type', { header: { typ: undefined } }],
    ['of an unknown key', { header: { kid: 'nobody' } }],
    ['without client', { claims: { client_id: undefined } }],
  ];

  it.each(tokenFaults)('[X.3.2.3-4] for a token %s: 401, invalid_token, close 1008', async (_fault, changes) => {
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
  });

  it('[X.3.2.3-4] logs the reason, not the token nor the identity', async () => {
    const bob = await edge.connect('bob');
    const token = await edge.waf.issue('bob', { claims: { exp: 1_600_000_000 } });
    await bob.register(token);
    await bob.closed;
    const line = edge.lines.findLast((text) => text.includes('register.refused')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', side: 'w2', reason: 'access token: expired' });
    for (const part of token.split('.')) expect(edge.lines.join('')).not.toContain(part);
  });

  it.each([
    ['none', { alg: 'none', typ: 'at+jwt' }],
    ['HS256', { alg: 'HS256', typ: 'at+jwt' }],
  ])('[RFC 8725 3.1] for a token of algorithm %s: 401', async (_algorithm, header) => {
    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const payload = (await edge.waf.issue('bob')).split('.')[1] ?? '';
    const bob = await edge.connect('bob');
    const response = await bob.register(`${encode(header)}.${payload}.AAAA`);
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
  ])('[X.3.2.3-4] for %s: 403, insufficient_scope, close 1008', async (_fault, claims) => {
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

  it.each(['To', 'From'] as const)(
    '[X.3.1 REQ 2.4] for %s not among the granted IMPUs: 403, close 1008',
    async (name) => {
      const bob = await edge.connect('bob');
      const value = name === 'To' ? '<sip:bob-2@ims.example>' : '<sip:bob-2@ims.example>;tag=1';
      const response = await bob.register(await edge.waf.issue('bob'), { headers: [[name, value]] });
      expect(response.statusCode).toBe(403);
      expect(response.headers.has('WWW-Authenticate')).toBe(false);
      expect(await bob.closed).toBe(1_008);
      expect(edge.core.requests).toEqual([]);
    },
  );

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

describe('a REGISTER without credentials', () => {
  it('[design 3 W2] is forwarded as it is; after the 401 challenges of the core comes one Bearer challenge', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? challenged(request) : edge.core.answerWell(request);
    const dora = await edge.connect('dora');
    const response = await dora.request('REGISTER', { headers: [[cred, '']] });
    expect(response.statusCode).toBe(401);
    const challenges = response.headers.all('WWW-Authenticate');
    expect(challenges).toHaveLength(3);
    expect(challenges[0]).toContain('algorithm=MD5');
    expect(challenges[1]).toContain('algorithm=SHA-256');
    expect(challenges[2]).toBe(
      `Bearer realm="ims.example",authz_server="${edge.waf.issuer}",scope="webrtc-ims-client-access-to-ims"`,
    );
    expect(response.headers.has(cred)).toBe(false);
    expect((await registerAtCore('dora')).headers.has('Authorization')).toBe(false);
    expect((await dora.request('REGISTER')).statusCode).toBe(401);
    await dora.close();
  });

  it('[X.2.3.3] never hands CK and IK to the UE', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? challenged(request) : edge.core.answerWell(request);
    const dora = await edge.connect('dora');
    const response = await dora.request('REGISTER');
    expect(response.headers.toString()).not.toMatch(/[,\s](?:ck|ik)=/u);
    await dora.close();
  });

  it('[design 3 W2] passes a 403 of the core as it is and stays open', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER'
        ? { ...edge.core.answerWell(request), statusCode: 403 }
        : edge.core.answerWell(request);
    const dora = await edge.connect('dora');
    const response = await dora.request('REGISTER');
    expect(response.statusCode).toBe(403);
    expect(response.headers.has('WWW-Authenticate')).toBe(false);
    expect((await dora.request('REGISTER')).statusCode).toBe(403);
    await dora.close();
  });

  it('[P.3] carries nothing that the UE says of itself to the core', async () => {
    const dora = await edge.connect('dora');
    const authorization = 'Digest username="carol@ims.example",integrity-protected="auth-done"';
    await dora.request('REGISTER', { headers: [['Authorization', authorization]] });
    expect((await registerAtCore('dora')).headers.has('Authorization')).toBe(false);
    await dora.close();
  });

  it('[X.3.2.3-7] binds nobody, even where the core lets it pass', async () => {
    const dora = await edge.connect('dora');
    expect((await dora.request('REGISTER')).statusCode).toBe(500);
    expect(await edge.tryService(dora)).toBe(403);
    await dora.close();
  });

  function challenged(request: SipRequest): SipResponse {
    const { headers, ...rest } = edge.core.answerWell(request);
    const md5 = 'Digest realm="ims.example",nonce="a",algorithm=MD5,qop="auth",ck="0123",ik="4567"';
    const sha256 = 'Digest realm="ims.example",nonce="b",algorithm=SHA-256,qop="auth"';
    return {
      ...rest,
      statusCode: 401,
      headers: headers.with('WWW-Authenticate', md5).with('WWW-Authenticate', sha256),
    };
  }
});

describe('a REGISTER that cannot be decided', () => {
  it('[RFC 8898 4] is answered 503 while the WAF is unreachable; nothing reaches the core, the connection stays', async () => {
    const own = await Edge.start();
    own.waf.isDown = true;
    const bob = await own.connect('bob');
    const response = await bob.register(await own.waf.issue('bob'));
    expect(response.statusCode).toBe(503);
    expect(response.headers.first('Retry-After')).toBe('10');
    expect(own.core.requests).toEqual([]);
    expect(own.lines.some((line) => line.includes('waf.unreachable'))).toBe(true);
    own.waf.isDown = false;
    expect((await bob.register(await own.waf.issue('bob'))).statusCode).toBe(200);
    await own.stop();
  });

  it('[24.229 5.2.2.1] is answered 504 while the core is unreachable; the connection stays', async () => {
    const own = await Edge.start();
    await own.core.endpoint.stop();
    const bob = await own.connect('bob');
    expect((await bob.register(await own.waf.issue('bob'))).statusCode).toBe(504);
    expect((await bob.register(await own.waf.issue('bob'))).statusCode).toBe(504);
    await own.stop();
  });

  it('[RFC 3261 10.2] waits its turn: REGISTERs of one connection go to the core one after the other', async () => {
    const bob = await edge.connect('bob');
    const authorization = ['Authorization', `Bearer ${await edge.waf.issue('bob')}`] as const;
    edge.core.answer = (request) => (request.method === 'REGISTER' ? undefined : edge.core.answerWell(request));
    const [first, second] = [
      bob.create('REGISTER', { headers: [authorization] }),
      bob.create('REGISTER', { headers: [authorization, ['Expires', '0']] }),
    ];
    bob.send(first);
    bob.send(second);
    const held = await registerAtCore('bob');
    expect(edge.core.requests.filter(({ method }) => method === 'REGISTER')).toHaveLength(1);
    edge.core.answer = (request) => edge.core.answerWell(request);
    edge.core.respond(held, edge.core.answerWell(held));
    expect((await bob.responseTo(first)).statusCode).toBe(200);
    expect((await bob.responseTo(second)).statusCode).toBe(200);
    expect(await edge.tryService(bob)).toBe(403);
    await bob.close();
  });
});

describe('the binding', () => {
  it('[6.1.1] outlives a re-registration that the core refuses', async () => {
    const bob = await edge.register('bob');
    edge.core.answer = (request) =>
      request.method === 'REGISTER'
        ? { ...edge.core.answerWell(request), statusCode: 500 }
        : edge.core.answerWell(request);
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(500);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[X.3.2.3-7] needs a valid token for each re-registration', async () => {
    const bob = await edge.register('bob');
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    expect((await bob.register(await edge.waf.issue('bob', { forged: true }))).statusCode).toBe(401);
    expect(await bob.closed).toBe(1_008);
  });

  it.each([
    ['expires 0', [['Expires', '0']]],
    [
      'Contact *',
      [
        ['Contact', '*'],
        ['Expires', '0'],
      ],
    ],
  ] as const)('[24.229 5.2.5] ends with a deregistration by %s', async (_way, headers) => {
    const bob = await edge.register('bob');
    expect(
      (await bob.register(await edge.waf.issue('bob'), { headers: [...headers, [cred, '']] })).headers.has(cred),
    ).toBe(false);
    expect(await edge.tryService(bob)).toBe(403);
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[X.3.2.3-7] ends when the granted time passes', async () => {
    const bob = await edge.connect('bob');
    await bob.register(await edge.waf.issue('bob'), { headers: [['Expires', '1']] });
    expect(await edge.tryService(bob)).toBe(200);
    await expect.poll(() => edge.tryService(bob), { timeout: 5_000, interval: 200 }).toBe(403);
    await bob.close();
  });

  it('[RFC 5626 5.3] passes to a newer connection of the same instance; the older one is closed with 4000', async () => {
    const old = await edge.register('bob');
    const newer = await edge.register('bob');
    expect(await old.closed).toBe(4_000);
    expect(await edge.tryService(newer)).toBe(200);
    await newer.close();
  });

  it('[X.3.2.3-7] does not come about on a connection that closed meanwhile', async () => {
    const bob = await edge.connect('bob');
    edge.core.answer = (request) => (request.method === 'REGISTER' ? undefined : edge.core.answerWell(request));
    bob.send(bob.create('REGISTER', { headers: [['Authorization', `Bearer ${await edge.waf.issue('bob')}`]] }));
    const held = await registerAtCore('bob');
    await bob.close();
    const before = await flowsNow();
    edge.core.respond(held, edge.core.answerWell(held));
    edge.core.answer = (request) => edge.core.answerWell(request);
    expect(await edge.tryService(carol)).toBe(200);
    expect(await flowsNow()).toBe(before);
  });

  async function flowsNow(): Promise<number> {
    const metric = await edge.operations.metrics.getSingleMetric('ep_cscf_registered_flows')?.get();
    return metric?.values[0]?.value ?? -1;
  }
});

it('[X.3.2.3-5.2] a third-party WAF is named to the core, with the WWSF', async () => {
  const own = await Edge.start({ EP_CSCF_WAF_IDENTITY: 'waf.partner.example' });
  await own.register('bob');
  const request = await own.core.next(({ method }) => method === 'REGISTER');
  const { params } = parseAuthorization(request.headers.first('Authorization') ?? '');
  expect(params.get('authorization-entity')).toBe('waf.partner.example');
  expect(params.get('wwsf')).toBe('wwsf.ims.example');
  expect(parseNameAddr(request.headers.first('To') ?? '').uri).toBe('sip:bob@ims.example');
  await own.stop();
});

describe('OPTIONS for TURN credentials', () => {
  it('[X.5.2.2-4] is answered here for a registered WIC, so many times a minute', async () => {
    const bob = await edge.register('bob');
    edge.core.requests.length = 0;
    const ask = (): Promise<SipResponse> =>
      bob.request('OPTIONS', {
        headers: [
          [cred, 'x'],
          ['To', '<sip:ims.example>'],
        ],
      });
    const values = [await ask(), await ask(), await ask()].map(({ headers }) => headers.first(cred) ?? '');
    for (const value of values) expect(() => parseTurnCredentialHeader(value)).not.toThrow();
    expect(new Set(values).size).toBe(3);
    const fourth = await ask();
    expect(fourth.statusCode).toBe(503);
    expect(fourth.headers.first('Retry-After')).toBe('60');
    expect(edge.core.requests).toEqual([]);
    await bob.close();
  });

  it('[X.5.2.2-3] is refused before registration', async () => {
    const bob = await edge.connect('bob');
    const response = await bob.request('OPTIONS', { headers: [[cred, '']] });
    expect(response.statusCode).toBe(403);
    expect(response.headers.has(cred)).toBe(false);
    await bob.close();
  });

  it.each([
    ['without the header', {}],
    ['to somebody', { requestUri: 'sip:dave@ims.example', headers: [[cred, '']] }],
  ] as const)('[design 3] travels on %s', async (_how, parts) => {
    const bob = await edge.register('bob');
    const response = await bob.request('OPTIONS', parts);
    expect(response.statusCode).toBe(200);
    expect(response.headers.has(cred)).toBe(false);
    const travelled = await edge.core.next(({ method }) => method === 'OPTIONS');
    expect(travelled.headers.has(cred)).toBe(false);
    await bob.close();
  });
});

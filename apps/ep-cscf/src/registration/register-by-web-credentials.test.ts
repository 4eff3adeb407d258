import { parseAuthorization, parseExtTurnCred, parseNameAddr, type SipRequest } from '@wicgate/sip';
import { turnPassword } from '@wicgate/turn-credentials';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge, turnSecret } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';
import { registerByWebCredentials } from './register-by-web-credentials.ts';

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

/** The REGISTER that the core got from a user. */
function registerAtCore(name: string): Promise<SipRequest> {
  return edge.core.next(({ method, headers }) => method === 'REGISTER' && headers.first('To')?.includes(name) === true);
}

it('[X.3.2.3] follows the order and the numbers of the clause', () => {
  expect(registerByWebCredentials.outline).toEqual([
    'TS 33.203 X.3.2.3 step 3.1: readAccessToken',
    'TS 33.203 X.3.2.3 step 4.1: validateAccessToken',
    'TS 33.203 X.3.2.3 step 4.1: confineIdentities',
    'TS 33.203 X.3.2.3 step 5.1: vouchForUser',
    'TS 33.203 X.3.2.3 step 5.2: nameThirdParty',
    'TS 33.203 X.3.2.3 step 6.1: askCore',
    'TS 33.203 X.3.2.3 step 7.1: bindToTlsSession',
    'TS 33.203 X.3.2.3 step 7.1: keepUnlessRevoked',
    'TS 33.203 X.3.2.3 step 8.1: answerWic',
  ]);
});

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

  it('[X.3.2.3-5.1] [U.2-4] [eP-CSCF 7] goes on as trusted node authentication; the token goes no further', async () => {
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

  it('[RFC 5626 5.1] carries Path without ob where the WIC does not support outbound, or names no flow', async () => {
    const bob = await edge.connect('bob');
    await bob.register(await edge.waf.issue('bob'), { headers: [['Supported', 'path']] });
    expect((await registerAtCore('bob')).headers.first('Path')).toMatch(/;lr>$/u);
    await bob.close();
    const dave = await edge.connect('dave');
    await dave.register(await edge.waf.issue('dave'), { headers: [['Contact', dave.contact]] });
    expect((await registerAtCore('dave')).headers.first('Path')).toMatch(/;lr>$/u);
    await dave.close();
  });

  it('[24.229 5.2.2.1] [eP-CSCF 16] carries Path with ob, Require, P-Charging-Vector and P-Visited-Network-ID', async () => {
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

  it('[24.229 5.2.2] [eP-CSCF 16] is answered without charging data, with Service-Route and P-Associated-URI', async () => {
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
    ['wwsf', ['Authorization', 'Digest username="carol@ims.example",wwsf="wwsf.evil.example"']],
    ['another user name', ['Authorization', 'Digest username="carol@ims.example",realm="ims.example"']],
    ['P-Asserted-Identity', ['P-Asserted-Identity', '<sip:carol@ims.example>']],
    ['P-Charging-Vector', ['P-Charging-Vector', 'icid-value=spoofed']],
    ['Path', ['Path', '<sip:evil.example;lr>']],
    ['Service-Route', ['Service-Route', '<sip:evil.example;lr>']],
    ['Route', ['Route', '<sip:evil.example;lr>']],
    ['Security-Client', ['Security-Client', 'tls;q=0.1']],
    ['P-Access-Network-Info', ['P-Access-Network-Info', '3GPP-NR-FDD;network-provided']],
  ] as const)(
    '[P.3] [TS 24.229 5.2.6.3] [eP-CSCF 2] [eP-CSCF 10] loses %s that the UE says',
    async (_what, [name, value]) => {
      const bob = await edge.connect('bob');
      const response = await bob.register(await edge.waf.issue('bob'), { headers: [[name, value]] });
      expect(response.statusCode).toBe(200);
      const text = (await registerAtCore('bob')).headers.toString();
      expect(text).not.toContain(value);
      expect(text).not.toContain('carol');
      await bob.close();
    },
  );

  it('[RFC 6223 4.4] [eP-CSCF 19] has its offer to keep the flow alive taken up', async () => {
    const bob = await edge.connect('bob');
    const via = 'SIP/2.0/WSS bob.invalid;branch=z9hG4bKkeep;keep';
    const { headers } = await bob.register(await edge.waf.issue('bob'), { headers: [['Via', via]] });
    expect(headers.first('Via')).toContain(';keep=15');
    await bob.close();
  });

  it('[X.5.2.2-4] [eP-CSCF 17] is answered with a TURN credential where it asks, and only there', async () => {
    const bob = await edge.connect('bob');
    const silent = await bob.register(await edge.waf.issue('bob'));
    expect(silent.headers.has(cred)).toBe(false);
    const asked = await bob.register(await edge.waf.issue('bob'), { headers: [[cred, 'request']] });
    const credential = parseExtTurnCred(asked.headers.first(cred) ?? '');
    expect(credential.password).toBe(
      turnPassword(new TextEncoder().encode(turnSecret), `${credential.tid}:${credential.expiresAtSeconds}`),
    );
    expect(credential.expiresAtSeconds - Date.now() / 1_000).toBeGreaterThan(3_500);
    for (const request of edge.core.requests) expect(request.headers.has(cred)).toBe(false);
    await bob.close();
  });

  it("[X.3.2.3-5.2] [eP-CSCF 11] names neither WAF nor WWSF where the WAF is the operator's own", async () => {
    const bob = await edge.register('bob');
    const text = (await registerAtCore('bob')).headers.toString();
    expect(text).not.toContain('waf.ims.example');
    expect(text).not.toContain('wwsf.ims.example');
    await bob.close();
  });
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

it('[X.3.2.3-5.2] [eP-CSCF 11] a third-party WAF is named to the core, with the WWSF', async () => {
  const own = await Edge.start({ EP_CSCF_WAF_IDENTITY: 'waf.partner.example' });
  await own.register('bob');
  const request = await own.core.next(({ method }) => method === 'REGISTER');
  const { params } = parseAuthorization(request.headers.first('Authorization') ?? '');
  expect(params.get('authorization-entity')).toBe('waf.partner.example');
  expect(params.get('wwsf')).toBe('wwsf.ims.example');
  expect(parseNameAddr(request.headers.first('To') ?? '').uri).toBe('sip:bob@ims.example');
  await own.stop();
});

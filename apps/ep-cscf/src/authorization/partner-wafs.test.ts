import { type DigestCredentials, parseAuthorization, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findCredentials } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import type { TokenChanges } from '../testing/waf-server.ts';
import type { WicClient } from '../testing/wic-client.ts';

const wwsfs = [
  { client_id: 'web', identity: 'wwsf.partner.example', pool: 'partner-*@ims.example' },
  { client_id: 'kiosk', identity: 'kiosk.partner.example', pool: 'kiosk-*@ims.example', pool_only: true },
];
let edge: Edge;
/** Registered before every test by the operator's WAF: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start({ EP_CSCF_POOLS: 'wwsf.ims.example=guest-*@ims.example' }, wwsfs);
  carol = await edge.register('carol');
});
beforeEach(() => {
  edge.core.requests.length = 0;
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

function partnerToken(name: string, { claims, ...changes }: TokenChanges = {}): Promise<string> {
  return edge.partner.issue(name, { ...changes, claims: { client_id: 'web', ...claims } });
}

function registers(): readonly SipRequest[] {
  return edge.core.requests.filter(({ method }) => method === 'REGISTER');
}

function vouched(): DigestCredentials | undefined {
  return findCredentials(registers()[0]);
}

describe('a token of a partner', () => {
  it('[X.3.2.3-5.2] [REQ 2.3] [eP-CSCF 11] is vouched for in the name of its WAF and WWSF, as configured', async () => {
    const bob = await edge.connect('bob');
    expect((await bob.register(await partnerToken('bob'))).statusCode).toBe(200);
    expect(vouched()?.params).toEqual(
      new Map([
        ['integrity-protected', 'auth-done'],
        ['authorization-entity', 'waf.partner.example'],
        ['wwsf', 'wwsf.partner.example'],
      ]),
    );
    expect(vouched()).toMatchObject({ username: 'bob@ims.example', response: '', nonce: '' });
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it("[X.3.2.3-5.2] [eP-CSCF 11] beside it one of the operator's names nobody", async () => {
    const bob = await edge.register('bob');
    expect([...(vouched()?.params.keys() ?? [])]).toEqual(['integrity-protected']);
    await bob.close();
  });

  it('[REQ 2.3] cannot name itself: claims about WAF and WWSF are not asked', async () => {
    const bob = await edge.connect('bob');
    const claims = { waf: 'waf.ims.example', wwsf: 'wwsf.ims.example', azp: 'wwsf.ims.example' };
    await bob.register(await partnerToken('bob', { claims }));
    expect(vouched()?.params.get('authorization-entity')).toBe('waf.partner.example');
    expect(vouched()?.params.get('wwsf')).toBe('wwsf.partner.example');
    await bob.close();
  });

  it.each([
    ['a client that is not on its list', { claims: { client_id: 'wwsf.ims.example' } }, 'unknown client'],
    ['a client in another case', { claims: { client_id: 'WEB' } }, 'unknown client'],
    ['the key of another', { forged: true }, 'signature'],
    ['another audience', { claims: { aud: 'https://other.ims.example' } }, 'audience'],
    ['its end behind it', { claims: { exp: 1_600_000_000 } }, 'expired'],
    ['an issue in the future', { claims: { iat: 4_000_000_000, exp: 4_000_000_300 } }, 'not yet valid'],
    ['no time of issue', { claims: { iat: undefined } }, 'claims'],
    ['no jti', { claims: { jti: undefined } }, 'claims'],
    ['no subject', { claims: { sub: undefined } }, 'claims'],
    ['a jti that is no text', { claims: { jti: 7 } }, 'claims'],
    ['a sid that is no text', { claims: { sid: ['x'] } }, 'claims'],
  ] as const)(
    '[X.3.2.3-4] [eP-CSCF 8] with %s: 401, close 1008, nothing reaches the core',
    async (_what, changes, fault) => {
      const bob = await edge.connect('bob');
      const response = await bob.register(await partnerToken('bob', changes));
      expect(response.statusCode).toBe(401);
      expect(await bob.closed).toBe(1_008);
      expect(registers()).toEqual([]);
      const line = edge.lines.findLast((text) => text.includes('register.refused')) ?? '';
      expect(JSON.parse(line)).toMatchObject({ reason: `access token: ${fault}` });
    },
  );

  it("[REQ 2.3] that claims the operator's WAF as issuer is verified with the operator's keys, and fails", async () => {
    const bob = await edge.connect('bob');
    const token = await partnerToken('bob', { claims: { iss: edge.waf.issuer, client_id: 'wwsf.ims.example' } });
    expect((await bob.register(token)).statusCode).toBe(401);
    expect(await bob.closed).toBe(1_008);
    expect(registers()).toEqual([]);
  });

  it("[REQ 2.3] of the operator's WAF that claims the partner as issuer fails likewise", async () => {
    const bob = await edge.connect('bob');
    const token = await edge.waf.issue('bob', { claims: { iss: edge.partner.issuer, client_id: 'web' } });
    expect((await bob.register(token)).statusCode).toBe(401);
    expect(await bob.closed).toBe(1_008);
    expect(registers()).toEqual([]);
  });

  it('[X.3.2.3-4] needs no sid, which client credentials do not have', async () => {
    const bob = await edge.connect('bob');
    expect((await bob.register(await partnerToken('bob', { claims: { sid: undefined } }))).statusCode).toBe(200);
    await bob.close();
  });

  it("[RFC 8898 3] is asked for by nobody: the challenge names the operator's WAF", async () => {
    const bob = await edge.connect('bob');
    const response = await bob.register(await partnerToken('bob', { forged: true }));
    const { params } = parseAuthorization(response.headers.first('WWW-Authenticate') ?? '');
    expect(params.get('authz_server')).toBe(edge.waf.issuer);
    await bob.closed;
  });
});

it("[RFC 8898 3] a 401 of the core is followed by one Bearer challenge: the operator's WAF, realm and scope", async () => {
  const digest = 'Digest realm="ims.example",nonce="n",algorithm=MD5,qop="auth"';
  edge.core.answer = (request) => ({
    ...edge.core.answerWell(request),
    statusCode: 401,
    headers: edge.core.answerWell(request).headers.with('WWW-Authenticate', digest),
  });
  const bob = await edge.connect('bob');
  const { headers } = await bob.request('REGISTER');
  edge.core.answer = (request) => edge.core.answerWell(request);
  const [first, second, ...more] = headers.all('WWW-Authenticate');
  expect(first).toContain('nonce="n"');
  expect(second).toBe(
    `Bearer realm="ims.example",authz_server="${edge.waf.issuer}",scope="webrtc-ims-client-access-to-ims"`,
  );
  expect(more).toEqual([]);
  await bob.close();
});

describe('an identity of a pool', () => {
  const pooled = (impi: string, client: string): TokenChanges => ({
    claims: { impi: `${impi}@ims.example`, impu: [`sip:${impi}@ims.example`], client_id: client, sid: undefined },
  });

  it('[X.4.2.3-5.2] [eP-CSCF 12] names nobody where it is proven to be of the pool of the WWSF', async () => {
    const guest = await edge.connect('partner-1');
    expect((await guest.register(await edge.partner.issue('g', pooled('partner-1', 'web')))).statusCode).toBe(200);
    expect([...(vouched()?.params.keys() ?? [])]).toEqual(['integrity-protected']);
    expect(await edge.tryService(guest)).toBe(200);
    await guest.close();
  });

  it('[X.4.2.3-5.2] [eP-CSCF 12] names WAF and WWSF where it cannot be proven', async () => {
    const guest = await edge.connect('visitor-1');
    expect((await guest.register(await edge.partner.issue('g', pooled('visitor-1', 'web')))).statusCode).toBe(200);
    expect(vouched()?.params.get('authorization-entity')).toBe('waf.partner.example');
    expect(vouched()?.params.get('wwsf')).toBe('wwsf.partner.example');
    await guest.close();
  });

  it("[X.4.2.3-5.1] of the operator's own WWSF registers and names nobody", async () => {
    const guest = await edge.connect('guest-001');
    const token = await edge.waf.issue('g', pooled('guest-001', 'wwsf.ims.example'));
    expect((await guest.register(token)).statusCode).toBe(200);
    expect([...(vouched()?.params.keys() ?? [])]).toEqual(['integrity-protected']);
    await guest.close();
  });

  it.each([
    ["the operator's, by the partner", 'guest-001', 'partner', 'web'],
    ["the operator's, by the partner in another spelling", 'guest-001@IMS.Example', 'partner', 'web'],
    ["the operator's, by another client of its WAF", 'guest-001', 'waf', 'another'],
    ["the partner's, by the operator's WAF", 'partner-1', 'waf', 'wwsf.ims.example'],
    ["the partner's, by another WWSF of its WAF", 'partner-1', 'partner', 'kiosk'],
    ['no pool, by a WWSF for its pool only', 'bob', 'partner', 'kiosk'],
  ] as const)(
    '[REQ 3.2] [X.4.2.3-4 NOTE 8] %s: 403, close 1008, nothing reaches the core',
    async (_what, name, who, client) => {
      const impi = name.includes('@') ? name : `${name}@ims.example`;
      const impu = `sip:${impi.toLowerCase()}`;
      const wic = await edge.connect(name.replace(/@.*/u, ''));
      const token = await edge[who].issue('g', { claims: { impi, impu: [impu], client_id: client } });
      const response = await wic.register(token);
      expect(response.statusCode).toBe(403);
      expect(response.headers.has('WWW-Authenticate')).toBe(false);
      expect(await wic.closed).toBe(1_008);
      expect(registers()).toEqual([]);
    },
  );

  it('[REQ 3.2] of a WWSF for its pool only registers', async () => {
    const guest = await edge.connect('kiosk-1');
    expect((await guest.register(await edge.partner.issue('g', pooled('kiosk-1', 'kiosk')))).statusCode).toBe(200);
    await guest.close();
  });

  it('[REQ 3.2] is nobody’s by password: a Digest REGISTER that names it is refused here', async () => {
    const guest = await edge.connect('guest-001');
    const authorization =
      'Digest username="guest-001@ims.example",realm="ims.example",nonce="n",uri="sip:ims.example",response="0"';
    const { statusCode } = await guest.request('REGISTER', { headers: [['Authorization', authorization]] });
    expect(statusCode).toBe(403);
    expect(registers()).toEqual([]);
    await guest.close();
  });
});

describe('a WAF that cannot be reached', () => {
  it('[REQ 2.2] keeps its own users out, and nobody of another waiting', async () => {
    const own = await Edge.start({}, wwsfs);
    own.partner.hangs = true;
    const waiting = await own.connect('bob');
    const token = await own.partner.issue('bob', { claims: { client_id: 'web' } });
    const request = waiting.create('REGISTER', { headers: [['Authorization', `Bearer ${token}`]] });
    waiting.send(request);
    const alice = await own.register('alice');
    expect(await own.tryService(alice)).toBe(200);
    expect(waiting.responses).toEqual([]);
    const response = await waiting.responseTo(request);
    expect(response.statusCode).toBe(503);
    expect(response.headers.first('Retry-After')).toBe('10');
    const line = own.lines.find((text) => text.includes('waf.unreachable')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'error', issuer: own.partner.issuer });
    own.partner.hangs = false;
    expect((await waiting.register(token)).statusCode).toBe(200);
    await own.stop();
  }, 15_000);
});

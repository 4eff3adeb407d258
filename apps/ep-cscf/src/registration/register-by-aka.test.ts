import { deriveOpc, type MilenageKeys } from '@wicgate/aka';
import { formatDigestCredentials, parseChallenge, parseExtTurnCred, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AkaRegistrar } from '../testing/aka-registrar.ts';
import { AkaWic } from '../testing/aka-wic.ts';
import { findCredentials, identity, unanswered } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

/** Test set 1 of TS 35.207. */
const k = Buffer.from('465b5ce8b199b49faa5f0a2ee238a6bc', 'hex');
const keys: MilenageKeys = { k, opc: deriveOpc(k, Buffer.from('cdc202d5123e20f62b6d676ac72cb318', 'hex')) };
const otherKeys: MilenageKeys = { ...keys, k: Buffer.alloc(16, 7) };
let edge: Edge;
let registrar: AkaRegistrar;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
beforeEach(() => {
  const { core } = edge;
  registrar = new AkaRegistrar('erik@ims.example', keys, (request) => core.answerWell(request));
  core.requests.length = 0;
  core.answer = (request) => (request.method === 'REGISTER' ? registrar.answer(request) : core.answerWell(request));
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

async function connect(simKeys = keys): Promise<AkaWic> {
  return new AkaWic(await edge.connect('erik'), { keys: simKeys });
}

function registers(): readonly SipRequest[] {
  return edge.core.requests.filter(({ method }) => method === 'REGISTER');
}

function indicators(): readonly (string | undefined)[] {
  return registers().map((request) => findCredentials(request)?.params.get('integrity-protected'));
}

describe('registration by IMS AKA over TLS', () => {
  it('[X.2.3.3] [P.3] [eP-CSCF 3] [eP-CSCF 4] is tls-connected in SM2 and in SM8, and binds on the 200', async () => {
    const erik = await connect();
    expect((await erik.register()).statusCode).toBe(200);
    expect(indicators()).toEqual(['tls-connected', 'tls-connected']);
    const [sm2, sm8] = registers().map((request) => findCredentials(request));
    expect(sm2).toMatchObject({ username: 'erik@ims.example', nonce: '', response: '', algorithm: 'AKAv2-SHA-256' });
    expect(sm8?.response).toMatch(/^[0-9a-f]{64}$/u);
    expect(await edge.tryService(erik.wic)).toBe(200);
    await erik.wic.close();
  });

  it('[X.2.3.3] carries the answer of the UE unchanged, and the proof of the core back', async () => {
    const erik = await connect();
    const response = await erik.register();
    const { params: _own, ...sent } = findCredentials(erik.last) ?? { params: undefined };
    expect(findCredentials(registers()[1])).toMatchObject(sent);
    expect(() => erik.client.confirm(erik.last as SipRequest, response)).not.toThrow();
    expect(response.headers.first('Authentication-Info')).toMatch(/rspauth="[0-9a-f]{64}"/u);
    await erik.wic.close();
  });

  it('[X.2.3.3] [eP-CSCF 14] keeps CK and IK from the UE, and from the log, though the core hands them out', async () => {
    const erik = await connect();
    await erik.register();
    const [sm6] = erik.wic.responses;
    const challenge = sm6?.headers.first('WWW-Authenticate') ?? '';
    expect(parseChallenge(challenge)).toMatchObject({
      scheme: 'Digest',
      algorithm: 'AKAv2-SHA-256',
      realm: 'ims.example',
    });
    expect(challenge).not.toMatch(/[,\s](?:ck|ik)\s*=/iu);
    expect(registrar.sessionKeys).toHaveLength(2);
    const seen = erik.wic.responses.map(({ headers }) => headers.toString()).join('') + edge.lines.join('');
    for (const key of registrar.sessionKeys) expect(seen).not.toContain(key);
    await erik.wic.close();
  });

  it('[X.2.3.3] [eP-CSCF 13] binds TLS session, IMPI and IMPUs: only this connection serves the user', async () => {
    const erik = await connect();
    expect(await edge.tryService(erik.wic)).toBe(403);
    await erik.register();
    edge.core.requests.length = 0;
    await erik.wic.request('MESSAGE', { requestUri: 'sip:carol@ims.example' });
    expect(edge.core.requests[0]?.headers.first('P-Asserted-Identity')).toBe('<sip:erik@ims.example>');
    const stranger = await edge.connect('erik');
    expect(await edge.tryService(stranger)).toBe(403);
    await stranger.close();
    await erik.wic.close();
  });

  it('[6.1.3] AUTS passes to the core, whose next challenge succeeds', async () => {
    const erik = await connect();
    await erik.register();
    // An HSS that has lost its numbers: what it gives out is behind the ISIM.
    registrar.sqn = 0;
    edge.core.requests.length = 0;
    expect((await erik.register()).statusCode).toBe(200);
    const auts = registers().map((request) => findCredentials(request)?.params.get('auts')?.length);
    expect(auts).toEqual([undefined, 20, undefined]);
    expect(indicators()).toEqual(['tls-connected', 'tls-connected', 'tls-connected']);
    expect(await edge.tryService(erik.wic)).toBe(200);
    await erik.wic.close();
  });

  it('[6.1.3] AUTS proves nothing: a core that takes it for an answer binds nobody', async () => {
    const erik = await connect();
    edge.core.answer = (request) => edge.core.answerWell(request);
    const credentials = findCredentials(erik.first());
    if (credentials === undefined) throw new TypeError('expected credentials');
    const params = new Map([['auts', 'uoU/PBI8z0TpNZbjVcY=']]);
    const authorization = formatDigestCredentials({ ...credentials, response: '0'.repeat(64), params });
    const response = await erik.wic.request('REGISTER', { headers: [['Authorization', authorization]] });
    expect(response.statusCode).toBe(500);
    expect(await edge.tryService(erik.wic)).toBe(403);
    await erik.wic.close();
  });

  it('[O.2.3] a TURN credential comes with the 200 and not before', async () => {
    const erik = await connect();
    const response = await erik.register({ headers: [['3gpp-ext-turn-cred', 'request']] });
    expect(parseExtTurnCred(response.headers.first('3gpp-ext-turn-cred') ?? '').tid).not.toBe('');
    expect(erik.wic.responses[0]?.headers.has('3gpp-ext-turn-cred')).toBe(false);
    await erik.wic.close();
  });
});

describe('an answer that is wrong', () => {
  it('[O.3.1.1] [eP-CSCF 15] of another ISIM: it finds no network it knows; without an answer 403, close 1008', async () => {
    const erik = await connect(otherKeys);
    const request = erik.first();
    const response = await erik.exchange(request);
    await expect(erik.answer(request, response)).rejects.toThrow();
    // SM7 with a MAC failure: neither response nor AUTS (TS 33.203 6.1.2.2).
    const { nonce } = parseChallenge(response.headers.first('WWW-Authenticate') ?? '') as { nonce: string };
    const named = `Digest username="erik@ims.example",realm="ims.example",nonce="${nonce}",uri="sip:ims.example"`;
    const authorization = ['Authorization', `${named},response="",algorithm=AKAv2-SHA-256`] as const;
    expect((await erik.wic.request('REGISTER', { headers: [authorization] })).statusCode).toBe(403);
    expect(await erik.wic.closed).toBe(1_008);
  });

  it('[O.3.1.1] [eP-CSCF 15] wrong RES: the 403 of the core, close 1008, nobody is bound', async () => {
    const erik = await connect();
    const request = erik.first();
    const answer = await erik.answer(request, await erik.exchange(request));
    const credentials = findCredentials(answer);
    if (credentials === undefined) throw new TypeError('expected credentials');
    const wrong = formatDigestCredentials({ ...credentials, response: 'f'.repeat(64) });
    const response = await erik.exchange({ ...answer, headers: answer.headers.set('Authorization', wrong) });
    expect(response.statusCode).toBe(403);
    expect(response.headers.has('WWW-Authenticate')).toBe(false);
    expect(await erik.wic.closed).toBe(1_008);
  });

  it('[6.1.1] heard before: a vector is good once; the thief is closed, the user is served', async () => {
    const erik = await connect();
    await erik.register();
    const thief = await connect();
    expect((await thief.exchange(erik.last as SipRequest)).statusCode).toBe(403);
    expect(await thief.wic.closed).toBe(1_008);
    expect(await edge.tryService(erik.wic)).toBe(200);
    await erik.wic.close();
  });

  it('[X.2.3.3] with a claim of the UE about its own protection: it is replaced', async () => {
    const erik = await connect();
    const claims = ',algorithm=AKAv2-SHA-256,integrity-protected="auth-done",authorization-entity="waf.evil",ck="00"';
    expect((await erik.wic.request('REGISTER', { headers: [unanswered(claims, erik.impi)] })).statusCode).toBe(401);
    expect(findCredentials(registers()[0])?.params).toEqual(new Map([['integrity-protected', 'tls-connected']]));
    await erik.wic.close();
  });

  it('[X.2.3.3] a 200 to what answers nothing binds nobody', async () => {
    const erik = await connect();
    edge.core.answer = (request) => edge.core.answerWell(request);
    expect((await erik.exchange(erik.first())).statusCode).toBe(500);
    expect(await edge.tryService(erik.wic)).toBe(403);
    await erik.wic.close();
  });
});

describe('re-registration by IMS AKA', () => {
  it('[O.4.3] [X.2.3.3] on the bound connection is tls-connected, is challenged, and keeps the binding', async () => {
    const erik = await connect();
    await erik.register();
    edge.core.requests.length = 0;
    expect((await erik.register()).statusCode).toBe(200);
    expect(indicators()).toEqual(['tls-connected', 'tls-connected']);
    expect(await edge.tryService(erik.wic)).toBe(200);
    await erik.wic.close();
  });

  it('[O.4.3] of another IMPI on a bound connection: 403, close 1008, nothing reaches the core', async () => {
    const erik = await connect();
    await erik.register();
    edge.core.requests.length = 0;
    const headers = [unanswered(',algorithm=AKAv2-SHA-256', 'dora@ims.example'), ...identity('dora')];
    expect((await erik.wic.request('REGISTER', { headers })).statusCode).toBe(403);
    expect(await erik.wic.closed).toBe(1_008);
    expect(registers()).toEqual([]);
  });

  it.each([
    ['SIP Digest', () => Promise.resolve(unanswered('', 'erik@ims.example')[1])],
    ['Bearer', async () => `Bearer ${await edge.waf.issue('erik')}`],
  ])('[P.3] by %s instead: 403, and the binding stays', async (_scheme, authorization) => {
    const erik = await connect();
    await erik.register();
    edge.core.requests.length = 0;
    const headers = [['Authorization', await authorization()]] as const;
    expect((await erik.wic.request('REGISTER', { headers })).statusCode).toBe(403);
    expect(registers()).toEqual([]);
    expect(await edge.tryService(erik.wic)).toBe(200);
    await erik.wic.close();
  });

  it('[24.229 5.2.5] with expires 0 is answered like any other, and ends the binding', async () => {
    const erik = await connect();
    await erik.register();
    expect((await erik.register({ headers: [['Expires', '0']] })).statusCode).toBe(200);
    expect(await edge.tryService(erik.wic)).toBe(403);
    await erik.wic.close();
  });
});

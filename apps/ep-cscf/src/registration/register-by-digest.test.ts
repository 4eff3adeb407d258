import {
  isNetworkProvided,
  parseChallenge,
  parseExtTurnCred,
  parsePAccessNetworkInfo,
  type SipRequest,
} from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DigestEdge, findCredentials, identity, unanswered } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';
import { registerByDigest } from './register-by-digest.ts';

let edge: Edge;
let digest: DigestEdge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
  digest = new DigestEdge(edge);
});
beforeEach(() => {
  digest.restartCore();
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

it('[O.2.3] follows the order and the messages of the clause', () => {
  expect(registerByDigest.outline).toEqual([
    'TS 33.203 O.2.3 step SM7: readPrivateIdentity',
    'TS 33.203 O.2.3 step SM7: confineToBinding',
    'TS 33.203 O.2.3 step SM8: indicateProtection',
    'TS 33.203 O.2.3 step SM8: askCore',
    'TS 33.203 O.2.3 step SM11: judgeAnswer',
    'TS 33.203 O.2.3 step SM11: bindToTlsSession',
    'TS 33.203 O.2.3 step SM12: answerWic',
  ]);
});

describe('registration by SIP Digest', () => {
  it('[O.2.3] [eP-CSCF 6] is pending beside the answer to the challenge, and says nothing before', async () => {
    const dora = await digest.register();
    expect(digest.indicators).toEqual([undefined, 'tls-pending']);
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[N.2.1.1] carries the answer of the UE unchanged, and the proof of the core back', async () => {
    const dora = await digest.connect();
    const response = await dora.register();
    expect(response.statusCode).toBe(200);
    const { params: _own, ...sent } = findCredentials(dora.last) ?? { params: undefined };
    expect(findCredentials(digest.registers[1])).toMatchObject(sent);
    expect(() => dora.client.confirm(dora.last as SipRequest, response)).not.toThrow();
    expect(response.headers.first('Authentication-Info')).toMatch(/rspauth="[0-9a-f]{64}"/u);
    await dora.wic.close();
  });

  it('[P.3] [N.2.1.1] [eP-CSCF 5] [eP-CSCF 20] without Authorization goes to the core with network-provided P-Access-Network-Info', async () => {
    const dora = await digest.register();
    const [first] = digest.registers;
    expect(first?.headers.has('Authorization')).toBe(false);
    const infos = (first?.headers.all('P-Access-Network-Info') ?? []).map((value) => parsePAccessNetworkInfo(value));
    expect(infos.filter(isNetworkProvided)).toHaveLength(1);
    await dora.wic.close();
  });

  it.each([
    ['without Security-Client: there is no sec-agree to wait for', []],
    ['with Security-Client: tls the same', [['Security-Client', 'tls;q=0.1'] as const]],
  ])('[P.3] [O.2.3] [eP-CSCF 20] takes the steps of SIP Digest with TLS %s', async (_what, headers) => {
    const dora = await digest.connect();
    const response = await dora.register({ headers });
    expect(response.statusCode).toBe(200);
    expect(digest.indicators).toEqual([undefined, 'tls-pending']);
    expect(response.headers.has('Security-Server')).toBe(false);
    for (const request of digest.registers) expect(request.headers.has('Security-Client')).toBe(false);
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[P.3] [RFC 8898 3] is offered by the challenges of the core, before the one Bearer challenge', async () => {
    const dora = await digest.connect();
    const { headers } = await dora.wic.request('REGISTER');
    const challenges = headers.all('WWW-Authenticate').map((value) => parseChallenge(value));
    expect(challenges.map(({ scheme }) => scheme)).toEqual(['Digest', 'Digest', 'Bearer']);
    await dora.wic.close();
  });

  it('[O.2.3] [eP-CSCF 13] binds IMPI, IMPUs and TLS session on the 200, and not before', async () => {
    const dora = await digest.connect();
    expect((await dora.wic.request('REGISTER')).statusCode).toBe(401);
    expect(await edge.tryService(dora.wic)).toBe(403);
    expect((await dora.register()).statusCode).toBe(200);
    edge.core.requests.length = 0;
    await dora.wic.request('MESSAGE', { requestUri: 'sip:carol@ims.example' });
    expect(edge.core.requests[0]?.headers.first('P-Asserted-Identity')).toBe('<sip:dora@ims.example>');
    const stranger = await edge.connect('dora');
    expect(await edge.tryService(stranger)).toBe(403);
    await stranger.close();
    await dora.wic.close();
  });

  it('[X.5.2.2-4] is answered with a TURN credential where it asks', async () => {
    const dora = await digest.connect();
    const { headers } = await dora.register({ headers: [['3gpp-ext-turn-cred', 'request']] });
    expect(parseExtTurnCred(headers.first('3gpp-ext-turn-cred') ?? '').tid).not.toBe('');
    await dora.wic.close();
  });

  it('[24.229 5.1.1.2] names the user in the first REGISTER, where the UE wants to; nothing is pending', async () => {
    const dora = await digest.connect();
    const response = await dora.wic.request('REGISTER', { headers: [unanswered()] });
    expect(response.statusCode).toBe(401);
    expect(digest.indicators).toEqual([undefined]);
    expect(findCredentials(digest.registers[0])?.username).toBe('dora@ims.example');
    expect(response.headers.toString()).not.toContain('Bearer');
    await dora.wic.close();
  });

  it('shows neither the private identity nor the answer in the log', async () => {
    const dora = await digest.register();
    const text = edge.lines.join('');
    expect(text).not.toContain('dora@ims.example"');
    expect(text).not.toContain(findCredentials(dora.last)?.response);
    await dora.wic.close();
  });
});

describe('what the UE says of its own protection', () => {
  it.each([
    ['integrity-protected', ',integrity-protected="auth-done"'],
    ['integrity-protected without quotes', ',integrity-protected=tls-yes'],
    ['integrity-protected in another case', ',Integrity-Protected="yes"'],
    ['authorization-entity', ',authorization-entity="waf.evil.example"'],
    ['wwsf', ',wwsf="wwsf.evil.example"'],
    ['what nobody knows yet', ',ue-protected="yes"'],
  ])('[P.3] [eP-CSCF 2] %s is removed', async (_what, claim) => {
    const dora = await digest.connect();
    expect((await dora.wic.request('REGISTER', { headers: [unanswered(claim)] })).statusCode).toBe(401);
    expect(findCredentials(digest.registers[0])?.params.size).toBe(0);
    expect(await edge.tryService(dora.wic)).toBe(403);
    await dora.wic.close();
  });

  it('[P.3] [eP-CSCF 2] in a second Digest header: 400, and nothing reaches the core', async () => {
    const dora = await digest.connect();
    const headers = [unanswered(), unanswered(',integrity-protected="auth-done"')];
    expect((await dora.wic.request('REGISTER', { headers })).statusCode).toBe(400);
    expect(digest.registers).toEqual([]);
    await dora.wic.close();
  });

  it('[P.3] network-provided P-Access-Network-Info is replaced by ours', async () => {
    const dora = await digest.connect();
    await dora.register({ headers: [['P-Access-Network-Info', '3GPP-NR-FDD;network-provided']] });
    for (const { headers } of digest.registers) expect(headers.toString()).not.toContain('3GPP-NR');
    await dora.wic.close();
  });
});

describe('a user who is refused', () => {
  it('[O.3.1.1] [eP-CSCF 15] for a wrong password: the 403 of the core, close 1008', async () => {
    const dora = await digest.connect('dora', { password: 'guess' });
    const response = await dora.register();
    expect(response.statusCode).toBe(403);
    expect(response.headers.has('WWW-Authenticate')).toBe(false);
    expect(response.headers.first('To')).toContain('tag=registrar');
    expect(await dora.wic.closed).toBe(1_008);
    const line = edge.lines.findLast((text) => text.includes('register.refused')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', reason: 'authentication refused' });
  });

  it('[N.2.1.1] for the IMPU of another: the 403 of the core, close 1008', async () => {
    const dora = await digest.connect();
    const headers = identity('erik');
    expect((await dora.register({ headers })).statusCode).toBe(403);
    expect(await dora.wic.closed).toBe(1_008);
  });

  it('[24.229 5.1.1.2] who registers for somebody else: 403, stays open', async () => {
    const dora = await digest.connect();
    const response = await dora.register({ headers: [['To', '<sip:erik@ims.example>']] });
    expect(response.statusCode).toBe(403);
    expect(digest.registers.filter(({ headers }) => headers.has('Authorization'))).toEqual([]);
    expect((await dora.register()).statusCode).toBe(200);
    await dora.wic.close();
  });

  it.each([
    ['no private identity', 'dora'],
    ['a private identity that is too long', `${'d'.repeat(250)}@ims.example`],
  ])('[23.003 13.3] with %s: 403, nothing reaches the core', async (_what, username) => {
    const dora = await digest.connect();
    expect((await dora.wic.request('REGISTER', { headers: [unanswered('', username)] })).statusCode).toBe(403);
    expect(digest.registers).toEqual([]);
    await dora.wic.close();
  });

  it('[RFC 7616 3.4.4] who hides the user name: 403', async () => {
    const dora = await digest.connect();
    const headers = [unanswered(',userhash=true')];
    expect((await dora.wic.request('REGISTER', { headers })).statusCode).toBe(403);
    expect(digest.registers).toEqual([]);
    await dora.wic.close();
  });

  it('[X.2.3.3] by AKAv2: the core is told of the TLS connection, and its 403 passes', async () => {
    const dora = await digest.connect();
    const headers = [unanswered(',algorithm=AKAv2-SHA-256')];
    expect((await dora.wic.request('REGISTER', { headers })).statusCode).toBe(403);
    expect(digest.indicators).toEqual(['tls-connected']);
    expect(await dora.wic.closed).toBe(1_008);
  });

  it('[O.2.3] is bound by no 200 where nothing was proven', async () => {
    edge.core.answer = (request) => edge.core.answerWell(request);
    const dora = await digest.connect();
    expect((await dora.wic.request('REGISTER', { headers: [unanswered()] })).statusCode).toBe(500);
    expect(await edge.tryService(dora.wic)).toBe(403);
    await dora.wic.close();
  });
});

describe('an answer that was heard before', () => {
  it('[N.2.3] gets a stale challenge and binds nobody', async () => {
    const dora = await digest.register();
    const stolen = dora.last as SipRequest;
    const thief = await digest.connect('dora');
    const response = await thief.exchange(stolen);
    expect(response.statusCode).toBe(401);
    expect(parseChallenge(response.headers.first('WWW-Authenticate') ?? '')).toMatchObject({ stale: true });
    expect(await edge.tryService(thief.wic)).toBe(403);
    expect(await edge.tryService(dora.wic)).toBe(200);
    await thief.wic.close();
    await dora.wic.close();
  });

  it('[O.3.1.3] or to a nonce of before: it is renewed on the same connection', async () => {
    const dora = await digest.connect();
    await dora.register();
    // Another S-CSCF, or the same one after a restart: it knows the user, not the nonce.
    digest.restartCore();
    const request = dora.client.authorize(dora.wic.create('REGISTER'));
    const stale = await dora.exchange(request);
    expect(stale.statusCode).toBe(401);
    expect(parseChallenge(stale.headers.first('WWW-Authenticate') ?? '')).toMatchObject({ stale: true });
    expect(await edge.tryService(dora.wic)).toBe(200);
    expect((await dora.exchange(dora.client.retry(request, stale))).statusCode).toBe(200);
    await dora.wic.close();
  });
});

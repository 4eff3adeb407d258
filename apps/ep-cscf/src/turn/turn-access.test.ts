/**
 * What the end of a registration does to TURN credentials, at real TURN servers' route of revocations.
 *
 * @module
 */
import { type ExtTurnCred, parseExtTurnCred, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DigestEdge } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import { RegistrationNotifier, type ToldContact } from '../testing/registration-notifier.ts';
import { Revoker } from '../testing/revoker.ts';
import { operatorToken, TurnServer } from '../testing/turn-server.ts';
import type { WicClient } from '../testing/wic-client.ts';

const cred = '3gpp-ext-turn-cred';
const asks = [cred, ''] as const;
let turn: TurnServer;
let other: TurnServer;
let edge: Edge;
let revoker: Revoker;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;
let number = 0;
let name = '';

beforeAll(async () => {
  [turn, other] = [await TurnServer.start(), await TurnServer.start()];
  edge = await Edge.startWithECscf({
    EP_CSCF_TURN_REVOCATION_ENDPOINTS: `${turn.endpoint}, ${other.endpoint}`,
    EP_CSCF_TURN_OPERATOR_TOKEN: operatorToken,
    EP_CSCF_TURN_POLICY: 'last-*@ims.example=60',
  });
  revoker = await Revoker.open(edge);
  carol = await edge.register('carol');
});
beforeEach(() => {
  edge.core.answer = (request) => edge.core.answerWell(request);
  number += 1;
  name = `user${number}`;
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(async () => {
  await edge.stop();
  await turn.stop();
  await other.stop();
});

/** What it has now. */
async function ask(wic: WicClient): Promise<ExtTurnCred> {
  const { headers } = await wic.request('OPTIONS', { headers: [asks] });
  return parseExtTurnCred(headers.first(cred) ?? '');
}

/** Whether neither server was told of `tid` when both have been told of a later one. */
async function isKept(tid: string): Promise<boolean> {
  const last = await edge.register(`last-${number}`);
  const later = (await ask(last)).tid;
  await revoker.revoke({ sid: `last-${number}` });
  await Promise.all([turn.revoked(later), other.revoked(later)]);
  return !turn.tids.includes(tid) && !other.tids.includes(tid);
}

async function isRevoked({ tid, expiresAtSeconds }: ExtTurnCred): Promise<void> {
  const start = performance.now();
  await Promise.all([turn.revoked(tid), other.revoked(tid)]);
  expect(performance.now() - start).toBeLessThan(1_000);
  const told = turn.revocations.find(({ tids }) => tids.includes(tid));
  expect(told?.until).toBeGreaterThanOrEqual(expiresAtSeconds);
}

const events: readonly (readonly [ToldContact['event'], string])[] = [
  ['deactivated', 'is asked to register anew'],
  ['probation', 'may come back later'],
  ['expired', 'is late'],
  ['unregistered', 'has signed out elsewhere'],
];

async function tell(event: ToldContact['event']): Promise<void> {
  const notifier = await RegistrationNotifier.of(edge.core, `sip:${name}@ims.example`);
  const uri = `sip:${name}@${name}.invalid;transport=ws`;
  const params = [
    ['+sip.instance', `"<urn:uuid:${name}>"`],
    ['reg-id', '1'],
  ] as const;
  await notifier.notify([{ aor: `sip:${name}@ims.example`, uri, event, params }]);
}

describe('a user who is put out', () => {
  it('[X.5.2.1 b] [X.5.2.2-3] by the network has no TURN credential any more: all servers are told within a second', async () => {
    const wic = await edge.register(name);
    const given = await ask(wic);
    await tell('rejected');
    await isRevoked(given);
    expect(await wic.closed).toBe(1_008);
    const again = await edge.register(name);
    expect((await ask(again)).tid).not.toBe(given.tid);
    await again.close();
    const lines = edge.lines.join('\n');
    expect(lines).toContain('turn-access.ended');
    for (const secret of [given.tid, given.password, operatorToken]) expect(lines).not.toContain(secret);
  });

  it('[X.5.2.1 b] by the network with the last flow has none of any session any more', async () => {
    const phone = await edge.registerWith(name, { sid: `${name}-phone` });
    const given = [await ask(phone)];
    await phone.close();
    const laptop = await edge.registerWith(name, { sid: `${name}-laptop` });
    given.push(await ask(laptop));
    await tell('rejected');
    for (const each of given) await isRevoked(each);
  });

  it('[REQ 2.2] [X.5.2.2-3] by a WAF loses that of the session, and keeps those of others', async () => {
    const laptop = await edge.registerWith(name, { sid: `${name}-laptop` });
    const phone = await edge.connect(name);
    const contact = `<sip:${name}@phone.invalid;transport=ws>;+sip.instance="<urn:uuid:${name}-phone>";reg-id=1`;
    const token = await edge.waf.issue(name, { claims: { sid: `${name}-phone` } });
    expect((await phone.register(token, { headers: [['Contact', contact]] })).statusCode).toBe(200);
    const [lost, kept] = [await ask(laptop), await ask(phone)];
    expect((await revoker.revoke({ sid: `${name}-laptop` })).status).toBe(204);
    await isRevoked(lost);
    expect(await isKept(kept.tid)).toBe(true);
    expect(await ask(phone)).toEqual(kept);
    await phone.close();
  });

  it('[REQ 2.2] [X.5.2.2-3] by a WAF loses it also when the connection is gone already', async () => {
    const wic = await edge.register(name);
    const given = await ask(wic);
    await wic.close();
    await revoker.revoke({ sid: name });
    await isRevoked(given);
  });

  it('[REQ 2.2] by one old token loses nothing: the newer one of the session counts', async () => {
    const wic = await edge.registerWith(name, { jti: `${name}-old` });
    const given = await ask(wic);
    const token = await edge.waf.issue(name, { claims: { jti: `${name}-new` } });
    expect((await wic.register(token)).statusCode).toBe(200);
    await revoker.revoke({ jti: `${name}-old` });
    expect(await isKept(given.tid)).toBe(true);
    await revoker.revoke({ jti: `${name}-new` });
    await isRevoked(given);
  });

  it('[O.3.1.1] [X.5.2.2-3] by the core, that finds the credentials wrong, loses it', async () => {
    const digest = new DigestEdge(edge);
    const dora = await digest.register();
    const given = await ask(dora.wic);
    edge.core.answer = (request) => {
      const response = edge.core.answerWell(request);
      return request.method === 'REGISTER' ? { ...response, statusCode: 403 } : response;
    };
    await dora.exchange(dora.client.authorize(dora.wic.create('REGISTER')));
    expect(await dora.wic.closed).toBe(1_008);
    await isRevoked(given);
  });

  it('[X.2.3.3] and calls for help keeps it', async () => {
    const wic = await edge.register(name);
    const given = await ask(wic);
    const sos = ['Contact', `<sip:${name}@sos.invalid;transport=ws;sos>${wic.instance}`] as const;
    expect((await wic.register(await edge.waf.issue(name), { headers: [sos] })).statusCode).toBe(200);
    await tell('rejected');
    expect(await isKept(given.tid)).toBe(true);
    await wic.close();
  });
});

describe('a user who is not put out', () => {
  it.each(events)('[X.5.2.2-3] but whose contact is %s, for the user %s, keeps the credential', async (event) => {
    const wic = await edge.register(name);
    const given = await ask(wic);
    const ended = edge.nextLine('ended by the network');
    await tell(event);
    await ended;
    expect(await isKept(given.tid)).toBe(true);
    await wic.close();
    const again = await edge.register(name);
    expect(await ask(again)).toEqual(given);
    await again.close();
  });

  it('[X.5.2.1 b] but loses the connection keeps the credential: the call goes on', async () => {
    const wic = await edge.register(name);
    const given = await ask(wic);
    wic.socket.terminate();
    const again = await edge.register(name);
    expect(await ask(again)).toEqual(given);
    expect(await isKept(given.tid)).toBe(true);
    await again.close();
  });

  it('[X.5.2.2-3] but signs out keeps what runs, and is given another Tid the next time', async () => {
    const wic = await edge.register(name);
    const given = await ask(wic);
    const goodbye = await wic.register(await edge.waf.issue(name), { headers: [asks, ['Expires', '0']] });
    expect(goodbye.statusCode).toBe(200);
    expect(goodbye.headers.has(cred)).toBe(false);
    expect(await isKept(given.tid)).toBe(true);
    const back = await wic.register(await edge.waf.issue(name), { headers: [asks] });
    expect(parseExtTurnCred(back.headers.first(cred) ?? '').tid).not.toBe(given.tid);
    await wic.close();
  });

  it('[limits] waits for no TURN server', async () => {
    turn.hangs = true;
    const wic = await edge.register(name);
    await ask(wic);
    expect((await revoker.revoke({ sid: name })).status).toBe(204);
    const bye = await edge.core.next(
      ({ method, headers }: SipRequest) => method === 'REGISTER' && headers.first('To') === `<sip:${name}@ims.example>`,
    );
    expect(bye).toBeDefined();
    expect(await edge.operations.metrics.metrics()).toMatch(/ep_cscf_turn_revocations_pending [1-9]/u);
    turn.hangs = false;
    await expect
      .poll(async () => edge.operations.metrics.metrics(), { timeout: 10_000 })
      .toContain('ep_cscf_turn_revocations_pending 0');
    const metrics = await edge.operations.metrics.metrics();
    expect(metrics).toMatch(/ep_cscf_turn_revocations_total\{result="sent"\} \d+/u);
    expect(metrics).toMatch(/ep_cscf_turn_revocations_total\{result="failed"\} 1/u);
  }, 15_000);
});

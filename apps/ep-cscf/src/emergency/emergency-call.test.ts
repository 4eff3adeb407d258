import { createResponse, parseNameAddr, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.startWithECscf();
  carol = await edge.register('carol');
});
beforeEach(() => {
  edge.core.requests.length = 0;
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
});
afterAll(() => edge.stop());

const sos = { requestUri: 'urn:service:sos', headers: [['To', '<urn:service:sos>']] } as const;

function atCore(method: string): Promise<SipRequest> {
  return edge.core.next((request) => request.method === method);
}

/** What follows in the dialog of `invite`, as its caller sends it. */
async function inDialog(caller: WicClient, sender: WicClient, method: string): Promise<SipRequest> {
  return inDialogOf(await atCore('INVITE'), sender, method, caller);
}

function inDialogOf(invite: SipRequest, sender: WicClient, method: string, caller = sender): SipRequest {
  const [own = ''] = invite.headers.all('Record-Route');
  const headers = ['From', 'Call-ID'].map((name) => [name, invite.headers.first(name) ?? ''] as const);
  const to = ['To', '<urn:service:sos>;tag=core'] as const;
  const requestUri = `sip:psap@127.0.0.1:${edge.core.ports.sCscf};transport=tls`;
  const contact = ['Contact', caller.contact] as const;
  return sender.create(method, { requestUri, headers: [...headers, to, contact, ['Route', own]] });
}

/** What the one who was called sends in the dialog of `invite`. */
function toCaller({ headers }: SipRequest, caller: WicClient, method: string): SipRequest {
  const fields = [
    ['Route', headers.first('Record-Route') ?? ''],
    ['From', '<urn:service:sos>;tag=core'],
    ['To', headers.first('From') ?? ''],
    ['Call-ID', headers.first('Call-ID') ?? ''],
  ] as const;
  const request = caller.create(method, { requestUri: parseNameAddr(caller.contact).uri, headers: fields });
  return { ...request, headers: request.headers.without('Via') };
}

function cancelled({ headers }: SipRequest): string {
  return (headers.first('CSeq') ?? '').replace('INVITE', 'CANCEL');
}

describe('an emergency call', () => {
  it('[X.2.3.3] [O.2.3] [eP-CSCF 13] of nobody in particular goes to the E-CSCF, without any identity', async () => {
    const bob = await edge.connect('bob');
    const spoofed = [
      ['P-Asserted-Identity', '<sip:carol@ims.example>'],
      ['P-Preferred-Identity', '<sip:carol@ims.example>'],
      ['Route', '<sip:evil.example;lr>'],
      ['Authorization', 'Bearer abc'],
    ] as const;
    expect((await bob.request('INVITE', { ...sos, headers: [...sos.headers, ...spoofed] })).statusCode).toBe(200);
    const { requestUri, headers } = await atCore('INVITE');
    expect(requestUri).toBe('urn:service:sos');
    expect(headers.all('Route')).toEqual([`<sip:127.0.0.1:${edge.core.ports.sCscf};transport=tls;lr>`]);
    expect(headers.toString()).not.toMatch(/carol|evil|Bearer|P-Preferred/u);
    expect(headers.first('P-Charging-Vector')).toContain('icid-value');
    expect(headers.first('Record-Route')).toMatch(/^<sip:[\w-]+@127\.0\.0\.1:\d+;transport=tls;lr>$/u);
    await bob.close();
  });

  it('[X.2.3.3] of a registered user tells who it is', async () => {
    const bob = await edge.register('bob');
    await bob.request('INVITE', { ...sos, requestUri: 'urn:service:sos.police' });
    expect((await atCore('INVITE')).headers.all('P-Asserted-Identity')).toEqual(['<sip:bob@ims.example>']);
    await bob.close();
  });

  it('[X.2.3.3] is followed by its dialog, both ways, and by nobody else', async () => {
    const bob = await edge.connect('bob');
    await bob.request('INVITE', sos);
    const thief = await edge.connect('bob');
    thief.send(await inDialog(bob, thief, 'ACK'));
    expect((await thief.exchange(await inDialog(bob, thief, 'BYE'))).statusCode).toBe(403);
    bob.send(await inDialog(bob, bob, 'ACK'));
    await atCore('ACK');
    const answered = edge.core.send(toCaller(await atCore('INVITE'), bob, 'BYE'));
    bob.respond(await bob.nextRequest('BYE'), 200);
    expect((await answered).statusCode).toBe(200);
    expect((await bob.exchange(await inDialog(bob, bob, 'BYE'))).statusCode).toBe(200);
    await thief.close();
    await bob.close();
  });

  it.each([
    ['MESSAGE', { requestUri: 'sip:carol@ims.example' }],
    ['INVITE', { requestUri: 'sip:carol@ims.example' }],
    ['INVITE', { requestUri: 'urn:service:counseling' }],
    ['INVITE', { requestUri: 'urn:service:sosx' }],
    ['INVITE', { requestUri: 'sip:112@ims.example;user=phone' }],
    ['INVITE', { requestUri: 'tel:112' }],
    ['SUBSCRIBE', { requestUri: 'urn:service:sos' }],
    ['MESSAGE', { requestUri: 'urn:service:sos' }],
  ])('[X.2.3.3] [eP-CSCF 13] opens no other door: %s %j stays refused', async (method, parts) => {
    const bob = await edge.connect('bob');
    await bob.request('INVITE', sos);
    edge.core.requests.length = 0;
    const { statusCode } = await bob.request(method, parts);
    expect([403, 416]).toContain(statusCode);
    expect(edge.core.requests).toEqual([]);
    const anonymous = [['From', '<sip:anonymous@anonymous.invalid>;tag=1']] as const;
    expect([403, 416]).toContain((await bob.request(method, { ...parts, headers: anonymous })).statusCode);
    expect(edge.core.requests).toEqual([]);
    await bob.close();
  });

  it('[X.2.3.3] is not cut off for want of a registration; who only waits is', async () => {
    const own = await Edge.startWithECscf({ EP_CSCF_REGISTRATION_DEADLINE_MS: '300' });
    const bob = await own.connect('bob');
    expect((await bob.request('INVITE', sos)).statusCode).toBe(200);
    const idle = await own.connect('dave');
    expect(await idle.closed).toBe(1_008);
    expect((await bob.request('INVITE', sos)).statusCode).toBe(200);
    await own.stop();
  });

  it('[TS 24.229 5.2.10] is answered 503 where there is no E-CSCF, and nobody is closed for it', async () => {
    const own = await Edge.start();
    const bob = await own.connect('bob');
    for (let count = 0; count < 12; count += 1) {
      expect((await bob.request('INVITE', sos)).statusCode).toBe(503);
    }
    expect((await bob.register(await own.waf.issue('bob'))).statusCode).toBe(200);
    expect((await bob.request('INVITE', sos)).statusCode).toBe(503);
    await own.stop();
  });

  it('[TS 24.229 5.2.10] [X.2.3.3] says where the caller is: as the network sees it, and as the caller does', async () => {
    const bob = await edge.connect('bob');
    const body = '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>';
    const located = [
      ['Geolocation', '<cid:bob@wic.invalid>'],
      ['Geolocation-Routing', 'yes'],
      ['Content-Type', 'application/pidf+xml'],
      ['P-Access-Network-Info', '3GPP-E-UTRAN-FDD; network-provided'],
      ['P-Access-Network-Info', 'IEEE-802.11ac'],
    ] as const;
    await bob.request('INVITE', { ...sos, headers: [...sos.headers, ...located], body });
    const { headers, body: sent } = await atCore('INVITE');
    expect(headers.first('Geolocation')).toBe('<cid:bob@wic.invalid>');
    expect(headers.first('Geolocation-Routing')).toBe('yes');
    expect(Buffer.from(sent).toString()).toBe(body);
    expect(headers.all('P-Access-Network-Info')).toEqual(['IEEE-802.11ac', 'WebRTC;network-provided']);
    await bob.close();
  });

  it('[X.2.3.3] [O.2.3] of a user whom the core refuses goes through, without an identity', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? createResponse(request, 403, { toTag: 'x' }) : edge.core.answerWell(request);
    const bob = await edge.connect('bob');
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(403);
    edge.core.answer = (request) => edge.core.answerWell(request);
    expect((await bob.request('INVITE', sos)).statusCode).toBe(200);
    expect((await atCore('INVITE')).headers.has('P-Asserted-Identity')).toBe(false);
    await bob.close();
  });

  it('[X.2.3.3] is not cut off by a registration that fails, and is when it is over and nobody registers', async () => {
    const own = await Edge.startWithECscf({ EP_CSCF_REGISTRATION_DEADLINE_MS: '300' });
    const bob = await own.connect('bob');
    await bob.request('INVITE', sos);
    expect((await bob.register(await own.waf.issue('bob', { claims: { exp: 1 } }))).statusCode).toBe(401);
    for (let count = 0; count < 12; count += 1) bob.send(bob.create('MESSAGE'));
    const waiting = await own.connect('dave');
    expect(await waiting.closed).toBe(1_008);
    const invite = await own.core.next(({ method }) => method === 'INVITE');
    const headers = ['From', 'Call-ID'].map((name) => [name, invite.headers.first(name) ?? ''] as const);
    const route = ['Route', invite.headers.first('Record-Route') ?? ''] as const;
    const requestUri = `sip:psap@127.0.0.1:${own.core.ports.sCscf};transport=tls`;
    const to = ['To', '<urn:service:sos>;tag=core'] as const;
    expect((await bob.request('BYE', { requestUri, headers: [...headers, to, route] })).statusCode).toBe(200);
    expect(await bob.closed).toBe(1_008);
    await own.stop();
  });

  it('[X.2.3.3] that is up is not cut off by one more try of it that nobody takes', async () => {
    const own = await Edge.startWithECscf({ EP_CSCF_REGISTRATION_DEADLINE_MS: '300' });
    const bob = await own.connect('bob');
    const headers = [...sos.headers, ['Call-ID', 'one'] as const];
    expect((await bob.request('INVITE', { ...sos, headers })).statusCode).toBe(200);
    own.core.answer = (request) => createResponse(request, 486, { toTag: 'x' });
    expect((await bob.request('INVITE', { ...sos, headers })).statusCode).toBe(486);
    const waiting = await own.connect('dave');
    expect(await waiting.closed).toBe(1_008);
    expect(await own.operations.metrics.metrics()).toContain('ep_cscf_emergency_calls 1');
    own.core.answer = (request) => own.core.answerWell(request);
    expect((await bob.request('INVITE', sos)).statusCode).toBe(200);
    await own.stop();
  });

  it('[X.2.3.3] that nobody takes leaves no call: the deadline holds again', async () => {
    const own = await Edge.startWithECscf({ EP_CSCF_REGISTRATION_DEADLINE_MS: '300' });
    own.core.answer = (request) => createResponse(request, 486, { toTag: 'x' });
    const bob = await own.connect('bob');
    expect((await bob.request('INVITE', sos)).statusCode).toBe(486);
    expect(await bob.closed).toBe(1_008);
    await own.stop();
  });

  it('[X.2.3.3] [eP-CSCF 13] its dialog leads to the E-CSCF only, not by it into the core', async () => {
    const bob = await edge.connect('bob');
    await bob.request('INVITE', sos);
    const [route] = (await atCore('INVITE')).headers.all('Record-Route');
    const message = await inDialog(bob, bob, 'MESSAGE');
    edge.core.requests.length = 0;
    const { iCscf, sCscf } = edge.core.ports;
    const [core, eCscf] = [iCscf, sCscf].map((port) => `<sip:127.0.0.1:${port};transport=tls;lr>`);
    const tries = [
      { requestUri: 'sip:carol@ims.example', detour: `${route}, ${core}` },
      { requestUri: 'sip:carol@ims.example', detour: `${route}, ${eCscf}, ${core}` },
      { requestUri: `sip:127.0.0.1:${iCscf};transport=tls`, detour: `${route}, ${eCscf}` },
    ];
    for (const { requestUri, detour } of tries) {
      const fields = ['From', 'To', 'Call-ID'].map((name) => [name, message.headers.first(name) ?? ''] as const);
      const sent = bob.create('MESSAGE', { requestUri, headers: [...fields, ['Route', detour]] });
      expect((await bob.exchange(sent)).statusCode).toBe(403);
    }
    expect(edge.core.requests).toEqual([]);
    await bob.close();
  });

  it('[X.2.3.3] can be changed by either end, and cancelled, on a connection that never registered', async () => {
    const bob = await edge.connect('bob');
    await bob.request('INVITE', sos);
    const invite = await atCore('INVITE');
    edge.core.requests.length = 0;
    const again = inDialogOf(invite, bob, 'INVITE');
    expect((await bob.exchange(again)).statusCode).toBe(200);
    expect((await atCore('INVITE')).headers.first('To')).toContain(';tag=core');
    const fromPsap = edge.core.send(toCaller(invite, bob, 'INVITE'));
    bob.respond(await bob.nextRequest('INVITE'), 200);
    expect((await fromPsap).statusCode).toBe(200);
    edge.core.requests.length = 0;
    edge.core.answer = (request) => (request.method === 'INVITE' ? undefined : edge.core.answerWell(request));
    const second = bob.create('INVITE', sos);
    bob.send(second);
    const ringing = await atCore('INVITE');
    edge.core.respond(ringing, createResponse(ringing, 180, { toTag: 'core' }));
    await bob.responseTo(second, 180);
    bob.send({ ...second, method: 'CANCEL', headers: second.headers.set('CSeq', cancelled(second)) });
    await atCore('CANCEL');
    edge.core.respond(ringing, createResponse(ringing, 487, { toTag: 'core' }));
    expect((await bob.responseTo(second)).statusCode).toBe(487);
    edge.core.answer = (request) => edge.core.answerWell(request);
    await bob.close();
  });

  it('[TS 24.229 5.2.10] is answered 503 while the E-CSCF cannot be reached, and may be tried again', async () => {
    const own = await Edge.start({ EP_CSCF_ECSCF: '127.0.0.1:9=e-cscf.ims.example' });
    const bob = await own.connect('bob');
    for (let count = 0; count < 3; count += 1) expect((await bob.request('INVITE', sos)).statusCode).toBe(503);
    expect(own.core.requests).toEqual([]);
    await own.stop();
  });

  it('[limits] two are up on a connection, and as many from an address as is configured; others are not harmed', async () => {
    const own = await Edge.startWithECscf({ EP_CSCF_EMERGENCY_CALLS_PER_ADDRESS: '3' });
    const bob = await own.connect('bob');
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await bob.request('INVITE', sos)).statusCode);
    expect(statuses).toEqual([200, 200, 503]);
    const dave = await own.connect('dave');
    expect((await dave.request('INVITE', sos)).statusCode).toBe(200);
    const refused = await dave.request('INVITE', sos);
    expect([refused.statusCode, refused.headers.has('Retry-After')]).toEqual([503, true]);
    const alice = await own.register('alice');
    expect(await own.tryService(alice)).toBe(200);
    await own.stop();
  });
});

import { createResponse, Headers, noBody, type SipRequest, type SipResponse } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;
let bob: WicClient;

beforeAll(async () => {
  edge = await Edge.startWithECscf();
  carol = await edge.register('carol');
});
beforeEach(async () => {
  edge.core.answer = (request) => edge.core.answerWell(request);
  edge.core.requests.length = 0;
  bob = await edge.register('bob');
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
  await bob.close();
});
afterAll(() => edge.stop());

const sos = { requestUri: 'urn:service:sos', headers: [['To', '<urn:service:sos>']] } as const;

function emergencyContact(wic: WicClient): readonly [string, string] {
  return ['Contact', `<sip:${wic.name}@sos.invalid;transport=ws;sos>${wic.instance}`];
}

async function registerForEmergency(wic: WicClient, name = wic.name): Promise<SipResponse> {
  const own = [
    emergencyContact(wic),
    ['From', `<sip:${name}@ims.example>;tag=sos`],
    ['To', `<sip:${name}@ims.example>`],
  ];
  return wic.register(await edge.waf.issue(name), { headers: own as [string, string][] });
}

function lastPath(): string {
  return edge.core.requests.findLast(({ method }) => method === 'REGISTER')?.headers.first('Path') ?? '';
}

/** A message of the core along `path`. */
function messageTo(path: string): SipRequest {
  const headers = Headers.of(
    ['Max-Forwards', '60'],
    ['From', '<sip:psap@ims.example>;tag=p'],
    ['To', '<sip:bob@ims.example>'],
    ['Call-ID', `psap-${edge.core.requests.length}`],
    ['CSeq', '1 MESSAGE'],
    ['Route', path],
  );
  return { method: 'MESSAGE', requestUri: 'sip:bob@sos.invalid;transport=ws', headers, body: noBody };
}

describe('an emergency registration', () => {
  it('[TS 24.229 7.2A.13] [X.2.3.3] passes to the core with its contact as it is', async () => {
    expect((await registerForEmergency(bob)).statusCode).toBe(200);
    const register = edge.core.requests.findLast(({ method }) => method === 'REGISTER');
    expect(register?.headers.first('Contact')).toContain('<sip:bob@sos.invalid;transport=ws;sos>');
  });

  it('[TS 24.229 7.2A.13] stands beside the ordinary one of the same flow; each has a way of its own', async () => {
    const ordinary = lastPath();
    await registerForEmergency(bob);
    const emergency = lastPath();
    expect(await edge.tryService(bob)).toBe(200);
    for (const path of [ordinary, emergency]) {
      bob.requests.length = 0;
      const back = edge.core.send(messageTo(path));
      bob.respond(await bob.nextRequest('MESSAGE'), 200);
      expect((await back).headers.first('P-Asserted-Identity')).toBe('<sip:bob@ims.example>');
    }
    await bob.register(await edge.waf.issue('bob'), { headers: [['Expires', '0']] });
    expect((await edge.core.send(messageTo(ordinary))).statusCode).toBe(430);
    bob.requests.length = 0;
    const back = edge.core.send(messageTo(emergency));
    bob.respond(await bob.nextRequest('MESSAGE'), 200);
    expect((await back).statusCode).toBe(200);
  });

  it('[TS 24.229 7.2A.13] on a new connection of the same instance leaves the ordinary one where it is', async () => {
    const second = await edge.connect('bob');
    expect((await registerForEmergency(second)).statusCode).toBe(200);
    expect(await edge.tryService(bob)).toBe(200);
    await second.close();
    expect(await edge.tryService(bob)).toBe(200);
  });

  it('[TS 24.229 5.1.6.6] is not taken back by Contact: *', async () => {
    await registerForEmergency(bob);
    const emergency = lastPath();
    await bob.register(await edge.waf.issue('bob'), {
      headers: [
        ['Contact', '*'],
        ['Expires', '0'],
      ],
    });
    expect(await edge.tryService(bob)).toBe(403);
    const back = edge.core.send(messageTo(emergency));
    bob.respond(await bob.nextRequest('MESSAGE'), 200);
    expect((await back).statusCode).toBe(200);
  });

  it('[6.1.1] [X.2.3.3] survives an ordinary registration that fails: the connection stays', async () => {
    const second = await edge.connect('bob');
    await registerForEmergency(second);
    expect((await second.register(await edge.waf.issue('bob', { claims: { exp: 1 } }))).statusCode).toBe(401);
    expect((await second.request('INVITE', sos)).statusCode).toBe(200);
    const invite = await edge.core.next(({ method }) => method === 'INVITE');
    expect(invite.headers.all('P-Asserted-Identity')).toEqual(['<sip:bob@ims.example>']);
    await second.close();
  });

  it('[6.1.1] that fails itself leaves the ordinary one', async () => {
    edge.core.answer = (request) =>
      request.method === 'REGISTER' && request.headers.first('Contact')?.includes(';sos') === true
        ? createResponse(request, 500, { toTag: 'x' })
        : edge.core.answerWell(request);
    expect((await registerForEmergency(bob)).statusCode).toBe(500);
    expect(await edge.tryService(bob)).toBe(200);
  });

  it('[O.2.3] [eP-CSCF 13] is good for calls for help, and for nothing else that starts here', async () => {
    const second = await edge.connect('bob');
    await registerForEmergency(second);
    expect(await edge.tryService(second)).toBe(403);
    expect((await second.request('INVITE', { requestUri: 'sip:carol@ims.example' })).statusCode).toBe(403);
    expect((await second.request('INVITE', sos)).statusCode).toBe(200);
    await second.close();
  });

  it('[O.4.3] of another user on a bound connection is refused, and the connection closed', async () => {
    expect((await registerForEmergency(bob, 'alice')).statusCode).toBe(403);
    expect(await bob.closed).toBe(1_008);
    bob = await edge.register('bob');
  });

  it('[O.4.3] holds the connection for its user too', async () => {
    const second = await edge.connect('bob');
    await registerForEmergency(second);
    const other = await edge.waf.issue('alice');
    const named = [
      ['From', '<sip:alice@ims.example>;tag=a'],
      ['To', '<sip:alice@ims.example>'],
    ] as const;
    expect((await second.register(other, { headers: named })).statusCode).toBe(403);
    await second.close();
  });

  it('[TS 24.229 5.2.3] is not watched: nobody ends it', async () => {
    const dave = await edge.connect('dave');
    await registerForEmergency(dave);
    const erin = await edge.register('erin');
    await edge.core.nextSubscribe(({ requestUri }) => requestUri === 'sip:erin@ims.example');
    expect(edge.core.subscribes.some(({ requestUri }) => requestUri === 'sip:dave@ims.example')).toBe(false);
    await dave.close();
    await erin.close();
  });

  it('[P.4.1] any scheme will do, and the ordinary registration keeps its own', async () => {
    edge.core.answer = (request) =>
      request.headers.first('Contact')?.includes(';sos') === true && !request.headers.has('Authorization')
        ? createResponse(request, 401, {
            toTag: 'x',
            headers: [['WWW-Authenticate', 'Digest realm="ims.example", nonce="n"']],
          })
        : edge.core.answerWell(request);
    const challenged = await bob.request('REGISTER', { headers: [emergencyContact(bob)] });
    expect(challenged.statusCode).toBe(401);
    const credentials =
      'Digest username="bob@ims.example", realm="ims.example", nonce="n", uri="sip:ims.example", response="00000000000000000000000000000000"';
    const answer = { headers: [emergencyContact(bob), ['Authorization', credentials] as const] };
    expect((await bob.request('REGISTER', answer)).statusCode).toBe(200);
    const sent = edge.core.requests.findLast(({ method }) => method === 'REGISTER');
    expect(sent?.headers.first('Authorization')).toContain('integrity-protected="tls-pending"');
    expect((await bob.register(await edge.waf.issue('bob'))).statusCode).toBe(200);
  });
});

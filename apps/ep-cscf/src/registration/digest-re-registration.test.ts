import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DigestEdge, identity, unanswered } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import type { WicClient } from '../testing/wic-client.ts';

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

describe('re-registration', () => {
  it('[O.4.3] [eP-CSCF 6] on the bound connection is tls-yes', async () => {
    const dora = await digest.register();
    expect((await dora.register()).statusCode).toBe(200);
    expect(digest.indicators).toEqual([undefined, 'tls-pending', 'tls-yes']);
    await dora.wic.close();
  });

  it('[O.4.3] [eP-CSCF 6] is tls-yes without an answer too, which the core may accept', async () => {
    const dora = await digest.register();
    digest.registrar.skipsBound = true;
    expect((await dora.wic.request('REGISTER', { headers: [unanswered()] })).statusCode).toBe(200);
    expect(digest.indicators.at(-1)).toBe('tls-yes');
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[O.4.3] [eP-CSCF 6] without a private identity says nothing, and is challenged, not by Bearer', async () => {
    const dora = await digest.register();
    digest.registrar.skipsBound = true;
    const response = await dora.wic.request('REGISTER');
    expect(response.statusCode).toBe(401);
    expect(response.headers.toString()).not.toContain('Bearer');
    expect(digest.registers.at(-1)?.headers.has('Authorization')).toBe(false);
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[O.4.3] [eP-CSCF 6] of another user on a bound connection: 403, close 1008, nothing reaches the core', async () => {
    const dora = await digest.register();
    digest.registrar.skipsBound = true;
    edge.core.requests.length = 0;
    const headers = [unanswered('', 'erik@ims.example')];
    expect((await dora.wic.request('REGISTER', { headers })).statusCode).toBe(403);
    expect(await dora.wic.closed).toBe(1_008);
    expect(digest.registers).toEqual([]);
  });

  it('[RFC 7542 2.5] knows the private identity in another case of its domain', async () => {
    const dora = await digest.register();
    await dora.wic.request('REGISTER', { headers: [unanswered('', 'dora@IMS.Example')] });
    expect(digest.indicators.at(-1)).toBe('tls-yes');
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[O.4.3] with a claim of more than the session is worth gets what it is worth', async () => {
    const dora = await digest.register();
    await dora.wic.request('REGISTER', { headers: [unanswered(',integrity-protected="auth-done"')] });
    expect(digest.indicators.at(-1)).toBe('tls-yes');
    await dora.wic.close();
  });

  it('[N.2.1] adds another identity of the user to the binding, and no other', async () => {
    const dora = await digest.register();
    const own = identity('dora-2');
    expect((await dora.register({ headers: own })).statusCode).toBe(200);
    const foreign = identity('erik');
    expect((await dora.register({ headers: foreign })).statusCode).toBe(403);
    expect(await dora.wic.closed).toBe(1_008);
  });

  it('[6.1.1] that the core cannot decide leaves the binding', async () => {
    const dora = await digest.register();
    edge.core.answer = (request) => {
      const response = edge.core.answerWell(request);
      return request.method === 'REGISTER' ? { ...response, statusCode: 500 } : response;
    };
    expect((await dora.register()).statusCode).toBe(500);
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[P.3] by Digest on a connection bound by Bearer: 403, and the binding stays', async () => {
    const erik = await edge.register('erik');
    edge.core.requests.length = 0;
    const headers = [unanswered('', 'erik@ims.example')];
    expect((await erik.request('REGISTER', { headers })).statusCode).toBe(403);
    expect(digest.registers).toEqual([]);
    expect(await edge.tryService(erik)).toBe(200);
    await erik.close();
  });

  it('[P.3] by Bearer on a connection bound by Digest: 403, and the binding stays', async () => {
    const dora = await digest.register();
    edge.core.requests.length = 0;
    expect((await dora.wic.register(await edge.waf.issue('dora'))).statusCode).toBe(403);
    expect(digest.registers).toEqual([]);
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[P.3] may choose again once the binding has ended', async () => {
    const dora = await digest.register();
    expect((await dora.register({ headers: [['Expires', '0']] })).statusCode).toBe(200);
    expect((await dora.wic.register(await edge.waf.issue('dora'))).statusCode).toBe(200);
    await dora.wic.close();
  });
});

describe('deregistration by SIP Digest', () => {
  it.each([
    ['expires 0', [['Expires', '0']]],
    [
      'Contact *',
      [
        ['Contact', '*'],
        ['Expires', '0'],
      ],
    ],
  ] as const)('[24.229 5.2.5] by %s is tls-yes and ends the binding', async (_way, headers) => {
    const dora = await digest.register();
    expect((await dora.register({ headers })).statusCode).toBe(200);
    expect(digest.indicators.at(-1)).toBe('tls-yes');
    expect(await edge.tryService(dora.wic)).toBe(403);
    expect((await dora.register()).statusCode).toBe(200);
    expect(digest.indicators.at(-1)).toBe('tls-pending');
    await dora.wic.close();
  });

  it('[O.4.3] of somebody else is refused, and she stays registered', async () => {
    const dora = await digest.register();
    const erik = await digest.register('erik');
    const headers = [...identity('dora'), ['Contact', '*'], ['Expires', '0']] as const;
    expect((await erik.register({ headers })).statusCode).toBe(403);
    expect(await erik.wic.closed).toBe(1_008);
    expect(await edge.tryService(dora.wic)).toBe(200);
    await dora.wic.close();
  });

  it('[RFC 5626 5.3] a newer connection of the same instance takes the flow over; the older is closed with 4000', async () => {
    const old = await digest.register();
    const newer = await digest.register();
    expect(await old.wic.closed).toBe(4_000);
    expect(await edge.tryService(newer.wic)).toBe(200);
    await newer.wic.close();
  });
});

import { parseContact, type SipRequest } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findCredentials } from '../testing/digest-edge.ts';
import { Edge } from '../testing/edge.ts';
import { Revoker } from '../testing/revoker.ts';
import type { WicClient } from '../testing/wic-client.ts';

const wwsfs = [{ client_id: 'web', identity: 'wwsf.partner.example' }];
let edge: Edge;
let revoker: Revoker;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start({ EP_CSCF_REVOCATIONS: '200' }, wwsfs);
  revoker = await Revoker.open(edge);
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

function deregistrations(): readonly SipRequest[] {
  return edge.core.requests.filter(({ method, headers }) => method === 'REGISTER' && headers.first('Expires') === '0');
}

describe('a token that is revoked', () => {
  it('[X.3.2.3-4] [eP-CSCF 8] registers nobody any more: 401 invalid_token, close 1008, nothing reaches the core', async () => {
    const token = await edge.waf.issue('bob', { claims: { jti: 'bob-revoked' } });
    expect((await revoker.revoke({ jti: 'bob-revoked' })).status).toBe(204);
    const bob = await edge.connect('bob');
    const response = await bob.register(token);
    expect(response.statusCode).toBe(401);
    expect(response.headers.first('WWW-Authenticate')).toContain('error="invalid_token"');
    expect(await bob.closed).toBe(1_008);
    expect(edge.core.requests).toEqual([]);
    const line = edge.lines.findLast((text) => text.includes('register.refused')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ reason: 'access token: revoked' });
    expect(edge.lines.join('')).not.toContain('bob-revoked');
  });

  it('[REQ 2.2] ends what stands on it: deregistered at the core by trusted node authentication, close 1008', async () => {
    const bob = await edge.registerWith('bob', { jti: 'bob-1' });
    const dave = await edge.registerWith('dave', { jti: 'dave-1' });
    edge.core.requests.length = 0;
    expect((await revoker.revoke({ jti: 'bob-1' })).status).toBe(204);
    expect(await bob.closed).toBe(1_008);
    const [request, ...more] = deregistrations();
    expect(more).toEqual([]);
    expect(findCredentials(request)).toMatchObject({ username: 'bob@ims.example', response: '', nonce: '' });
    expect(findCredentials(request)?.params).toEqual(new Map([['integrity-protected', 'auth-done']]));
    expect(request?.requestUri).toBe('sip:ims.example');
    expect(request?.headers.first('To')).toBe('<sip:bob@ims.example>');
    expect(request?.headers.first('From')).toContain('<sip:bob@ims.example>;tag=');
    expect(parseContact(request?.headers.first('Contact') ?? '')).toMatchObject({
      uri: 'sip:bob@bob.invalid;transport=ws',
      instanceId: 'urn:uuid:bob',
      regId: 1,
    });
    expect(request?.headers.first('Path')).toMatch(/;ob>$/u);
    expect(await edge.tryService(dave)).toBe(200);
    await dave.close();
  });

  it.each([
    ['a contact that names a flow, without outbound', (wic: WicClient) => wic.contact + wic.instance],
    ['a contact that names no flow', (wic: WicClient) => wic.contact],
  ])('[RFC 5626 6] is deregistered as it was registered: %s', async (_what, contact) => {
    const bob = await edge.connect('bob');
    const token = await edge.waf.issue('bob', { claims: { jti: 'plain' } });
    await bob.register(token, {
      headers: [
        ['Contact', contact(bob)],
        ['Supported', 'path'],
      ],
    });
    await revoker.revoke({ jti: 'plain', exp: 1_600_000_000 });
    expect(await bob.closed).toBe(1_008);
    const { headers } = deregistrations()[0] ?? { headers: undefined };
    expect(headers?.first('Contact')).toBe(contact(bob));
    expect(headers?.first('Supported')).toBe('path');
    expect(headers?.first('Path')).toMatch(/;lr>$/u);
  });

  it('[REQ 2.2] a session that is revoked ends all its registrations, each identity of each flow, and no other', async () => {
    const first = await edge.registerWith('bob', {
      sid: 'session-1',
      impu: ['sip:bob@ims.example', 'sip:work@ims.example'],
    });
    const work = [
      ['To', '<sip:work@ims.example>'],
      ['From', '<sip:work@ims.example>;tag=w'],
    ] as const;
    const claims = { sid: 'session-1', impu: ['sip:work@ims.example'] };
    expect((await first.register(await edge.waf.issue('bob', { claims }), { headers: work })).statusCode).toBe(200);
    const second = await edge.connect('bob');
    const tablet = `${second.contact};+sip.instance="<urn:uuid:tablet>";reg-id=1`;
    const parts = { headers: [['Contact', tablet]] as const };
    await second.register(await edge.waf.issue('bob', { claims: { sid: 'session-1' } }), parts);
    const other = await edge.registerWith('dave', { sid: 'session-2' });
    edge.core.requests.length = 0;
    expect((await revoker.revoke({ sid: 'session-1' })).status).toBe(204);
    expect(await Promise.all([first.closed, second.closed])).toEqual([1_008, 1_008]);
    expect(deregistrations().map(({ headers }) => headers.first('To'))).toEqual([
      '<sip:bob@ims.example>',
      '<sip:work@ims.example>',
      '<sip:bob@ims.example>',
    ]);
    expect(await edge.tryService(other)).toBe(200);
    await other.close();
  });

  it('[REQ 2.2] the socket is closed within a second where the core does not answer', async () => {
    const bob = await edge.registerWith('bob', { jti: 'bob-2' });
    edge.core.answer = (request) => (request.method === 'REGISTER' ? undefined : edge.core.answerWell(request));
    const started = performance.now();
    expect((await revoker.revoke({ jti: 'bob-2' })).status).toBe(204);
    expect(await bob.closed).toBe(1_008);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(deregistrations()).toHaveLength(1);
  });

  it.each([403, 500])('[REQ 2.2] the socket is closed where the core answers %i', async (statusCode) => {
    const bob = await edge.registerWith('bob', { jti: `bob-${statusCode}` });
    edge.core.answer = (request) =>
      request.method === 'REGISTER' ? { ...edge.core.answerWell(request), statusCode } : edge.core.answerWell(request);
    expect((await revoker.revoke({ jti: `bob-${statusCode}` })).status).toBe(204);
    expect(await bob.closed).toBe(1_008);
    expect(edge.lines.some((line) => line.includes('deregistration.refused'))).toBe(true);
  });

  it('[X.3.2.3-7] the registration stands on the last token that was accepted: an older one ends nothing', async () => {
    const bob = await edge.registerWith('bob', { jti: 'older', sid: 'bob-s' });
    const newer = await edge.waf.issue('bob', { claims: { jti: 'newer', sid: 'bob-s' } });
    expect((await bob.register(newer)).statusCode).toBe(200);
    expect((await revoker.revoke({ jti: 'older' })).status).toBe(204);
    expect(await edge.tryService(bob)).toBe(200);
    expect((await revoker.revoke({ jti: 'newer' })).status).toBe(204);
    expect(await bob.closed).toBe(1_008);
  });

  it('[X.3.2.3-7] one that the core did not accept changes nothing of that', async () => {
    const bob = await edge.registerWith('bob', { jti: 'standing' });
    edge.core.answer = (request) =>
      request.method === 'REGISTER'
        ? { ...edge.core.answerWell(request), statusCode: 500 }
        : edge.core.answerWell(request);
    await bob.register(await edge.waf.issue('bob', { claims: { jti: 'not-accepted' } }));
    edge.core.answer = (request) => edge.core.answerWell(request);
    await revoker.revoke({ jti: 'not-accepted' });
    expect(await edge.tryService(bob)).toBe(200);
    await revoker.revoke({ jti: 'standing' });
    expect(await bob.closed).toBe(1_008);
  });

  it('[X.3.2.3-7] while the core is asked: nothing of it stays, 401, close 1008', async () => {
    const bob = await edge.connect('bob');
    edge.core.answer = (request) => (request.method === 'REGISTER' ? undefined : edge.core.answerWell(request));
    const token = await edge.waf.issue('bob', { claims: { jti: 'in-flight' } });
    const request = bob.create('REGISTER', { headers: [['Authorization', `Bearer ${token}`]] });
    bob.send(request);
    const held = await edge.core.next(({ method }) => method === 'REGISTER');
    expect((await revoker.revoke({ jti: 'in-flight' })).status).toBe(204);
    edge.core.answer = (arrived) => edge.core.answerWell(arrived);
    edge.core.respond(held, edge.core.answerWell(held));
    expect((await bob.responseTo(request)).statusCode).toBe(401);
    expect(await bob.closed).toBe(1_008);
    expect(deregistrations()).toHaveLength(1);
  });

  it('[REQ 2.2] while the core is slow to deregister: who registers again with a good token meanwhile stays', async () => {
    const bob = await edge.registerWith('bob', { jti: 'left' });
    edge.core.answer = (request) =>
      request.headers.first('Expires') === '0' ? undefined : edge.core.answerWell(request);
    const revoked = revoker.revoke({ jti: 'left' });
    await edge.core.next(({ headers }) => headers.first('Expires') === '0');
    expect(await bob.closed).toBe(1_008);
    const again = await edge.registerWith('bob', { jti: 'stays' });
    expect((await revoked).status).toBe(204);
    expect(await edge.tryService(again)).toBe(200);
    await again.close();
  });

  it('[X.3.2.3-7] while the core is asked on a connection that is gone: a newer one of the same flow stays', async () => {
    const left = await edge.connect('bob');
    edge.core.answer = (request) => (request.method === 'REGISTER' ? undefined : edge.core.answerWell(request));
    const token = await edge.waf.issue('bob', { claims: { jti: 'left-behind' } });
    left.send(left.create('REGISTER', { headers: [['Authorization', `Bearer ${token}`]] }));
    const held = await edge.core.next(({ method }) => method === 'REGISTER');
    await left.close();
    edge.core.answer = (request) => edge.core.answerWell(request);
    const bob = await edge.registerWith('bob', { jti: 'newest' });
    expect((await revoker.revoke({ jti: 'left-behind' })).status).toBe(204);
    edge.core.respond(held, edge.core.answerWell(held));
    const settled = await edge.registerWith('dave', { jti: 'dave-2' });
    expect(await edge.tryService(bob)).toBe(200);
    expect(deregistrations()).toEqual([]);
    await settled.close();
    await bob.close();
  });

  it('[REQ 2.1] of a partner: its WAF ends its own, named to the core as it was; not those of another WAF', async () => {
    const bob = await edge.registerWith('bob', { jti: 'same', client_id: 'web' }, edge.partner);
    const dave = await edge.registerWith('dave', { jti: 'same' });
    edge.core.requests.length = 0;
    expect((await revoker.revoke({ jti: 'same' }, edge.partner)).status).toBe(204);
    expect(await bob.closed).toBe(1_008);
    expect(findCredentials(deregistrations()[0])?.params.get('authorization-entity')).toBe('waf.partner.example');
    expect(await edge.tryService(dave)).toBe(200);
    await dave.close();
  });

  it('[X.3.2.3-4] stays so over a restart', async () => {
    const token = await edge.waf.issue('erik', { claims: { jti: 'before-restart' } });
    await revoker.revoke({ jti: 'before-restart' });
    await edge.restart();
    const erik = await edge.connect('erik');
    expect((await erik.register(token)).statusCode).toBe(401);
    expect(await erik.closed).toBe(1_008);
    carol = await edge.register('carol');
  });

  it('[X.3.2.3-4] the operator is told of a list that is damaged, and what can be read of it holds', async () => {
    const token = await edge.waf.issue('erik', { claims: { jti: 'before-damage' } });
    await revoker.revoke({ jti: 'before-damage' });
    edge.damageRevocations();
    await edge.restart();
    expect(edge.lines.find((line) => line.includes('revocations.damaged'))).toContain('"damagedLines":1');
    const erik = await edge.connect('erik');
    expect((await erik.register(token)).statusCode).toBe(401);
    carol = await edge.register('carol');
  });

  it('[X.3.2.3-4] when such tokens have expired anyhow, what stands on it ends, and nothing is remembered', async () => {
    const bob = await edge.registerWith('bob', { jti: 'outlived' });
    expect((await revoker.revoke({ jti: 'outlived', exp: 1_600_000_000 })).status).toBe(204);
    expect(await bob.closed).toBe(1_008);
  });
});

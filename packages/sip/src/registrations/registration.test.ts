import { beforeEach, describe, expect, it } from 'vitest';
import { TransportFailed } from '../errors.ts';
import type { SipRequest } from '../messages/message.ts';
import { createOutboundContact } from '../outbound/outbound-contact.ts';
import { outlineOf } from '../usages/testing/element-pair.ts';
import type { FetchOutcome } from './registration.ts';
import { type Answer, bindAll, contactOf, RegistrarLab } from './testing/registrar-lab.ts';

let lab: RegistrarLab;
beforeEach(() => {
  lab = new RegistrarLab();
});

describe('Registration', () => {
  it('[RFC 3261 10.2] binds, refreshes in time and removes', async () => {
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    expect(registration.state.registered).toMatchObject({ expiresSeconds: 600, own: [{ uri: 'sip:alice@192.0.2.1' }] });
    expect(registration.state.registered?.contacts).toHaveLength(2);
    await lab.clock.run(299_000);
    expect(lab.pair.alice.requests).toHaveLength(1);
    await lab.clock.run(1_100);
    expect(lab.pair.alice.requests).toHaveLength(2);
    registration.unregister();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'CSeq')).toEqual([
      'REGISTER 1 REGISTER',
      'REGISTER 2 REGISTER',
      'REGISTER 3 REGISTER',
    ]);
    expect(outlineOf(lab.pair.alice.requests, 'Expires')).toEqual(['REGISTER 600', 'REGISTER 600', 'REGISTER 0']);
    expect(new Set(lab.pair.alice.requests.map(({ headers }) => headers.first('Call-ID')))).toEqual(new Set(['boot']));
    expect(lab.statuses).toEqual([
      'registering',
      'registered',
      'refreshing',
      'registered',
      'unregistering',
      'unregistered',
    ]);
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });

  it('[RFC 3261 10.2.4] refreshes by the shortest of its contacts, and by Expires where they say nothing', async () => {
    lab.answerTo = () => [200, ['Contact', '<sip:A@h.example>;expires=50, <sip:%62@H.example>'], ['Expires', '30']];
    const registration = lab.create({ contacts: [contactOf('sip:A@h.example'), contactOf('sip:b@h.example')] });
    registration.register();
    await lab.clock.run(10);
    expect(registration.state.registered).toMatchObject({ expiresSeconds: 30, own: [{}, {}] });
    registration.close();
  });

  it('[RFC 3261 10.2.8] asks for more after 423, and keeps to it', async () => {
    lab.answerTo = (request) =>
      Number(request.headers.first('Expires')) < 900 ? [423, ['Min-Expires', '900']] : bindAll(900)(request);
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    registration.register();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Expires')).toEqual(['REGISTER 600', 'REGISTER 900', 'REGISTER 900']);
    expect(lab.statuses).toEqual(['registering', 'registered', 'refreshing', 'registered']);
    registration.close();
  });

  it('[RFC 3261 22.2] answers a 401, each try with a CSeq number of its own', async () => {
    lab.answerTo = (request) => (request.headers.has('Authorization') ? bindAll(600)(request) : [401]);
    const authorize = (request: SipRequest): SipRequest => ({
      ...request,
      headers: request.headers.with('Authorization', 'Digest x'),
    });
    const registration = lab.create({ authorize });
    registration.register();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'CSeq')).toEqual(['REGISTER 1 REGISTER', 'REGISTER 2 REGISTER']);
    expect(registration.state.status).toBe('registered');
    registration.close();
  });

  it('[RFC 3261 22.2] gives up where credentials are refused again and again', async () => {
    lab.answerTo = () => [401];
    lab.create({ authorize: (request) => request }).register();
    await lab.clock.run(10);
    expect([lab.pair.alice.requests.length, lab.states.at(-1)?.failure?.type]).toEqual([4, 'challenged']);
  });

  it('[RFC 3261 10.2] has one REGISTER under way at a time', async () => {
    const registration = lab.create();
    registration.register();
    registration.unregister();
    expect(lab.pair.alice.requests).toHaveLength(1);
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Expires')).toEqual(['REGISTER 600', 'REGISTER 0']);
    expect(lab.statuses).toEqual(['registering', 'unregistering', 'unregistered']);
    expect(registration.state.registered).toBeUndefined();
  });

  it('[RFC 3261 10.2.2] removes a contact that is no longer wanted, and keeps the others', async () => {
    const both = [contactOf('sip:a@h.example'), contactOf('sip:b@h.example')];
    const registration = lab.create({ contacts: both });
    registration.register();
    await lab.clock.run(10);
    registration.register(both.slice(0, 1));
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Contact')).toEqual([
      'REGISTER <sip:a@h.example>',
      'REGISTER <sip:b@h.example>',
      'REGISTER <sip:a@h.example>',
    ]);
    expect(outlineOf(lab.pair.alice.requests, 'Expires').slice(1)).toEqual(['REGISTER 0', 'REGISTER 600']);
    expect(registration.state.registered?.own).toHaveLength(1);
    registration.close();
  });

  it('[RFC 3261 10.2.2] removes a contact that names a time of its own', async () => {
    const params = new Map([
      ['expires', '300'],
      ['q', '0.5'],
    ]);
    const registration = lab.create({ contacts: [{ ...contactOf('sip:a@h.example'), params }] });
    registration.register();
    registration.unregister();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Contact')).toEqual([
      'REGISTER <sip:a@h.example>;expires=300;q=0.5',
      'REGISTER <sip:a@h.example>;q=0.5',
    ]);
  });

  it('[RFC 3261 10.2.2] removes everything with a star, also before it has bound anything', async () => {
    const registration = lab.create();
    registration.unregisterAll();
    await lab.clock.run(10);
    expect([outlineOf(lab.pair.alice.requests, 'Contact'), lab.statuses]).toEqual([
      ['REGISTER *'],
      ['unregistering', 'unregistered'],
    ]);
    expect(lab.pair.alice.requests[0]?.headers.first('Expires')).toBe('0');
  });

  it('[RFC 3261 10.2.3] asks what is bound', async () => {
    const outcomes: FetchOutcome[] = [];
    const registration = lab.create();
    registration.fetch((outcome) => outcomes.push(outcome));
    await lab.clock.run(10);
    lab.answerTo = () => [403];
    registration.fetch((outcome) => outcomes.push(outcome));
    await lab.clock.run(10);
    expect(outcomes).toMatchObject([
      { type: 'fetched', registered: { contacts: [{ uri: 'sip:desk@192.0.2.9' }], own: [] } },
      { type: 'failed', failure: { type: 'refused' } },
    ]);
    const { headers } = lab.pair.alice.requests[0] ?? { headers: undefined };
    expect([headers?.has('Contact'), headers?.has('Expires'), lab.states]).toEqual([false, false, []]);
  });

  it('[RFC 3608 5.1] keeps the Service-Route, P-Associated-URI, Path and what concerns the flow', async () => {
    lab.answerTo = bindAll(
      600,
      ['Service-Route', '<sip:s1.example;lr>, <sip:s2.example;lr>'],
      ['P-Associated-URI', '<sip:alice@ims.example>, <tel:+1>'],
      ['Path', '<sip:p.example;lr;ob>'],
      ['Flow-Timer', '120'],
      ['Require', 'outbound'],
    );
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    expect(registration.state.registered).toMatchObject({
      serviceRoute: ['<sip:s1.example;lr>', '<sip:s2.example;lr>'],
      associatedUris: ['<sip:alice@ims.example>', '<tel:+1>'],
      path: ['<sip:p.example;lr;ob>'],
      flowTimerSeconds: 120,
      usesOutbound: true,
    });
    registration.close();
  });

  it('[RFC 5626 6] finds its binding by instance and flow', async () => {
    const instance = '+sip.instance="<urn:uuid:1>"';
    lab.answerTo = () => [
      200,
      [
        'Contact',
        `<sip:other@h>;${instance};reg-id=2;expires=20, <sip:nat@203.0.113.1:9>;${instance};reg-id=1;expires=90`,
      ],
    ];
    const registration = lab.create({
      contacts: [createOutboundContact({ uri: 'sip:a@10.0.0.1', instanceId: 'urn:uuid:1', regId: 1 })],
    });
    registration.register();
    await lab.clock.run(10);
    expect(registration.state.registered).toMatchObject({
      expiresSeconds: 90,
      own: [{ uri: 'sip:nat@203.0.113.1:9' }],
    });
    registration.close();
  });

  it('[RFC 3261 10.3] shrugs at bindings of others that it cannot read', async () => {
    lab.answerTo = () => [200, ['Contact', '<mailto:a@b>, <>, <sip:alice@192.0.2.1>;expires=60'], ['Flow-Timer', 'x']];
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    expect(registration.state).toMatchObject({ status: 'registered', registered: { expiresSeconds: 60 } });
    registration.close();
  });

  it.each<{ type: string; answer: Answer; details: object }>([
    { type: 'refused', answer: [403], details: { retryAfterSeconds: undefined } },
    { type: 'refused', answer: [503, ['Retry-After', '7 (busy)']], details: { retryAfterSeconds: 7 } },
    { type: 'refused', answer: [503, ['Retry-After', 'x']], details: { retryAfterSeconds: undefined } },
    { type: 'challenged', answer: [407], details: {} },
    { type: 'too brief', answer: [423], details: {} },
    { type: 'too brief', answer: [423, ['Min-Expires', '1']], details: {} },
    { type: 'flow failed', answer: [430], details: {} },
    { type: 'first hop lacks outbound', answer: [439], details: {} },
    { type: 'not bound', answer: [200, ['Contact', '<sip:desk@192.0.2.9>;expires=5']], details: {} },
    { type: 'not bound', answer: [200, ['Contact', '<sip:alice@192.0.2.1>;expires=0']], details: {} },
    { type: 'malformed', answer: [200, ['Contact', '<sip:alice@192.0.2.1>'], ['Expires', 'x']], details: {} },
  ])('[RFC 3261 10.2.7] fails as $type on $answer', async ({ type, answer, details }) => {
    lab.answerTo = () => answer;
    lab.create().register();
    await lab.clock.run(10);
    expect(lab.states.at(-1)).toMatchObject({ status: 'failed', registered: undefined, failure: { type, ...details } });
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });

  it('[RFC 3261 17.1.2.2] fails where nobody answers, and where the flow is gone', async () => {
    lab.answerTo = () => undefined;
    const registration = lab.create();
    registration.register();
    await lab.clock.run(32_100);
    expect(registration.state.failure).toEqual({ type: 'timeout' });
    lab.pair.alice.flow.close();
    registration.register();
    await lab.clock.run(10);
    expect(registration.state.failure).toMatchObject({
      type: 'transport error',
      error: { code: 'ERR_SIP_TRANSPORT_FAILED' },
    });
  });

  it('[RFC 3261 17.1.4] says why where it fails before it could say that it tries', () => {
    const error = new TransportFailed('gone');
    const registration = lab.create({ send: (_, inform) => inform({ type: 'transport error', error }) });
    registration.register();
    expect(lab.states.at(-1)).toMatchObject({ status: 'failed', failure: { type: 'transport error', error } });
    expect(registration.state.failure).toBeDefined();
  });

  it('[RFC 3261 10.2.4] knows that a binding outlives a refresh that failed, until its time is over', async () => {
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    lab.answerTo = () => [500];
    await lab.clock.run(301_000);
    expect(registration.state).toMatchObject({ status: 'failed', registered: { expiresSeconds: 600 } });
    await lab.clock.run(300_000);
    expect(registration.state).toMatchObject({ status: 'failed', registered: undefined, failure: { type: 'refused' } });
    lab.answerTo = bindAll(600);
    registration.register();
    await lab.clock.run(10);
    expect(registration.state).toMatchObject({ status: 'registered', failure: undefined });
    registration.close();
    await lab.clock.run(64_000);
    expect([registration.state.status, lab.clock.pending]).toEqual(['unregistered', 0]);
  });

  it('[RFC 3261 10.2.8] gives up a registrar that never has enough', async () => {
    lab.answerTo = (request) => [423, ['Min-Expires', String(Number(request.headers.first('Expires')) + 1)]];
    lab.create().register();
    await lab.clock.run(1_000);
    expect([lab.pair.alice.requests.length, lab.states.at(-1)?.failure?.type]).toEqual([4, 'too brief']);
  });

  it('[RFC 3261 22.2] answers no challenge after it was closed', async () => {
    lab.answerTo = () => [401];
    const registration = lab.create({ authorize: (request) => request });
    registration.register();
    registration.close();
    await lab.clock.run(64_000);
    expect([lab.pair.alice.requests.length, lab.clock.pending]).toEqual([1, 0]);
  });

  it('[RFC 3261 10.2] wants a contact', () => {
    expect(() => lab.create({ contacts: [] })).toThrow(TypeError);
    expect(() => lab.create().register([])).toThrow(TypeError);
    expect(() => lab.create({ contacts: [contactOf('sip:a>b')] })).toThrow(TypeError);
    expect(() => lab.create().register([contactOf('sip:a>b')])).toThrow(TypeError);
  });
});

import { createResponse, Headers, noBody, parseNameAddr } from '@wicgate/sip';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import { RegistrationNotifier, type ToldContact } from '../testing/registration-notifier.ts';
import type { WicClient } from '../testing/wic-client.ts';

let edge: Edge;
/** Registered before every test: what happens to others must not touch her. */
let carol: WicClient;
let number = 0;
let name = '';
let wic: WicClient;

beforeAll(async () => {
  edge = await Edge.start();
  carol = await edge.register('carol');
});
beforeEach(async () => {
  number += 1;
  name = `user${number}`;
  wic = await edge.register(name);
});
afterEach(async () => {
  expect(await edge.tryService(carol)).toBe(200);
  await wic.close();
});
afterAll(() => edge.stop());

function told(event: ToldContact['event'], changes: Partial<ToldContact> = {}): ToldContact {
  const params = [
    ['+sip.instance', `"<urn:uuid:${name}>"`],
    ['reg-id', '1'],
  ] as const;
  return { aor: `sip:${name}@ims.example`, uri: `sip:${name}@${name}.invalid;transport=ws`, event, params, ...changes };
}

const notifier = (count = 1): Promise<RegistrationNotifier> =>
  RegistrationNotifier.of(edge.core, `sip:${name}@ims.example`, count);

/** With the first state told. */
async function watched(): Promise<RegistrationNotifier> {
  const event = await notifier();
  expect((await event.notify([told('registered')])).statusCode).toBe(200);
  return event;
}

describe('the subscription to the registration event', () => {
  it('[TS 24.229 5.2.3] [eP-CSCF 22] is asked for after the first registration of a user, as the P-CSCF', async () => {
    const { subscribe } = await watched();
    const { requestUri, headers } = subscribe;
    const own = `<sip:127.0.0.1:${edge.mwPort};transport=tls>`;
    expect(requestUri).toBe(`sip:${name}@ims.example`);
    expect(headers.first('To')).toBe(`<sip:${name}@ims.example>`);
    expect(parseNameAddr(headers.first('From') ?? '').uri).toBe(parseNameAddr(own).uri);
    expect(headers.all('P-Asserted-Identity')).toEqual([own]);
    expect(headers.first('Contact')).toBe(`<sip:reg@127.0.0.1:${edge.mwPort};transport=tls>`);
    expect([headers.first('Event'), headers.first('Accept')]).toEqual(['reg', 'application/reginfo+xml']);
    // The registration lasts 600 s.
    expect(Number(headers.first('Expires'))).toBeGreaterThan(600);
    expect(headers.first('P-Charging-Vector')).toContain('orig-ioi="Type 1ims.example"');
    const register = edge.core.requests.findLast(({ method }) => method === 'REGISTER');
    expect(register?.headers.first('Path')).toContain(`@127.0.0.1:${edge.mwPort};`);
  });

  it('[TS 24.229 5.2.3] [eP-CSCF 22] is one, whatever is refreshed and however many flows there are', async () => {
    await watched();
    await wic.register(await edge.waf.issue(name));
    const second = await edge.connect(name);
    const contact = `<sip:${name}@second.invalid;transport=ws>;+sip.instance="<urn:uuid:second>";reg-id=1`;
    await second.register(await edge.waf.issue(name), { headers: [['Contact', contact]] });
    const other = await edge.register(`${name}b`);
    await edge.core.nextSubscribe(({ requestUri }) => requestUri === `sip:${name}b@ims.example`);
    expect(edge.core.subscribes.filter(({ requestUri }) => requestUri === `sip:${name}@ims.example`)).toHaveLength(1);
    await second.close();
    await other.close();
  });

  it('[TS 24.229 5.2.3] is left with the last flow, and refreshed by the Contact of the core', async () => {
    const { subscribe } = await watched();
    const callId = subscribe.headers.first('Call-ID');
    await wic.close();
    const last = await edge.core.nextSubscribe(
      ({ headers }) => headers.first('Call-ID') === callId && headers.first('Expires') === '0',
    );
    expect(last.requestUri).toBe(`sip:reg@127.0.0.1:${edge.core.ports.sCscf};transport=tls`);
    expect(last.headers.first('To')).toContain(';tag=core');
    expect(last.headers.first('P-Asserted-Identity')).toBe(`<sip:127.0.0.1:${edge.mwPort};transport=tls>`);
  });

  it('[TS 24.229 5.2.3] that is refused harms no registration, is told the operator, and is tried again', async () => {
    edge.core.answerSubscribe = (request) => createResponse(request, 500, { toTag: 'x' });
    const bob = await edge.register('bob');
    await edge.core.nextSubscribe(({ requestUri }) => requestUri === 'sip:bob@ims.example');
    edge.core.answerSubscribe = (request) =>
      createResponse(request, 200, { toTag: 'x', headers: [['Expires', '600']] });
    expect(await edge.tryService(bob)).toBe(200);
    await edge.core.nextSubscribe(({ requestUri }) => requestUri === 'sip:bob@ims.example', 2);
    expect(await edge.tryService(bob)).toBe(200);
    const line = edge.lines.find((text) => text.includes('registration-event.failed'));
    expect(line).toContain('"reason":"refused"');
    expect(line).not.toContain('bob');
    expect(await edge.operations.metrics.metrics()).toContain('_subscription_failures_total{reason="refused"} 1');
    await bob.close();
  });

  it('[RFC 6665 4.1.3] a NOTIFY of no subscription is answered 481, and one of a stranger 403', async () => {
    const event = await watched();
    const stray = new RegistrationNotifier(edge.core, {
      ...event.subscribe,
      headers: event.subscribe.headers.set('Call-ID', 'other'),
    });
    expect((await stray.notify([told('rejected')])).statusCode).toBe(481);
    const request = {
      method: 'NOTIFY',
      requestUri: `sip:reg@127.0.0.1:${edge.mwPort};transport=tls`,
      headers: Headers.of(
        ['Max-Forwards', '70'],
        ['From', '<sip:x@ims.example>;tag=core'],
        ['To', event.subscribe.headers.first('From') ?? ''],
        ['Call-ID', event.subscribe.headers.first('Call-ID') ?? ''],
        ['CSeq', '9 NOTIFY'],
      ),
      body: noBody,
    };
    const stranger = await edge.identity('stranger.ims.example');
    const flow = await edge.core.endpoint.connectTls({
      host: 'localhost',
      port: edge.mwPort,
      serverName: 'ep-cscf.ims.example',
      tls: stranger,
    });
    const statusCode = await new Promise<number>((resolve) => {
      edge.core.endpoint.layer.request(request, flow, (each) => {
        if (each.type === 'response') resolve(each.response.statusCode);
      });
    });
    expect(statusCode).toBe(403);
    expect(await edge.tryService(wic)).toBe(200);
  });
});

describe('a notification', () => {
  it('[TS 24.229 5.2.3] [eP-CSCF 22] rejected: the flow ends and its connection is closed with 1008, within a second', async () => {
    const event = await watched();
    const start = performance.now();
    await event.notify([told('rejected')], { subscriptionState: 'terminated;reason=noresource' });
    expect(await wic.closed).toBe(1_008);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it.each(['deactivated', 'probation'] as const)(
    '[TS 24.229 5.2.3] [eP-CSCF 22] %s: the flow ends with 4001, and the user registers anew',
    async (ending) => {
      const event = await watched();
      await event.notify([told(ending)], { subscriptionState: 'terminated;reason=noresource' });
      expect(await wic.closed).toBe(4_001);
      wic = await edge.register(name);
      await (await notifier(2)).notify([told('registered')]);
      expect(await edge.tryService(wic)).toBe(200);
    },
  );

  it.each(['unregistered', 'expired'] as const)(
    '[TS 24.229 5.2.3] [eP-CSCF 22] %s: the flow ends, and the connection stays',
    async (ending) => {
      const event = await watched();
      const ended = edge.nextLine('flow.ended');
      await event.notify([told(ending)], { subscriptionState: 'terminated;reason=noresource' });
      await ended;
      expect(await edge.tryService(wic)).toBe(403);
      expect((await wic.register(await edge.waf.issue(name))).statusCode).toBe(200);
    },
  );

  it('[RFC 3680 5.1] shortened: the binding ends then, unless the user registers again', async () => {
    const event = await watched();
    const ended = edge.nextLine('flow.ended');
    await event.notify([told('shortened', { expiresSeconds: 1 })]);
    expect(await ended).toContain('"end":"expired"');
    expect(await edge.tryService(wic)).toBe(403);
  });

  it('[6.1.4] [N.2.4] [RFC 3680 5.1] shortened: a user who registers again in time stays', async () => {
    const event = await watched();
    await event.notify([told('shortened', { expiresSeconds: 1 })]);
    await wic.register(await edge.waf.issue(name));
    await event.notify([told('refreshed')]);
    const other = await edge.register(`${name}b`);
    const ended = edge.nextLine('flow.ended');
    await (await RegistrationNotifier.of(edge.core, `sip:${name}b@ims.example`)).notify([
      told('shortened', {
        aor: `sip:${name}b@ims.example`,
        uri: `sip:${name}b@${name}b.invalid;transport=ws`,
        params: [],
        expiresSeconds: 1,
      }),
    ]);
    await ended;
    expect(await edge.tryService(other)).toBe(403);
    expect(await edge.tryService(wic)).toBe(200);
    await other.close();
  });

  it('[RFC 5626 6] of the page before, whose flow this one has taken over, ends nothing', async () => {
    const event = await watched();
    const again = await edge.connect(name);
    const contact = `<sip:${name}@again.invalid;transport=ws>${wic.instance}`;
    await again.register(await edge.waf.issue(name), { headers: [['Contact', contact]] });
    await event.notify([
      told('unregistered'),
      told('rejected'),
      told('registered', { uri: `sip:${name}@again.invalid;transport=ws` }),
    ]);
    expect(await edge.tryService(again)).toBe(200);
    expect(again.socket.readyState).toBe(again.socket.OPEN);
    wic = again;
  });

  it('[TS 24.229 5.2.3] takes an identity away: it is asserted no more, the others are', async () => {
    const event = await watched();
    const tel = `tel:+4930${`sip:${name}@ims.example`.length}`;
    await event.notify([told('registered'), told('rejected', { aor: tel })]);
    const preferred = [['P-Preferred-Identity', `<${tel}>`]] as const;
    await wic.request('MESSAGE', { requestUri: 'sip:carol@ims.example', headers: preferred });
    const sent = edge.core.requests.findLast(({ method }) => method === 'MESSAGE');
    expect(sent?.headers.all('P-Asserted-Identity')).toEqual([`<sip:${name}@ims.example>`]);
  });

  it('[RFC 3680 5.2] after a gap, or one that cannot be read, the full state is asked for, once', async () => {
    const event = await watched();
    event.leaveGap();
    await event.notify([told('registered')], { state: 'partial' });
    await event.send(Buffer.from('<reginfo'));
    await event.send(Buffer.from('<reginfo'));
    const callId = event.subscribe.headers.first('Call-ID');
    const ofThis = edge.core.nextSubscribe(({ headers }) => headers.first('Call-ID') === callId, 2);
    expect((await ofThis).headers.first('CSeq')).toBe('2 SUBSCRIBE');
    expect(await edge.tryService(wic)).toBe(200);
    expect(edge.core.subscribes.filter(({ headers }) => headers.first('Call-ID') === callId)).toHaveLength(2);
  });

  it('[RFC 3680 5.2] full state without the contact: it is gone, and the user registers anew', async () => {
    const event = await watched();
    await event.notify([told('registered', { uri: 'sip:else@else.invalid;transport=ws', params: [] })]);
    expect(await wic.closed).toBe(4_001);
  });

  it('[TS 24.229 5.2.3] does not cut off a call for help', async () => {
    const own = await Edge.startWithECscf();
    const bob = await own.register('bob');
    const event = await RegistrationNotifier.of(own.core, 'sip:bob@ims.example');
    const contact = { aor: 'sip:bob@ims.example', uri: 'sip:bob@bob.invalid;transport=ws' } as const;
    await event.notify([{ ...contact, event: 'registered' }]);
    const sos = { requestUri: 'urn:service:sos', headers: [['To', '<urn:service:sos>']] } as const;
    expect((await bob.request('INVITE', sos)).statusCode).toBe(200);
    await event.notify([{ ...contact, event: 'rejected' }], { subscriptionState: 'terminated;reason=noresource' });
    expect(await own.tryService(bob)).toBe(403);
    expect((await bob.request('INVITE', sos)).statusCode).toBe(200);
    await own.stop();
  });
});

describe('the subscription of a WIC itself', () => {
  it('[TS 24.229 5.1.1.3] passes to the core with the identity of the user, and NOTIFY passes back', async () => {
    const headers = [
      ['Event', 'reg'],
      ['Accept', 'application/reginfo+xml'],
      ['To', `<sip:${name}@ims.example>`],
    ] as const;
    const response = await wic.request('SUBSCRIBE', { requestUri: `sip:${name}@ims.example`, headers });
    expect(response.statusCode).toBe(200);
    const sent = await edge.core.next(
      ({ method, requestUri }) => method === 'SUBSCRIBE' && requestUri.includes(`${name}@`),
    );
    expect(sent.headers.all('P-Asserted-Identity')).toEqual([`<sip:${name}@ims.example>`]);
    const notify = {
      method: 'NOTIFY',
      requestUri: parseNameAddr(wic.contact).uri,
      headers: Headers.of(
        ['Max-Forwards', '70'],
        ['From', `<sip:${name}@ims.example>;tag=core`],
        ['To', sent.headers.first('From') ?? ''],
        ['Call-ID', sent.headers.first('Call-ID') ?? ''],
        ['CSeq', '1 NOTIFY'],
        ['Route', sent.headers.first('Record-Route') ?? ''],
        ['Event', 'reg'],
        ['Subscription-State', 'active;expires=600'],
      ),
      body: noBody,
    };
    const back = edge.core.send(notify);
    wic.respond(await wic.nextRequest('NOTIFY'), 200);
    expect((await back).statusCode).toBe(200);
  });
});

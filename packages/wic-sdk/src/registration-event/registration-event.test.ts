import type { ReginfoContact } from '@wicgate/reg-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateWicOptions } from '../create-wic.ts';
import { InMemoryWorld, impuOf } from '../testing.ts';

const alice = impuOf('alice');
let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
  world.gateway.registerHeaders = [];
});

const register = async (options: Partial<CreateWicOptions> = {}) => world.register('alice', options);
const requests = (method: string) => world.gateway.requests(method);
const watches = () => world.gateway.registrationEvent.subscriptionsOf(alice);
const aliceContact = (changes: Partial<ReginfoContact>) => world.gateway.registrationEvent.contactOf(alice, changes);

/** The network says that of the contact of Alice. */
async function tell(changes: Partial<ReginfoContact>): Promise<void> {
  world.gateway.registrationEvent.tellOfContact(alice, changes);
  await world.clock.settle();
}

async function tellText(text: string): Promise<void> {
  world.gateway.registrationEvent.tell(alice, text);
  await world.clock.settle();
}

describe('the subscription of a WIC to its registration', () => {
  it('[TS 24.229 5.1.1.3] [WIC 11] follows the first 200, for the default identity, along the Service-Route', async () => {
    world.gateway.registerHeaders = [['Service-Route', '<sip:orig@scscf.ims.example;lr>']];
    const { wic } = await register();
    const [subscribe, ...more] = requests('SUBSCRIBE');
    expect(more).toEqual([]);
    const headers = subscribe?.headers;
    expect(subscribe?.requestUri).toBe(alice);
    expect(headers?.first('From')).toMatch(new RegExp(`^<${alice}>;tag=[0-9a-f]{16}$`, 'u'));
    expect(headers?.first('To')).toBe(`<${alice}>`);
    expect(headers?.all('Route')).toEqual(['<sip:orig@scscf.ims.example;lr>']);
    expect(headers?.first('Event')).toBe('reg');
    expect(headers?.first('Accept')).toBe('application/reginfo+xml');
    expect(headers?.first('Expires')).toBe('600000');
    const contact = requests('REGISTER')[0]?.headers.first('Contact') ?? '';
    expect(headers?.first('Contact')?.split(';+', 1)[0]).toBe(contact.split(';reg-id', 1)[0]);
    expect(contact).toContain(/\+sip\.instance="[^"]+"/u.exec(headers?.first('Contact') ?? '')?.[0]);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 6665 4.1.3] answers its NOTIFYs with 200, on the connection of the registration', async () => {
    await register();
    const answers = world.gateway.responses(200).filter(({ headers }) => headers.first('CSeq')?.endsWith('NOTIFY'));
    expect(answers).toHaveLength(1);
    expect(watches()).toHaveLength(1);
    expect(world.gateway.flows.size).toBe(1);
  });

  it('[TS 24.229 5.1.1.3] is renewed by itself before it ends, and a renewed registration makes no other', async () => {
    world.gateway.grantedSeconds = 2_000;
    world.gateway.registrationEvent.grantedSeconds = 3_600;
    await register();
    await world.clock.advance(2_600_000);
    expect(requests('REGISTER').length).toBeGreaterThan(1);
    expect(requests('SUBSCRIBE')).toHaveLength(1);
    await world.clock.advance(400_000);
    const callIds = new Set(requests('SUBSCRIBE').map(({ headers }) => headers.first('Call-ID')));
    expect(callIds.size).toBe(1);
    expect(requests('SUBSCRIBE')).toHaveLength(2);
    expect(watches()).toHaveLength(1);
  });

  it('[TS 24.229 5.1.1.3] [WIC 14] is made anew on a new connection', async () => {
    const { wic } = await register();
    world.gateway.restart();
    await world.clock.advance(1_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    const callIds = new Set(requests('SUBSCRIBE').map(({ headers }) => headers.first('Call-ID')));
    expect(callIds.size).toBe(2);
    expect(watches()).toHaveLength(1);
  });

  it('[TS 24.229 5.1.1.6] ends with the registration, without a word', async () => {
    const { wic } = await register();
    const left = wic.deregister();
    await world.clock.settle();
    await left;
    expect(requests('SUBSCRIBE')).toHaveLength(1);
    await tell({ state: 'terminated', event: 'unregistered' }).catch(() => undefined);
    await world.clock.advance(100_000);
    expect(wic.registration.getSnapshot().status).toBe('not registered');
    expect(requests('REGISTER')).toHaveLength(2);
  });

  it('[RFC 6665 4.1.3] takes no NOTIFY of another dialog: 481, and nothing changes', async () => {
    const { wic } = await register();
    const [watch] = watches();
    const [flow] = world.gateway.flowsOf(alice);
    if (watch === undefined || flow === undefined) throw new TypeError('expected a subscription');
    const stolen = watch.dialog.createRequest('NOTIFY', {
      headers: [
        ['Event', 'reg'],
        ['Subscription-State', 'active'],
      ],
    });
    for (const changed of [
      stolen.headers.set('Call-ID', 'another'),
      stolen.headers.set('To', `<${alice}>;tag=another`),
      stolen.headers.set('From', `<${alice}>;tag=another`),
      stolen.headers.set('Event', 'presence'),
    ]) {
      world.gateway.send({ ...stolen, headers: changed }, flow);
      await world.clock.settle();
    }
    expect(world.gateway.responses(481)).toHaveLength(4);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });
});

describe('a subscription that fails', () => {
  it.each([
    { statusCode: 489, headers: [], againAfter: undefined },
    { statusCode: 403, headers: [], againAfter: undefined },
    { statusCode: 404, headers: [], againAfter: undefined },
    { statusCode: 407, headers: [], againAfter: undefined },
    { statusCode: 503, headers: [['Retry-After', '600']] as const, againAfter: 600_000 },
    { statusCode: 503, headers: [], againAfter: 90_000 },
    { statusCode: 480, headers: [], againAfter: 90_000 },
  ])('[RFC 6665 4.1.2.2] with $statusCode harms no registration; again after $againAfter ms', async (row) => {
    world.gateway.registrationEvent.decision = { type: 'refuse', statusCode: row.statusCode, headers: row.headers };
    const { wic } = await register();
    expect(wic.registration.getSnapshot().status).toBe('registered');
    world.gateway.registrationEvent.decision = { type: 'accept', state: 'active' };
    await world.clock.advance((row.againAfter ?? 600_000) - 40_000);
    expect(requests('SUBSCRIBE')).toHaveLength(1);
    await world.clock.advance(40_000);
    expect(requests('SUBSCRIBE')).toHaveLength(row.againAfter === undefined ? 1 : 2);
    expect(requests('REGISTER')).toHaveLength(1);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 6665 4.1.2.4] without a NOTIFY, or any answer, is tried again later', async () => {
    world.gateway.onRequest = ({ request }) => request.method === 'SUBSCRIBE';
    const { wic } = await register();
    await world.clock.advance(33_000);
    world.gateway.onRequest = () => false;
    expect(wic.registration.getSnapshot().status).toBe('registered');
    await world.clock.advance(90_000);
    expect(requests('SUBSCRIBE')).toHaveLength(2);
    expect(watches()).toHaveLength(1);
  });

  it.each([
    { reason: 'deactivated', lasted: 100_000, within: 0 },
    { reason: 'timeout', lasted: 100_000, within: 0 },
    { reason: 'deactivated', lasted: 0, within: 90_000 },
    { reason: 'giveup', lasted: 0, within: 90_000 },
    { reason: 'rejected', lasted: 100_000, within: undefined },
    { reason: 'noresource', lasted: 100_000, within: undefined },
  ])('[RFC 6665 4.1.3] ended as $reason after $lasted ms: again within $within ms', async (row) => {
    const { wic } = await register();
    await world.clock.advance(row.lasted);
    world.gateway.registrationEvent.end(alice, row.reason);
    await world.clock.advance(row.within === 90_000 ? 59_000 : 0);
    expect(requests('SUBSCRIBE')).toHaveLength(row.within === 0 ? 2 : 1);
    await world.clock.advance(row.within ?? 600_000);
    expect(requests('SUBSCRIBE')).toHaveLength(row.within === undefined ? 1 : 2);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 6665 4.1.2.2] because its reader cannot be loaded harms no registration either', async () => {
    let loads = 0;
    const importReginfo = () => {
      loads += 1;
      return Promise.reject(new TypeError('no such file'));
    };
    const { wic } = await register({ platform: { importReginfo } });
    expect(wic.registration.getSnapshot().status).toBe('registered');
    await world.clock.advance(90_000);
    expect(loads).toBe(2);
    expect(requests('SUBSCRIBE')).toEqual([]);
  });

  it.each([
    'no XML',
    '',
    '<!DOCTYPE x [<!ENTITY a "a">]><reginfo/>',
    '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="whole"/>',
    `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="full">${'<a>'.repeat(9)}`,
  ])('[RFC 3680 5.4] a document that is none (%#) is asked for again once, and harms nothing', async (text) => {
    const { wic } = await register();
    await tellText(text);
    // The refresh brings the full state, after which the next broken document is asked for again.
    expect(requests('SUBSCRIBE')).toHaveLength(2);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    await tell({ state: 'terminated', event: 'rejected' });
    expect(wic.registration.getSnapshot().status).toBe('failed');
  });

  it('[RFC 3680 5.2] broken documents without end are asked for again once', async () => {
    await register();
    const { registrationEvent } = world.gateway;
    registrationEvent.broken = true;
    await tellText('no XML');
    await tellText('no XML');
    await world.clock.advance(100_000);
    expect(requests('SUBSCRIBE')).toHaveLength(2);
  });

  it('[RFC 3680 5.2] a missing document is asked for, an old one is passed over', async () => {
    const { wic } = await register();
    const { registrationEvent } = world.gateway;
    const registrations = [registrationEvent.registrationOf(alice, aliceContact({ event: 'refreshed' }))];
    registrationEvent.tell(alice, { version: 5, registrations });
    await world.clock.settle();
    expect(requests('SUBSCRIBE')).toHaveLength(2);
    const gone = registrationEvent.registrationOf(alice, aliceContact({ state: 'terminated', event: 'rejected' }));
    registrationEvent.tell(alice, { version: 3, registrations: [gone] });
    await world.clock.settle();
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });
});

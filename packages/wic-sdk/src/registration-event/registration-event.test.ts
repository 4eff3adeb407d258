import type { ReginfoContact } from '@wicgate/reg-event';
import { createResponse } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateWicOptions } from '../create-wic.ts';
import { InMemoryAka, InMemoryDigest, InMemoryWorld, impuOf } from '../testing.ts';

const alice = impuOf('alice');
let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
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
    world.gateway.grantedSeconds = 300_000;
    await register();
    await world.clock.advance(599_500_000);
    expect(requests('REGISTER').length).toBeGreaterThan(1);
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
    await world.clock.advance(1_000_000);
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
    await world.clock.advance((row.againAfter ?? 100_000_000) - 40_000);
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
    await world.clock.advance(row.within ?? 10_000_000);
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

describe('the network asks a registered user to authenticate anew', () => {
  it('[N.2.4] [TS 24.229 5.1.1.5.1] by SIP Digest: a REGISTER at once, challenged, on the same connection', async () => {
    const digest = new InMemoryDigest(world.clock);
    digest.passwords.set('alice@ims.example', 'secret');
    world.gateway.digest = digest;
    const { wic } = await register({ credentials: { kind: 'digest', password: 'secret' } });
    expect(requests('REGISTER')).toHaveLength(2);
    digest.restart();
    await tell({ event: 'shortened', expiresSeconds: 60 });
    expect(requests('REGISTER')).toHaveLength(4);
    expect(world.gateway.responses(200).length).toBeGreaterThan(0);
    expect(world.gateway.flows.size).toBe(1);
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registered', scheme: 'digest' });
  });

  it('[6.1.4] [WIC 5] by AKA: a REGISTER at once, and the SIM answers a new challenge', async () => {
    const home = new InMemoryAka();
    world.gateway.digest = home;
    const { wic } = await register({ credentials: home.credentials('alice-sim@ims.example') });
    await tell({ event: 'shortened', expiresSeconds: 60 });
    const answered = requests('REGISTER').map(
      ({ headers }) => /response="(.*?)"/u.exec(headers.first('Authorization') ?? '')?.[1],
    );
    expect(answered.map((response) => response !== '')).toEqual([false, true, false, true]);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[6.1.4] by a token: a REGISTER at once, with a fresh one', async () => {
    let tokens = 0;
    const accessToken = async () => {
      tokens += 1;
      return `token${tokens}`;
    };
    await register({ accessToken });
    await tell({ event: 'shortened', expiresSeconds: 60 });
    const sent = requests('REGISTER').map(({ headers }) => headers.first('Authorization'));
    expect(sent).toEqual(['Bearer access_token="token1"', 'Bearer access_token="token2"']);
  });

  it('[6.1.4] once for each time it is asked, however often the documents repeat it', async () => {
    await register();
    await tell({ event: 'shortened', expiresSeconds: 60 });
    await tell({ event: 'shortened', expiresSeconds: 59 });
    expect(requests('REGISTER')).toHaveLength(2);
    await tell({ event: 'refreshed' });
    await tell({ event: 'shortened', expiresSeconds: 60 });
    expect(requests('REGISTER')).toHaveLength(3);
  });

  it('[6.1.4] also while a REGISTER is on its way, which may have left before: another one follows it', async () => {
    await register();
    const held: (() => void)[] = [];
    world.gateway.onRequest = ({ request, respond }) => {
      if (request.method !== 'REGISTER') return false;
      const contact = request.headers.first('Contact') ?? '';
      held.push(() => respond(createResponse(request, 200, { toTag: 'gw', headers: [['Contact', contact]] })));
      return true;
    };
    await tell({ event: 'shortened', expiresSeconds: 60 });
    await tell({ event: 'refreshed' });
    await tell({ event: 'shortened', expiresSeconds: 60 });
    expect(requests('REGISTER')).toHaveLength(2);
    held[0]?.();
    await world.clock.advance(1);
    expect(requests('REGISTER')).toHaveLength(3);
  });

  it('[N.2.4] and the password is wrong by now: the registration ends', async () => {
    const digest = new InMemoryDigest(world.clock);
    digest.passwords.set('alice@ims.example', 'secret');
    world.gateway.digest = digest;
    const { wic } = await register({ credentials: { kind: 'digest', password: 'secret' } });
    digest.passwords.set('alice@ims.example', 'changed');
    digest.restart();
    await tell({ event: 'shortened', expiresSeconds: 60 });
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed', detail: 'wrong credentials' });
  });
});

describe('the network ends a registration', () => {
  it('[TS 24.229 5.1.1.7] rejected: failed, the connection is closed, and nothing is tried', async () => {
    const { wic } = await register();
    await tell({ state: 'terminated', event: 'rejected' });
    expect(wic.registration.getSnapshot()).toStrictEqual({
      status: 'failed',
      reason: 'network ended',
      code: 'ERR_WIC_NETWORK_ENDED',
      remedy: 'sign in',
    });
    expect(world.gateway.flows.size).toBe(0);
    await world.clock.advance(100_000);
    expect(requests('REGISTER')).toHaveLength(1);
    wic.close();
    await world.clock.advance(0);
    expect(world.clock.pending).toBe(0);
  });

  it('[TS 24.229 5.1.1.7] rejected in the last NOTIFY of the subscription: the same', async () => {
    const { wic } = await register();
    const gone = aliceContact({ state: 'terminated', event: 'rejected' });
    const { registrationEvent } = world.gateway;
    registrationEvent.end(alice, 'noresource', { registrations: [registrationEvent.registrationOf(alice, gone)] });
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'network ended' });
  });

  it('[TS 24.229 5.1.1.7] [WIC 3] deactivated: registers anew at once, with new credentials and connection', async () => {
    let tokens = 0;
    const accessToken = async () => {
      tokens += 1;
      return `token${tokens}`;
    };
    const { wic } = await register({ accessToken });
    const [before] = world.gateway.flows;
    await tell({ state: 'terminated', event: 'deactivated' });
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(requests('REGISTER').at(-1)?.headers.first('Authorization')).toBe('Bearer access_token="token2"');
    expect([...world.gateway.flows]).toHaveLength(1);
    expect([...world.gateway.flows]).not.toContain(before);
    expect(watches()).toHaveLength(1);
  });

  it('[TS 24.229 5.1.1.7] deactivated again and again: registers anew, but not in haste', async () => {
    const { wic } = await register();
    for (let times = 0; times < 4; times += 1) {
      await tell({ state: 'terminated', event: 'deactivated' });
      const state = wic.registration.getSnapshot();
      expect(state.status).toBe(times === 0 ? 'registered' : 'registering');
      await world.clock.advance(times === 0 ? 0 : 1.5 * 1_000 * 2 ** times);
    }
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(requests('REGISTER')).toHaveLength(5);
  });

  it.each([
    { retryAfterSeconds: 120, waitMs: 120_000 },
    { retryAfterSeconds: undefined, waitMs: 60_000 },
    { retryAfterSeconds: 4_000_000_000, waitMs: 3_600_000 },
  ])('[RFC 3680 5.1] probation for $retryAfterSeconds s: registers anew after $waitMs ms', async (row) => {
    const { wic, wake } = await register();
    await tell({ state: 'terminated', event: 'probation', retryAfterSeconds: row.retryAfterSeconds });
    const retryAtMs = world.clock.now() + row.waitMs;
    expect(wic.registration.getSnapshot()).toEqual({ status: 'registering', attempt: 1, retryAtMs });
    wake();
    await world.clock.advance(row.waitMs - 1);
    expect(requests('REGISTER')).toHaveLength(1);
    await world.clock.advance(1);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it.each(['unregistered', 'expired'] as const)(
    '[TS 24.229 5.1.1.7] %s by somebody else: anew, once',
    async (event) => {
      const { wic } = await register();
      await tell({ state: 'terminated', event });
      expect(wic.registration.getSnapshot().status).toBe('registered');
      expect(requests('REGISTER')).toHaveLength(2);
      await tell({ state: 'terminated', event });
      expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'network ended' });
      expect(world.gateway.flows.size).toBe(0);
    },
  );

  it('[TS 24.229 5.1.1.7] unregistered once in a while: anew each time', async () => {
    const { wic } = await register();
    for (let times = 0; times < 3; times += 1) {
      await world.clock.advance(60_000);
      await tell({ state: 'terminated', event: 'unregistered' });
      expect(wic.registration.getSnapshot().status).toBe('registered');
    }
  });

  it('[TS 24.229 5.1.1.7] of different reasons the gravest counts', async () => {
    const { wic } = await register();
    const { registrationEvent } = world.gateway;
    const registrations = (['expired', 'rejected', 'deactivated'] as const).map((event, index) => ({
      ...registrationEvent.registrationOf(alice, aliceContact({ id: event, state: 'terminated', event })),
      ...(index > 0 && { id: event, aor: `tel:+4930${index}` }),
    }));
    registrationEvent.tell(alice, { state: 'full', registrations });
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'network ended' });
  });
});

describe('contacts that are not ours', () => {
  const others = {
    'another browser': {
      unknownParams: new Map([
        ['+sip.instance', '"<urn:uuid:0>"'],
        ['reg-id', '1'],
      ]),
    },
    'a page of ours that is gone': {},
    'no URI': { uri: 'none at all' },
  };

  it.each(Object.entries(others))('[RFC 5626 4.1] %s: what becomes of it means nothing', async (_what, changes) => {
    const { wic } = await register();
    for (const event of ['unregistered', 'rejected', 'deactivated', 'expired', 'probation'] as const) {
      await tellOfOther({
        uri: 'sip:other@old.invalid;transport=ws',
        ...changes,
        id: event,
        state: 'terminated',
        event,
      });
      await tellOfOther({ uri: 'sip:other@old.invalid;transport=ws', ...changes, id: 'x', event: 'shortened' });
    }
    await world.clock.advance(1_000);
    expect(requests('REGISTER')).toHaveLength(1);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 5626 5.3] another page of ours in our place: the connection tells of that, not the document', async () => {
    const { wic } = await register();
    const { registrationEvent } = world.gateway;
    const own = aliceContact({ state: 'terminated', event: 'unregistered' });
    const newer = aliceContact({ id: 'newer', uri: 'sip:other@new.invalid;transport=ws' });
    registrationEvent.tell(alice, { registrations: [registrationEvent.registrationOf(alice, own, newer)] });
    await world.clock.settle();
    expect(requests('REGISTER')).toHaveLength(1);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 5626 4.1] ours, which the network writes in its own way, is known by instance and flow', async () => {
    const { wic } = await register();
    const { registrationEvent } = world.gateway;
    const rewritten = aliceContact({ id: 'r', uri: 'sip:alice@192.0.2.1:5060' });
    const tellOf = async (contact: ReginfoContact) => {
      registrationEvent.tell(alice, {
        state: 'full',
        registrations: [registrationEvent.registrationOf(alice, contact)],
      });
      await world.clock.settle();
    };
    // A new subscription, whose first document has it in that way.
    registrationEvent.rewrittenUri = rewritten.uri;
    world.gateway.restart();
    await world.clock.advance(1_000);
    await tellOf(rewritten);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    await tellOf({ ...rewritten, state: 'terminated', event: 'rejected' });
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'network ended' });
  });

  async function tellOfOther(changes: Partial<ReginfoContact>): Promise<void> {
    const { registrationEvent } = world.gateway;
    const contacts = [aliceContact({}), aliceContact(changes)];
    registrationEvent.tell(alice, { registrations: [registrationEvent.registrationOf(alice, ...contacts)] });
    await world.clock.settle();
  }
});

describe('public identities', () => {
  const tel = 'tel:+493012345';
  const tellOf = async (impus: readonly string[], gone: readonly string[] = []) => {
    const { registrationEvent } = world.gateway;
    const left = aliceContact({ state: 'terminated', event: 'rejected' });
    const registrations = [
      ...impus.map((impu) => registrationEvent.registrationOf(impu, aliceContact({ event: 'created' }))),
      ...gone.map((impu) => registrationEvent.registrationOf(impu, left)),
    ];
    registrationEvent.tell(alice, { registrations });
    await world.clock.settle();
  };
  const shown = (wic: Awaited<ReturnType<typeof register>>['wic']) => {
    const state = wic.registration.getSnapshot();
    return state.status === 'registered' ? [state.impu, ...state.impus] : [];
  };

  it('[TS 24.229 5.1.1.3] of the implicit set are those of the document, also after a renewal', async () => {
    world.gateway.grantedSeconds = 1_000;
    const { wic } = await register();
    await tellOf([alice, tel]);
    expect(shown(wic)).toEqual([alice, alice, tel]);
    await world.clock.advance(510_000);
    expect(requests('REGISTER')).toHaveLength(2);
    expect(shown(wic)).toEqual([alice, alice, tel]);
  });

  it('[TS 24.229 5.1.1.7] one that the contact has left goes, and the registration stays', async () => {
    world.gateway.registerHeaders = [['P-Associated-URI', `<${tel}>`]];
    const { wic } = await register();
    await tellOf([alice], [tel]);
    expect(shown(wic)).toEqual([alice, alice]);
    await tellOf([alice, tel]);
    expect(shown(wic)).toEqual([alice, alice, tel]);
    await tellOf([tel], [alice]);
    expect(shown(wic)).toEqual([tel, tel]);
    expect(requests('REGISTER')).toHaveLength(1);
  });

  it('[TS 24.229 5.1.1.3] stay as they are where the document says nothing more', async () => {
    const { wic } = await register();
    const before = wic.registration.getSnapshot();
    await tellOf([alice]);
    await tellOf(['no address at all', alice]);
    expect(wic.registration.getSnapshot()).toBe(before);
  });
});

import type { ReginfoContact } from '@wicgate/reg-event';
import { createResponse } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateWicOptions } from '../create-wic.ts';
import { InMemoryAka, InMemoryDigest, InMemoryWorld, impuOf } from '../testing.ts';

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

  it('[N.2.4] [6.1.4] again and again: a few REGISTERs at once, then one a minute', async () => {
    await register();
    const ask = async () => {
      await tell({ event: 'refreshed' });
      await tell({ event: 'shortened', expiresSeconds: 600 });
    };
    for (let count = 0; count < 50; count += 1) await ask();
    expect(requests('REGISTER')).toHaveLength(1 + 4);
    await world.clock.advance(60_000);
    expect(requests('REGISTER')).toHaveLength(1 + 5);
  });

  it('[N.2.4] again and again while a REGISTER is on its way: no more of them', async () => {
    await register();
    world.gateway.onRequest = ({ request, respond }) => {
      if (request.method !== 'REGISTER' || requests('REGISTER').length > 50) return false;
      world.gateway.registrationEvent.tellOfContact(alice, { event: 'refreshed' });
      world.gateway.registrationEvent.tellOfContact(alice, { event: 'shortened', expiresSeconds: 600 });
      const contact = request.headers.first('Contact') ?? '';
      world.clock.after(10, () =>
        respond(createResponse(request, 200, { toTag: 'gw', headers: [['Contact', contact]] })),
      );
      return true;
    };
    await tell({ event: 'shortened', expiresSeconds: 600 });
    await world.clock.advance(10_000);
    expect(requests('REGISTER').length).toBeLessThan(8);
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
      detail: 'rejected',
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
      expect(wic.registration.getSnapshot()).toMatchObject({ reason: 'network ended', detail: event });
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

describe('the end of a connection', () => {
  it('[X.3.2.3-4] after a renewal, by the network: the registration has ended too', async () => {
    world.gateway.grantedSeconds = 600;
    const { wic } = await register();
    await world.clock.advance(301_000);
    expect(requests('REGISTER')).toHaveLength(2);
    for (const flow of world.gateway.flows) flow.socket.close(1_008);
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'network ended' });
  });
});

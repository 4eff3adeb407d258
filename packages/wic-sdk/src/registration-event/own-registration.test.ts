import type { ReginfoContact } from '@wicgate/reg-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateWicOptions } from '../create-wic.ts';
import { InMemoryWorld, impuOf } from '../testing.ts';
import { OwnRegistration } from './own-registration.ts';

const alice = impuOf('alice');
let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
  world.gateway.registerHeaders = [];
});

const register = async (options: Partial<CreateWicOptions> = {}) => world.register('alice', options);
const requests = (method: string) => world.gateway.requests(method);
const aliceContact = (changes: Partial<ReginfoContact>) => world.gateway.registrationEvent.contactOf(alice, changes);

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

  it('[TS 24.229 5.1.1.3] are at most 50, however many documents name others', async () => {
    const { registrationEvent } = world.gateway;
    const { wic } = await register();
    for (let round = 0; round < 4; round += 1) {
      const impus = Array.from({ length: 40 }, (_, at) => `sip:other${round}-${at}@ims.example`);
      const registrations = impus.map((impu) => registrationEvent.registrationOf(impu, aliceContact({})));
      registrationEvent.tell(alice, { state: 'full', registrations });
      await world.clock.settle();
    }
    expect(shown(wic)).toHaveLength(1 + 50);
  });

  it('[TS 24.229 5.1.1.7] that the contact has left are remembered, the last 50', async () => {
    const impus = Array.from({ length: 60 }, (_, at) => `sip:gone${at}@ims.example`);
    const { registrationEvent } = world.gateway;
    const reader = await import('@wicgate/reg-event');
    await register();
    const own = new OwnRegistration(reader, { uri: aliceContact({}).uri, instanceId: 'urn:uuid:0' });
    const read = (version: number, present: readonly string[], gone: readonly string[]) => {
      const left = aliceContact({ state: 'terminated', event: 'unregistered' });
      const registrations = [
        ...present.map((impu) => registrationEvent.registrationOf(impu, aliceContact({}))),
        ...gone.map((impu) => registrationEvent.registrationOf(impu, left)),
      ];
      const body = reader.encodeReginfo({ version, state: 'partial', registrations });
      return own.read({ contentType: reader.reginfoContentType, body }).news?.identities.absent;
    };
    read(0, [alice], impus.slice(0, 30));
    expect(read(1, [], impus.slice(30))).toEqual(impus.slice(10));
    // Those of long ago do not come back in the place of one that does.
    expect(read(2, impus.slice(59), [])).toEqual(impus.slice(10, 59));
  });

  it('[TS 24.229 5.1.1.3] stay as they are where the document says nothing more', async () => {
    const { wic } = await register();
    const before = wic.registration.getSnapshot();
    await tellOf([alice]);
    await tellOf(['no address at all', alice]);
    expect(wic.registration.getSnapshot()).toBe(before);
  });
});

import { createResponse, decodeUtf8 } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld, lastCall } from '../testing.ts';
import type { IceTransportPolicy } from '../wic.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

const relayOnly = { iceTransportPolicy: 'relay' } as const;
const relayed = (relayProtocol: string) => [
  { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
  { id: 'p', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'r' },
  { id: 'l', type: 'local-candidate', candidateType: 'relay', relayProtocol, url: 'turn:turn.example:3478' },
  { id: 'r', type: 'remote-candidate', candidateType: 'host' },
];
const turn = (id: string, seconds: number) => [['3gpp-ext-turn-cred', `${id}:${seconds}:c2VjcmV0`]] as const;

describe('the way that media take', () => {
  it('[WIC] is told from the first connection on, and when it changes, until the call is over', async () => {
    world.ice.stats = relayed('udp');
    const { call } = await world.talk();
    const told: (string | undefined)[] = [];
    call.path.subscribe(() => told.push(call.path.getSnapshot()?.ownRelay?.transport));
    expect(call.path.getSnapshot()).toEqual({
      ownRelay: { server: 'turn.example:3478', transport: 'UDP' },
      farRelay: undefined,
    });
    world.ice.stats = relayed('tls');
    await world.clock.advance(10_000);
    expect(told).toEqual(['TLS']);
    call.hangUp();
    expect(told).toEqual(['TLS', undefined]);
  });
});

describe('a call that may only go through a relay', () => {
  it.each([
    { answers: [401], relayProblem: 'refused' },
    { answers: [701, 438, 701], relayProblem: 'refused' },
    { answers: [701, 486], relayProblem: 'full' },
    { answers: [508], relayProblem: 'full' },
    { answers: [701, 701], relayProblem: 'unreachable' },
  ])('[RFC 8656 7.4] fails where there is none: $answers is $relayProblem; nobody is called', async (row) => {
    world.ice.relayErrors = row.answers;
    const { wic } = await world.register('alice', relayOnly);
    const bob = await world.register('bob');
    const call = wic.call('bob', { video: false });
    await world.clock.advance(1_000);
    expect(call.getSnapshot()).toMatchObject({
      status: 'failed',
      end: { by: 'local', cause: 'no relay', relayProblem: row.relayProblem },
    });
    expect(world.gateway.requests('INVITE')).toEqual([]);
    expect(bob.wic.calls.getSnapshot()).toEqual([]);
  });

  it('[X.5.2.2-5] fails where no server is configured, or there is no credential for it', async () => {
    const { wic } = await world.register('alice', { ...relayOnly, turnUris: [] });
    world.gateway.registerHeaders = [];
    const bob = await world.register('bob', relayOnly);
    world.ice.gathering = [];
    for (const call of [wic.call('bob', { video: false }), bob.wic.call('alice', { video: false })]) {
      await world.clock.advance(1_000);
      expect(call.getSnapshot().end).toMatchObject({ cause: 'no relay', relayProblem: 'not offered' });
    }
  });

  it('[RFC 8656 7.4] gives up after 15 s of silence, and takes the INVITE back', async () => {
    world.ice.gathering = [60_000];
    const { wic } = await world.register('alice', relayOnly);
    const bob = await world.register('bob');
    const call = wic.call('bob', { video: false });
    await world.clock.advance(14_900);
    expect(lastCall(bob.wic).getSnapshot().status).toBe('incoming');
    await world.clock.advance(1_000);
    expect(call.getSnapshot().end).toMatchObject({ cause: 'no relay', relayProblem: 'unreachable' });
    expect(lastCall(bob.wic).getSnapshot().end?.cause).toBe('cancelled');
  });

  it('[RFC 3261 21.4.26] cannot be answered where there is none: the caller gets 488', async () => {
    const alice = await world.register('alice');
    const bob = await world.register('bob', relayOnly);
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    world.ice.relayErrors = [401];
    void lastCall(bob.wic).answer({ video: false });
    await world.clock.advance(500);
    expect(lastCall(bob.wic).getSnapshot().end).toMatchObject({ cause: 'no relay', relayProblem: 'refused' });
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'media refused' });
    expect(bob.browser.devices.live).toEqual([]);
  });

  it('[RFC 8838 13] that was answered ends with a BYE where the last candidate never comes', async () => {
    const alice = await world.register('alice');
    const bob = await world.register('bob', relayOnly);
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    world.ice.gathering = [60_000];
    void lastCall(bob.wic).answer({ video: false });
    await world.clock.advance(16_000);
    expect(lastCall(bob.wic).getSnapshot().end).toMatchObject({ cause: 'no relay' });
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
  });

  it('[RFC 8656 7.4] goes on where one server fails and another gives a relay', async () => {
    const { wic } = await world.register('alice', relayOnly);
    const bob = await world.register('bob', relayOnly);
    const call = wic.call('bob', { video: false });
    await world.clock.advance(300);
    void lastCall(bob.wic).answer({ video: false });
    await world.clock.advance(20_000);
    expect(call.getSnapshot().status).toBe('in call');
  });

  it('[RFC 8828 6.2] is decided as it begins: the wish is asked each time, and a renewal does not change it', async () => {
    let policy: IceTransportPolicy = 'all';
    const alice = await world.register('alice', { iceTransportPolicy: () => policy });
    const bob = await world.register('bob');
    const first = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    void lastCall(bob.wic).answer({ video: false });
    await world.clock.advance(300);
    policy = 'relay';
    world.gateway.registerHeaders = turn('second2', 1_900_000_000);
    world.gateway.restart();
    await world.clock.advance(20_000);
    expect([...world.ice.connections].map(({ configuration }) => configuration.iceTransportPolicy)).toEqual([
      'all',
      'all',
    ]);
    first.hangUp();
    await world.clock.advance(1_000);
    alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    expect([...world.ice.connections].at(-1)?.configuration.iceTransportPolicy).toBe('relay');
  });
});

describe('a credential that is renewed', () => {
  it('[X.5.2.2-5] at both ends at once makes one new path, not one after the other', async () => {
    world.gateway.registerHeaders = turn('first1', 1_800_000_600);
    await world.talk();
    world.gateway.registerHeaders = turn('second2', 1_800_003_600);
    const [alice, bob] = [...world.ice.connections];
    const before = [alice, bob].map((connection) => connection?.localUfrag);
    await world.clock.advance(320_000);
    // The first one, and one for the new path.
    expect(world.gateway.requests('INVITE')).toHaveLength(2);
    for (const [index, connection] of [alice, bob].entries()) {
      expect(connection?.localUfrag).not.toBe(before[index]);
      expect(connection?.configuration.iceServers?.[0]?.username).toBe('second2:1800003600');
    }
  });

  it('[X.5.2.2-5] [RFC 8445 9] is told the far end with every candidate, and what comes from there waits for ours', async () => {
    world.gateway.registerHeaders = turn('first1', 1_800_000_600);
    await world.talk();
    world.gateway.registerHeaders = turn('second2', 1_800_003_600);
    const [alice, bob] = [...world.ice.connections];
    world.ice.gathering = [0, 2_000];
    await world.clock.advance(303_500);
    const [, invite] = world.gateway.requests('INVITE');
    expect(decodeUtf8(invite?.body ?? new Uint8Array())?.match(/a=candidate:/gu)).toHaveLength(2);
    // Bob is still gathering.
    expect([alice, bob].map((connection) => connection?.connectionState)).toEqual(['connected', 'connecting']);
    await world.clock.advance(2_000);
    expect([alice, bob].map((connection) => connection?.connectionState)).toEqual(['connected', 'connected']);
  });

  it('[X.5.2.2-5] at the callee alone makes a new path too, a moment later', async () => {
    world.gateway.registerHeaders = turn('long1', 1_900_000_000);
    const alice = await world.register('alice');
    world.gateway.registerHeaders = turn('first1', 1_800_000_600);
    const bob = await world.register('bob');
    alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    void lastCall(bob.wic).answer({ video: false });
    await world.clock.advance(300);
    world.gateway.registerHeaders = turn('second2', 1_800_003_600);
    await world.clock.advance(303_000);
    expect(world.gateway.requests('INVITE')).toHaveLength(1);
    await world.clock.advance(3_000);
    expect(world.gateway.requests('INVITE')).toHaveLength(2);
  });

  it('[X.5.2.2-5] while the call rings: once it is answered media find a path with the new one', async () => {
    world.gateway.registerHeaders = turn('first1', 1_800_000_060);
    const { call, incoming } = await world.ring();
    world.gateway.registerHeaders = turn('second2', 1_800_001_200);
    await world.clock.advance(40_000);
    const invites = world.gateway.requests('INVITE').length;
    void incoming.answer({ video: false });
    await world.clock.advance(2_000);
    expect(world.gateway.requests('INVITE').length).toBeGreaterThan(invites);
    expect(call.getSnapshot().status).toBe('in call');
  });

  it('[X.5.2.2-5] [RFC 3261 14.1] is used all the same where another offer of the far end comes in between', async () => {
    world.gateway.registerHeaders = turn('first1', 1_800_000_600);
    const alice = await world.register('alice');
    world.gateway.registerHeaders = turn('long1', 1_900_000_000);
    const bob = await world.register('bob');
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(300);
    const incoming = lastCall(bob.wic);
    void incoming.answer({ video: false });
    await world.clock.advance(300);
    world.gateway.registerHeaders = turn('second2', 1_800_001_200);
    const [connection] = world.ice.connections;
    const before = connection?.localUfrag;
    let isRefused = false;
    world.gateway.onRequest = ({ request, respond }) => {
      if (request.method !== 'INVITE' || isRefused) return false;
      isRefused = true;
      respond(createResponse(request, 491, { toTag: 'far' }));
      return true;
    };
    await world.clock.advance(300_800);
    expect(isRefused).toBe(true);
    expect(connection?.localUfrag).toBe(before);
    void incoming.setCamera(true);
    await world.clock.advance(10_000);
    expect(connection?.localUfrag).not.toBe(before);
    expect([call.getSnapshot().status, incoming.getSnapshot().camera]).toEqual(['in call', true]);
  });
});

import { createResponse, decodeUtf8 } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

describe('candidates that come late', () => {
  it('[RFC 8840 4.3] follow by INFO, with the end of candidates', async () => {
    world.ice.gathering = [400, 500];
    const { call } = await world.ring();
    await world.clock.advance(400);
    const [info] = world.gateway.requests('INFO');
    expect(info?.headers.first('Info-Package')).toBe('trickle-ice');
    expect(info?.headers.first('Content-Type')).toBe('application/trickle-ice-sdpfrag');
    const last = decodeUtf8(world.gateway.requests('INFO').at(-1)?.body ?? new Uint8Array());
    expect(last?.match(/a=candidate/gu)).toHaveLength(2);
    expect(last).toContain('a=end-of-candidates');
    expect(call.getSnapshot().status).toBe('ringing');
  });

  it('[RFC 8840 4.4] make the connection when none was in offer and answer', async () => {
    world.ice.gathering = [1_000];
    const { call, incoming } = await world.ring();
    void incoming.answer({ video: false });
    await world.clock.advance(500);
    expect(call.getSnapshot().status).toBe('connecting');
    await world.clock.advance(1_500);
    expect(call.getSnapshot().status).toBe('in call');
    expect(incoming.getSnapshot().status).toBe('in call');
    expect(world.gateway.responses(200).length).toBeGreaterThan(0);
  });

  it('[RFC 8840 4.2] follow by re-INVITE where the far end takes no INFO', async () => {
    world.ice.gathering = [1_000];
    world.gateway.dropsHeader = 'Recv-Info';
    const { call, incoming } = await world.ring();
    void incoming.answer({ video: false });
    await world.clock.advance(6_000);
    expect(world.gateway.requests('INFO')).toEqual([]);
    expect(call.getSnapshot().status).toBe('in call');
  });
});

describe('a path that fails', () => {
  it('[RFC 8445 9] is found anew by the caller with an ICE restart', async () => {
    const { call, incoming } = await world.talk();
    const before = world.gateway.requests('INVITE').length;
    world.ice.block();
    await world.clock.advance(1_000);
    world.ice.unblock();
    await world.clock.advance(5_000);
    expect(world.gateway.requests('INVITE').length).toBeGreaterThan(before);
    expect([call.getSnapshot().status, incoming.getSnapshot().status]).toEqual(['in call', 'in call']);
  });

  it('[RFC 8445 9] is looked for again every 6 s, for a relay may be away when it is first asked', async () => {
    const { call, incoming } = await world.talk();
    const before = world.gateway.requests('INVITE').length;
    world.ice.block();
    await world.clock.advance(5_900);
    expect(world.gateway.requests('INVITE')).toHaveLength(before + 1);
    await world.clock.advance(8_000);
    expect(world.gateway.requests('INVITE')).toHaveLength(before + 3);
    world.ice.unblock();
    await world.clock.advance(30_000);
    expect(world.gateway.requests('INVITE')).toHaveLength(before + 3);
    expect([call.getSnapshot().status, incoming.getSnapshot().status]).toEqual(['in call', 'in call']);
  });

  it('[W.3.1.1] [RFC 3326 2] ends the call after 15 s, and each end knows why', async () => {
    const { call, incoming } = await world.talk();
    world.ice.block();
    await world.clock.advance(16_000);
    const ends = [call, incoming].map((each) => each.getSnapshot().end);
    expect(ends.map((end) => end?.cause)).toEqual(['media failed', 'media failed']);
    expect(new Set(ends.map((end) => end?.by))).toEqual(new Set(['local', 'remote']));
  });
});

describe('a connection that breaks during a call', () => {
  it('[RFC 5626 4.2] costs no call: each end repairs its dialog by re-INVITE', async () => {
    const { alice, bob, call, incoming } = await world.talk();
    const before = world.gateway.requests('INVITE').length;
    world.gateway.restart();
    await world.clock.advance(100);
    expect(call.getSnapshot().status).toBe('in call');
    await world.clock.advance(20_000);
    expect(alice.wic.registration.getSnapshot().status).toBe('registered');
    expect(bob.wic.registration.getSnapshot().status).toBe('registered');
    expect(world.gateway.requests('INVITE').length).toBeGreaterThan(before);
    expect([call.getSnapshot().status, incoming.getSnapshot().status]).toEqual(['in call', 'in call']);
    call.hangUp();
    await world.clock.advance(100);
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
  });

  it('[RFC 3261 15] does not keep a BYE from the far end', async () => {
    const { call, incoming } = await world.talk();
    world.gateway.restart();
    await world.clock.settle();
    call.hangUp();
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'hung up' });
    await world.clock.advance(20_000);
    expect(incoming.getSnapshot().end?.by).toBe('remote');
  });

  it('ends the call when no registration can be had again', async () => {
    const { alice, call } = await world.talk();
    world.gateway.onRequest = ({ request, respond }) => {
      if (request.method !== 'REGISTER') return false;
      respond(createResponse(request, 403, { toTag: 'gw' }));
      return true;
    };
    world.gateway.restart();
    await world.clock.advance(2_000);
    expect(alice.wic.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'refused' });
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'connection lost' });
    expect(alice.browser.devices.live).toEqual([]);
  });
});

describe('the TURN credential', () => {
  it('[X.5.2.2-5] is renewed during a call: media find a path with the new one before the old one expires', async () => {
    const turn = (id: string, seconds: number) => [['3gpp-ext-turn-cred', `${id}:${seconds}:c2VjcmV0`]] as const;
    world.gateway.registerHeaders = turn('first1', 1_800_000_600);
    const { call, incoming } = await world.talk();
    const [invite] = world.gateway.requests('INVITE');
    world.gateway.registerHeaders = turn('second2', 1_800_001_200);
    await world.clock.advance(320_000);
    expect(world.gateway.requests('INVITE').length).toBeGreaterThan(1);
    const ufragOf = (body: Uint8Array | undefined) =>
      /a=ice-ufrag:(\w+)/u.exec(decodeUtf8(body ?? new Uint8Array()) ?? '')?.[1];
    expect(ufragOf(world.gateway.requests('INVITE').at(-1)?.body)).not.toBe(ufragOf(invite?.body));
    for (const { configuration } of world.ice.connections) {
      expect(configuration.iceServers?.[0]?.username).toBe('second2:1800001200');
    }
    expect([call.getSnapshot().status, incoming.getSnapshot().status]).toEqual(['in call', 'in call']);
  });
});

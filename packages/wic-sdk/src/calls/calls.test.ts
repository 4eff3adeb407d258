import { createResponse, decodeUtf8, parseNameAddr } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld, impuOf, lastCall } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

async function ring({ video = false } = {}) {
  const alice = await world.register('alice', { displayName: 'Alice A' });
  const bob = await world.register('bob');
  const call = alice.wic.call('bob', { video });
  await world.clock.advance(300);
  return { alice, bob, call, incoming: lastCall(bob.wic) };
}

async function talk({ video = false } = {}) {
  const both = await ring({ video });
  void both.incoming.answer({ video });
  await world.clock.advance(400);
  expect(both.call.getSnapshot().status).toBe('in call');
  return both;
}

describe('a call', () => {
  it('[RFC 3261 13] rings, is answered, connects, and is hung up by the callee', async () => {
    const { alice, bob, call, incoming } = await ring();
    expect(call.getSnapshot().status).toBe('ringing');
    expect(incoming).toMatchObject({ direction: 'incoming', peer: { uri: impuOf('alice'), displayName: 'Alice A' } });
    expect(incoming.getSnapshot().status).toBe('incoming');
    void incoming.answer({ video: false });
    await world.clock.advance(400);
    expect(call.getSnapshot()).toMatchObject({ status: 'in call', camera: false, offersVideo: false });
    expect(incoming.getSnapshot()).toMatchObject({ status: 'in call' });
    expect(call.getSnapshot().remoteStream?.getTracks()).toHaveLength(1);
    incoming.hangUp();
    await world.clock.advance(100);
    expect(call.getSnapshot()).toMatchObject({ status: 'ended', end: { by: 'remote', cause: 'hung up' } });
    expect(incoming.getSnapshot()).toMatchObject({ status: 'ended', end: { by: 'local', cause: 'hung up' } });
    expect([...alice.browser.devices.live, ...bob.browser.devices.live]).toEqual([]);
    await world.clock.advance(10_000);
    expect(alice.wic.calls.getSnapshot()).toEqual([]);
  });

  it('[RFC 3261 15.1] is hung up by the caller', async () => {
    const { call, incoming } = await talk();
    call.hangUp();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'hung up' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
    expect(world.gateway.requests('BYE')).toHaveLength(1);
  });

  it('[design rule 11] sends the INVITE within 300 ms of the click, with the candidates there are', async () => {
    world.ice.gathering = [0, 100, 5_000];
    const alice = await world.register('alice');
    await world.register('bob');
    alice.wic.call('bob', { video: false });
    await world.clock.advance(200);
    expect(world.gateway.requests('INVITE')).toHaveLength(0);
    await world.clock.advance(100);
    const [invite] = world.gateway.requests('INVITE');
    expect(decodeUtf8(invite?.body ?? new Uint8Array())?.match(/a=candidate/gu)).toHaveLength(2);
  });

  it('[RFC 3261 13.2.1] names caller, callee, route and capabilities in the INVITE, and no token', async () => {
    await ring();
    const headers = world.gateway.requests('INVITE')[0]?.headers;
    expect(headers?.first('Route')).toBe('<sip:orig@scscf.ims.example;lr>');
    expect(parseNameAddr(headers?.first('From') ?? '')).toMatchObject({ displayName: 'Alice A', uri: impuOf('alice') });
    expect(headers?.first('Contact')).toMatch(/^<sip:\w+@\w+\.invalid;transport=ws>$/u);
    expect(headers?.all('Supported')).toContain('trickle-ice');
    expect(headers?.first('Recv-Info')).toBe('trickle-ice');
    expect(headers?.has('Authorization')).toBe(false);
  });

  it('sends no INVITE when the microphone is refused', async () => {
    const alice = await world.register('alice');
    alice.browser.devices.microphoneAllowed = false;
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(1_000);
    expect(call.getSnapshot()).toMatchObject({ status: 'failed', end: { by: 'local', cause: 'media refused' } });
    expect(world.gateway.requests('INVITE')).toEqual([]);
  });

  it('waits for the person who is asked for the microphone, and can be given up meanwhile', async () => {
    const alice = await world.register('alice');
    alice.browser.devices.decision = new Promise((resolve) => world.clock.after(5_000, resolve));
    const call = alice.wic.call('bob', { video: false });
    await world.clock.advance(4_000);
    expect(call.getSnapshot().status).toBe('calling');
    call.hangUp();
    await world.clock.advance(4_000);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'cancelled' });
    expect(world.gateway.requests('INVITE')).toEqual([]);
    expect(alice.browser.devices.live).toEqual([]);
  });

  it('refuses the call with 480 when the microphone is refused on answering', async () => {
    const { bob, call, incoming } = await ring();
    bob.browser.devices.microphoneAllowed = false;
    await incoming.answer({ video: false });
    await world.clock.advance(100);
    expect(incoming.getSnapshot().end).toEqual({ by: 'local', cause: 'media refused' });
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'not registered' });
  });

  it('[RFC 3261 21.6.2] is declined', async () => {
    const { call, incoming } = await ring();
    incoming.decline();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'declined' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'local', cause: 'declined' });
    expect(world.gateway.responses(603)).toHaveLength(1);
  });

  it('[RFC 3261 9] is cancelled by the caller while it rings', async () => {
    const { call, incoming } = await ring();
    call.hangUp();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'cancelled' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'cancelled' });
    expect(world.gateway.responses(487)).toHaveLength(1);
  });

  it('[RFC 3261 9.1] is not cancelled before a provisional response, and then at once', async () => {
    const { alice } = await talk();
    lastCall(alice.wic).hangUp();
    await world.clock.advance(100);
    world.gateway.onRequest = ({ request }) => request.method === 'INVITE';
    const call = alice.wic.call('carol', { video: false });
    await world.clock.advance(60);
    call.hangUp();
    await world.clock.advance(100);
    expect(world.gateway.requests('CANCEL')).toEqual([]);
    // The server transaction sends 100 by itself after 200 ms.
    await world.clock.advance(200);
    expect(world.gateway.requests('CANCEL')).toHaveLength(1);
  });

  it('[RFC 3261 15] ends an answer that crosses its CANCEL', async () => {
    const { call, incoming } = await ring();
    world.gateway.onRequest = (transaction) => {
      if (transaction.request.method !== 'CANCEL') return false;
      transaction.respond(createResponse(transaction.request, 200));
      return true;
    };
    call.hangUp();
    void incoming.answer({ video: false });
    await world.clock.advance(1_000);
    expect(world.gateway.requests('ACK')).toHaveLength(1);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'cancelled' });
    expect(incoming.getSnapshot().end?.by).toBe('remote');
    expect(incoming.getSnapshot().status).toBe('ended');
  });

  it('[RFC 3261 21.4.24] finds the callee busy', async () => {
    const { bob } = await talk();
    const carol = await world.register('carol');
    const call = carol.wic.call('bob', { video: false });
    await world.clock.advance(400);
    expect(call.getSnapshot()).toMatchObject({ status: 'failed', end: { by: 'remote', cause: 'busy' } });
    expect(bob.wic.calls.getSnapshot()).toHaveLength(1);
  });

  it.each([
    { callee: 'carol', cause: 'not registered' },
    { callee: 'nobody', cause: 'unknown user' },
  ])('tells that $callee is $cause', async ({ callee, cause }) => {
    const alice = await world.register('alice');
    const call = alice.wic.call(callee, { video: false });
    await world.clock.advance(400);
    expect(call.getSnapshot()).toMatchObject({ status: 'failed', end: { by: 'remote', cause } });
  });

  it('gives up after 60 s without an answer', async () => {
    const { call, incoming } = await ring();
    await world.clock.advance(60_000);
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'no answer' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'cancelled' });
  });

  it('[RFC 3326 3] rings in two browsers of one user; the other stops when one answers', async () => {
    const first = await world.register('bob');
    const { bob: second, call } = await ring();
    const [one, two] = [lastCall(first.wic), lastCall(second.wic)];
    void one.answer({ video: false });
    await world.clock.advance(400);
    expect(call.getSnapshot().status).toBe('in call');
    expect(one.getSnapshot().status).toBe('in call');
    expect(two.getSnapshot().end).toEqual({ by: 'remote', cause: 'answered elsewhere' });
  });

  it('[RFC 3261 16.7] a decline in one browser stops the other', async () => {
    const first = await world.register('bob');
    const { bob: second, call } = await ring();
    lastCall(first.wic).decline();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'declined' });
    expect(lastCall(second.wic).getSnapshot().end?.by).toBe('remote');
  });

  it('loses a call that is not answered with its connection', async () => {
    const { call, incoming } = await ring();
    world.gateway.restart();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'connection lost' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'local', cause: 'connection lost' });
  });

  it('says BYE when the page goes away', async () => {
    const { alice, incoming } = await talk();
    alice.hide();
    await world.clock.advance(100);
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
  });

  it('mutes and unmutes the microphone', async () => {
    const { alice, call } = await talk();
    const [microphone] = alice.browser.devices.opened;
    call.setMuted(true);
    expect([microphone?.enabled, call.getSnapshot().muted]).toEqual([false, true]);
    call.setMuted(false);
    expect([microphone?.enabled, call.getSnapshot().muted]).toEqual([true, false]);
  });
});

describe('pictures', () => {
  it('[RFC 3264 6] go both ways where both want them', async () => {
    const { call, incoming } = await talk({ video: true });
    expect(call.getSnapshot()).toMatchObject({ camera: true, offersVideo: true });
    expect(incoming.getSnapshot()).toMatchObject({ camera: true, offersVideo: true });
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
  });

  it('[RFC 3264 6.1] go one way where only the caller wants them', async () => {
    const { call, incoming } = await ring({ video: true });
    expect(incoming.getSnapshot().offersVideo).toBe(true);
    void incoming.answer({ video: false });
    await world.clock.advance(400);
    expect(call.getSnapshot()).toMatchObject({ status: 'in call', camera: true, offersVideo: false });
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toEqual([]);
    expect(incoming.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
  });

  it('[RFC 3261 14] come and go during a call, and the lamp with them', async () => {
    const { alice, call, incoming } = await talk();
    await call.setCamera(true);
    await world.clock.advance(400);
    expect(incoming.getSnapshot()).toMatchObject({ offersVideo: true });
    expect(incoming.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
    expect(alice.browser.devices.live.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    await call.setCamera(false);
    await world.clock.advance(400);
    expect(alice.browser.devices.live.map(({ kind }) => kind)).toEqual(['audio']);
    expect(incoming.getSnapshot()).toMatchObject({ offersVideo: false, status: 'in call' });
    expect(incoming.getSnapshot().remoteStream?.getVideoTracks()).toEqual([]);
  });

  it('come from an answer to an offer without a place for them', async () => {
    const { call, incoming } = await ring();
    void incoming.answer({ video: true });
    await world.clock.advance(1_000);
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
    expect(incoming.getSnapshot().camera).toBe(true);
  });

  it('are refused with an error, and the call goes on', async () => {
    const { alice, call } = await talk();
    alice.browser.devices.cameraAllowed = false;
    await expect(call.setCamera(true)).rejects.toMatchObject({ code: 'ERR_WIC_CAMERA_REFUSED' });
    expect(call.getSnapshot()).toMatchObject({ status: 'in call', camera: false });
  });

  it('[RFC 3261 14.1] survive both ends changing at once: one waits after 491', async () => {
    const { call, incoming } = await talk();
    await Promise.all([call.setCamera(true), incoming.setCamera(true)]);
    await world.clock.advance(10_000);
    expect(world.gateway.responses(491).length).toBeGreaterThan(0);
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
    expect(incoming.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
  });

  it('stop when somebody pulls the plug', async () => {
    const { alice, call, incoming } = await talk({ video: true });
    alice.browser.devices.live.find(({ kind }) => kind === 'video')?.unplug();
    await world.clock.advance(400);
    expect(call.getSnapshot().camera).toBe(false);
    expect(incoming.getSnapshot().offersVideo).toBe(false);
  });
});

describe('candidates that come late', () => {
  it('[RFC 8840 4.3] follow by INFO, with the end of candidates', async () => {
    world.ice.gathering = [400, 500];
    const { call } = await ring();
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
    const { call, incoming } = await ring();
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
    const { call, incoming } = await ring();
    void incoming.answer({ video: false });
    await world.clock.advance(6_000);
    expect(world.gateway.requests('INFO')).toEqual([]);
    expect(call.getSnapshot().status).toBe('in call');
  });
});

describe('a path that fails', () => {
  it('[RFC 8445 9] is found anew by the caller with an ICE restart', async () => {
    const { call, incoming } = await talk();
    const before = world.gateway.requests('INVITE').length;
    world.ice.block();
    await world.clock.advance(1_000);
    world.ice.unblock();
    await world.clock.advance(5_000);
    expect(world.gateway.requests('INVITE').length).toBeGreaterThan(before);
    expect([call.getSnapshot().status, incoming.getSnapshot().status]).toEqual(['in call', 'in call']);
  });

  it('ends the call after 15 s', async () => {
    const { call, incoming } = await talk();
    world.ice.block();
    await world.clock.advance(16_000);
    expect(call.getSnapshot().end?.cause).toMatch(/media failed|hung up/u);
    expect(incoming.getSnapshot().end?.cause).toMatch(/media failed|hung up/u);
  });
});

describe('a connection that breaks during a call', () => {
  it('[design rule 11] costs no call: each end repairs its dialog by re-INVITE', async () => {
    const { alice, bob, call, incoming } = await talk();
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
    const { call, incoming } = await talk();
    world.gateway.restart();
    await world.clock.settle();
    call.hangUp();
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'hung up' });
    await world.clock.advance(20_000);
    expect(incoming.getSnapshot().end?.by).toBe('remote');
  });
});

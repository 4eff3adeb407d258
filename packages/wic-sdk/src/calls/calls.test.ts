import { createResponse, decodeUtf8, parseNameAddr } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld, impuOf, lastCall } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

describe('a call', () => {
  it('[RFC 3261 13] rings, is answered, connects, and is hung up by the callee', async () => {
    const { alice, bob, call, incoming } = await world.ring();
    expect(call.getSnapshot().status).toBe('ringing');
    expect(incoming).toMatchObject({ direction: 'incoming', peer: { uri: impuOf('alice'), displayName: undefined } });
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
    const { call, incoming } = await world.talk();
    call.hangUp();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'hung up' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
    expect(world.gateway.requests('BYE')).toHaveLength(1);
  });

  it('[RFC 5626 4.2] sends the INVITE within 300 ms of the click, with the candidates there are', async () => {
    world.ice.gathering = [0, 100, 5_000];
    const alice = await world.register('alice');
    await world.register('bob');
    alice.wic.call('bob', { video: false });
    await world.clock.advance(199);
    expect(world.gateway.requests('INVITE')).toHaveLength(0);
    await world.clock.advance(101);
    const [invite] = world.gateway.requests('INVITE');
    expect(decodeUtf8(invite?.body ?? new Uint8Array())?.match(/a=candidate/gu)).toHaveLength(2);
  });

  it('[RFC 3261 13.2.1] names caller, callee, route and capabilities in the INVITE, and no token', async () => {
    await world.ring();
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

  it('[RFC 3261 21.4.26] is refused with 488 when the microphone is refused on answering', async () => {
    const { bob, call, incoming } = await world.ring();
    bob.browser.devices.microphoneAllowed = false;
    await incoming.answer({ video: false });
    await world.clock.advance(100);
    expect(incoming.getSnapshot().end).toEqual({ by: 'local', cause: 'media refused' });
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'media refused' });
  });

  it('[RFC 3261 21.6.2] is declined', async () => {
    const { call, incoming } = await world.ring();
    incoming.decline();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'declined' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'local', cause: 'declined' });
    expect(world.gateway.responses(603)).toHaveLength(1);
  });

  it('[RFC 3261 9] is cancelled by the caller while it rings', async () => {
    const { call, incoming } = await world.ring();
    call.hangUp();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'cancelled' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'cancelled' });
    expect(world.gateway.responses(487)).toHaveLength(1);
  });

  it('[RFC 3261 9.1] is not cancelled before a provisional response, and then at once', async () => {
    const { alice } = await world.talk();
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
    const { call, incoming } = await world.ring();
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
    const { bob } = await world.talk();
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
    const { call, incoming } = await world.ring();
    await world.clock.advance(60_000);
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'no answer' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'cancelled' });
  });

  it('[RFC 3326 3] rings in two browsers of one user; the other stops when one answers', async () => {
    const first = await world.register('bob');
    const { bob: second, call } = await world.ring();
    const [one, two] = [lastCall(first.wic), lastCall(second.wic)];
    void one.answer({ video: false });
    await world.clock.advance(400);
    expect(call.getSnapshot().status).toBe('in call');
    expect(one.getSnapshot().status).toBe('in call');
    expect(two.getSnapshot().end).toEqual({ by: 'remote', cause: 'answered elsewhere' });
  });

  it('[RFC 3261 16.7] a decline in one browser stops the other', async () => {
    const first = await world.register('bob');
    const { bob: second, call } = await world.ring();
    lastCall(first.wic).decline();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'declined' });
    expect(lastCall(second.wic).getSnapshot().end?.by).toBe('remote');
  });

  it('loses a call that is not answered with its connection', async () => {
    const { call, incoming } = await world.ring();
    world.gateway.restart();
    await world.clock.advance(100);
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'connection lost' });
    expect(incoming.getSnapshot().end).toEqual({ by: 'local', cause: 'connection lost' });
  });

  it('says BYE when the page goes away', async () => {
    const { alice, incoming } = await world.talk();
    alice.hide();
    await world.clock.advance(100);
    expect(incoming.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
  });

  it('mutes and unmutes the microphone', async () => {
    const { alice, call } = await world.talk();
    const [microphone] = alice.browser.devices.opened;
    call.setMuted(true);
    expect([microphone?.enabled, call.getSnapshot().muted]).toEqual([false, true]);
    call.setMuted(false);
    expect([microphone?.enabled, call.getSnapshot().muted]).toEqual([true, false]);
  });
});

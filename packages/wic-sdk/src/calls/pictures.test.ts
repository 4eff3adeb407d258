import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

describe('pictures', () => {
  it('[RFC 3264 6] go both ways where both want them', async () => {
    const { call, incoming } = await world.talk({ video: true });
    expect(call.getSnapshot()).toMatchObject({ camera: true, offersVideo: true });
    expect(incoming.getSnapshot()).toMatchObject({ camera: true, offersVideo: true });
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
  });

  it('[RFC 3264 6.1] go one way where only the caller wants them', async () => {
    const { call, incoming } = await world.ring({ video: true });
    expect(incoming.getSnapshot().offersVideo).toBe(true);
    void incoming.answer({ video: false });
    await world.clock.advance(400);
    expect(call.getSnapshot()).toMatchObject({ status: 'in call', camera: true, offersVideo: false });
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toEqual([]);
    expect(incoming.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
  });

  it('[RFC 3261 14] come and go during a call, and the lamp with them', async () => {
    const { alice, call, incoming } = await world.talk();
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
    const { call, incoming } = await world.ring();
    void incoming.answer({ video: true });
    await world.clock.advance(1_000);
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
    expect(incoming.getSnapshot().camera).toBe(true);
  });

  it('are refused with an error, and the call goes on', async () => {
    const { alice, call } = await world.talk();
    alice.browser.devices.cameraAllowed = false;
    await expect(call.setCamera(true)).rejects.toMatchObject({ code: 'ERR_WIC_CAMERA_REFUSED' });
    expect(call.getSnapshot()).toMatchObject({ status: 'in call', camera: false });
  });

  it('[RFC 3261 14.1] survive both ends changing at once: one waits after 491', async () => {
    const { call, incoming } = await world.talk();
    await Promise.all([call.setCamera(true), incoming.setCamera(true)]);
    await world.clock.advance(10_000);
    expect(world.gateway.responses(491).length).toBeGreaterThan(0);
    expect(call.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
    expect(incoming.getSnapshot().remoteStream?.getVideoTracks()).toHaveLength(1);
  });

  it('stop when somebody pulls the plug', async () => {
    const { alice, call, incoming } = await world.talk({ video: true });
    alice.browser.devices.live.find(({ kind }) => kind === 'video')?.unplug();
    await world.clock.advance(400);
    expect(call.getSnapshot().camera).toBe(false);
    expect(incoming.getSnapshot().offersVideo).toBe(false);
  });
});

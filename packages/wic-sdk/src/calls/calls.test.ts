import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld, lastCall } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

async function talk(video = false) {
  const alice = await world.register('alice');
  const bob = await world.register('bob');
  const call = alice.wic.call('bob', { video });
  await world.clock.advance(300);
  const incoming = lastCall(bob.wic);
  void incoming.answer({ video });
  await world.clock.advance(300);
  return { alice, bob, call, incoming };
}

describe('a call', () => {
  it('[RFC 3261 13] rings, is answered, connects and is hung up by the callee', async () => {
    const { alice, bob, call, incoming } = await talk();
    expect(call.getSnapshot()).toMatchObject({ status: 'in call', camera: false, offersVideo: false });
    expect(incoming.getSnapshot()).toMatchObject({ status: 'in call' });
    expect(call.getSnapshot().remoteStream?.getTracks()).toHaveLength(1);
    incoming.hangUp();
    await world.clock.advance(100);
    expect(call.getSnapshot()).toMatchObject({ status: 'ended', end: { by: 'remote', cause: 'hung up' } });
    expect(incoming.getSnapshot()).toMatchObject({ status: 'ended', end: { by: 'local', cause: 'hung up' } });
    expect([...alice.browser.devices.live, ...bob.browser.devices.live]).toEqual([]);
  });
});

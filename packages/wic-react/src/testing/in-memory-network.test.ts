import type { Call } from '@wicgate/wic-sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryNetwork } from './in-memory-network.ts';
import type { InMemoryWic } from './in-memory-wic.ts';

describe('the in-memory network', () => {
  let network: InMemoryNetwork;
  let alice: InMemoryWic;
  let bob: InMemoryWic;
  let bobsOther: InMemoryWic;

  const open = async (name: string): Promise<InMemoryWic> => {
    const wic = network.open({ impu: `sip:${name}@ims.example` });
    await wic.register();
    return wic;
  };
  const ringing = (wic: InMemoryWic): Call => {
    const call = wic.calls.getSnapshot().find(({ getSnapshot }) => getSnapshot().status === 'incoming');
    if (call === undefined) throw new TypeError('expected a call that rings');
    return call;
  };
  const place = async (target: string): Promise<Call> => {
    const call = alice.call(target, { video: false });
    await new Promise((resolve) => setImmediate(resolve));
    return call;
  };

  beforeEach(async () => {
    network = new InMemoryNetwork('ims.example');
    for (const name of ['alice', 'bob', 'carol']) network.provision(`sip:${name}@ims.example`);
    [alice, bob, bobsOther] = [await open('alice'), await open('bob'), await open('bob')];
  });

  it('[contract] rings at every browser, and stops the others when one answers', async () => {
    const call = await place('bob');
    expect(call.getSnapshot().status).toBe('ringing');
    const other = ringing(bobsOther);
    await ringing(bob).answer({ video: false });
    expect(call.getSnapshot().status).toBe('in call');
    expect(other.getSnapshot().end).toEqual({ by: 'remote', cause: 'answered elsewhere' });
  });

  it('[contract] is declined only when every browser declines', async () => {
    const call = await place('bob@ims.example');
    ringing(bob).decline();
    expect(call.getSnapshot().status).toBe('ringing');
    ringing(bobsOther).decline();
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'declined' });
  });

  it('[contract] takes the ringing back when the caller gives up', async () => {
    const call = await place('sip:bob@ims.example');
    const there = ringing(bob);
    call.hangUp();
    expect(call.getSnapshot().end).toEqual({ by: 'local', cause: 'cancelled' });
    expect(there.getSnapshot().end).toEqual({ by: 'remote', cause: 'cancelled' });
  });

  it.each([
    { target: 'nobody', cause: 'unknown user' },
    { target: 'carol', cause: 'not registered' },
  ])('[contract] cannot reach $target: $cause', async ({ target, cause }) => {
    const call = await place(target);
    expect(call.getSnapshot()).toMatchObject({ status: 'failed', end: { by: 'remote', cause } });
  });

  it('[contract] is busy when every browser talks', async () => {
    const carol = await open('carol');
    const first = carol.call('bob', { video: false });
    const call = await place('bob');
    expect(first.getSnapshot().status).toBe('ringing');
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'busy' });
  });

  it('[contract] ends at both ends, whoever hangs up', async () => {
    const call = await place('bob');
    const there = ringing(bob);
    await there.answer({ video: false });
    there.hangUp();
    expect(there.getSnapshot().end).toEqual({ by: 'local', cause: 'hung up' });
    expect(call.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
  });

  it('[contract] refuses a target that is no address', () => {
    expect(() => alice.call('bob and carol', { video: false })).toThrow(
      expect.objectContaining({ code: 'ERR_WIC_TARGET_INVALID' }),
    );
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { type InMemoryBrowser, InMemoryWorld, impuOf } from '../testing.ts';

let world: InMemoryWorld;
let browser: InMemoryBrowser;

beforeEach(() => {
  world = new InMemoryWorld();
  browser = world.openBrowser();
});

async function openTab() {
  const tab = browser.open(impuOf('alice'));
  void tab.wic.register();
  await world.clock.settle();
  return tab.wic;
}

const isRegistered = (wic: { registration: { getSnapshot: () => { status: string } } }) =>
  wic.registration.getSnapshot().status === 'registered';

describe('two tabs of one browser', () => {
  it('[RFC 5626 4.2] hold one registration', async () => {
    const [first, second] = [await openTab(), await openTab()];
    expect([first.activity.getSnapshot().status, second.activity.getSnapshot().status]).toEqual([
      'active',
      'elsewhere',
    ]);
    expect([isRegistered(first), isRegistered(second)]).toEqual([true, false]);
    expect(world.gateway.requests('REGISTER')).toHaveLength(1);
  });

  it('pass it on by Use here: the former deregisters first', async () => {
    const [first, second] = [await openTab(), await openTab()];
    second.useHere();
    await world.clock.settle();
    expect([first.activity.getSnapshot().status, second.activity.getSnapshot().status]).toEqual([
      'elsewhere',
      'active',
    ]);
    expect([isRegistered(first), isRegistered(second)]).toEqual([false, true]);
    expect(world.gateway.requests('REGISTER').map(({ headers }) => headers.first('Expires'))).toEqual([
      '600000',
      '0',
      '600000',
    ]);
    expect(world.gateway.flowsOf(impuOf('alice'))).toHaveLength(1);
  });

  it('pass it back again', async () => {
    const [first, second] = [await openTab(), await openTab()];
    second.useHere();
    await world.clock.settle();
    first.useHere();
    await world.clock.settle();
    expect([isRegistered(first), isRegistered(second)]).toEqual([true, false]);
  });

  it('[X.3.2.3-0] sign out together, whichever of them it is said in', async () => {
    const [first, second] = [await openTab(), await openTab()];
    const left = second.deregister();
    await world.clock.settle();
    await left;
    expect(first.registration.getSnapshot()).toMatchObject({ status: 'failed', reason: 'not signed in' });
    expect(world.gateway.flowsOf(impuOf('alice'))).toHaveLength(0);
    expect(world.gateway.requests('REGISTER').at(-1)?.headers.first('Expires')).toBe('0');
  });

  it('pass it on by themselves when the holder is closed', async () => {
    const [first, second] = [await openTab(), await openTab()];
    first.close();
    await world.clock.settle();
    expect(second.activity.getSnapshot().status).toBe('active');
    expect(isRegistered(second)).toBe(true);
  });

  it('pass it on although the holder does not answer', async () => {
    const [first, second] = [await openTab(), await openTab()];
    world.gateway.onRequest = ({ request }) => request.headers.first('Expires') === '0';
    second.useHere();
    await world.clock.advance(2_500);
    expect([isRegistered(first), isRegistered(second)]).toEqual([false, true]);
    expect(first.activity.getSnapshot().status).toBe('elsewhere');
  });

  it('end the calls of the holder before another takes over', async () => {
    const [first, second] = [await openTab(), await openTab()];
    const bob = await world.register('bob');
    first.call('bob', { video: false });
    await world.clock.advance(300);
    second.useHere();
    await world.clock.settle();
    expect(bob.wic.calls.getSnapshot()[0]?.getSnapshot().end).toEqual({ by: 'remote', cause: 'cancelled' });
  });

  it('are both active where the page has no locks', async () => {
    for (const name of ['alice', 'bob']) {
      const { wic } = browser.open(impuOf(name), { platform: { locks: undefined } });
      void wic.register();
      await world.clock.settle();
      expect(wic.activity.getSnapshot().status).toBe('active');
      expect(isRegistered(wic)).toBe(true);
    }
  });
});

describe('a connection whose place a newer one has taken', () => {
  const lockless = { platform: { locks: undefined } };
  /** A tab without locks: the gateway alone tells it of others. */
  async function openLockless(name: string) {
    const { wic, wake } = browser.open(impuOf(name), lockless);
    void wic.register();
    await world.clock.settle();
    return { wic, wake };
  }
  const replace = () => {
    for (const flow of world.gateway.flowsOf(impuOf('alice'))) flow.socket.close(4_000);
  };
  const registers = () => world.gateway.requests('REGISTER').length;

  it('[RFC 5626 5.3] means that another tab is active, where there are no locks: no race for the flow', async () => {
    const [first, second] = [await openLockless('alice'), await openLockless('alice')];
    await world.clock.advance(120_000);
    first.wake();
    await world.clock.advance(1_000);
    expect([first.wic.activity.getSnapshot().status, second.wic.activity.getSnapshot().status]).toEqual([
      'elsewhere',
      'active',
    ]);
    expect([isRegistered(first.wic), isRegistered(second.wic)]).toEqual([false, true]);
    expect(registers()).toBe(2);
  });

  it('[RFC 5626 4.2] is taken back by Use here, where there are no locks', async () => {
    const [first, second] = [await openLockless('alice'), await openLockless('alice')];
    first.wic.useHere();
    first.wic.useHere();
    await world.clock.advance(10);
    expect([isRegistered(first.wic), isRegistered(second.wic)]).toEqual([true, false]);
    expect([first.wic.activity.getSnapshot().status, second.wic.activity.getSnapshot().status]).toEqual([
      'active',
      'elsewhere',
    ]);
    expect(registers()).toBe(3);
  });

  it('[RFC 5626 4.2] is taken back by a registration that is asked for, where there are no locks', async () => {
    const [first] = [await openLockless('alice'), await openLockless('alice')];
    await first.wic.deregister();
    void first.wic.register();
    await world.clock.settle();
    expect(isRegistered(first.wic)).toBe(true);
    expect(first.wic.activity.getSnapshot().status).toBe('active');
  });

  it('[RFC 5626 4.2] ends the calls of the tab that has lost it, where there are no locks', async () => {
    const first = await openLockless('alice');
    first.wic.call('bob', { video: false });
    await world.clock.advance(10);
    await openLockless('alice');
    expect(first.wic.calls.getSnapshot().every((call) => call.getSnapshot().end !== undefined)).toBe(true);
    expect(first.wic.calls.getSnapshot()).toHaveLength(1);
  });

  it('[RFC 5626 4.5] is followed by another with backoff where this tab has the lock, longer each time', async () => {
    const wic = await openTab();
    const waits: number[] = [];
    for (const attempt of [2, 3, 4]) {
      replace();
      await world.clock.settle();
      expect(wic.activity.getSnapshot().status).toBe('active');
      const state = wic.registration.getSnapshot();
      expect(state).toMatchObject({ status: 'registering', attempt });
      waits.push(((state.status === 'registering' ? state.retryAtMs : undefined) ?? 0) - world.clock.now());
      await world.clock.advance(waits.at(-1) ?? 0);
      expect(isRegistered(wic)).toBe(true);
    }
    for (const [index, waitMs] of waits.entries()) expect(waitMs).toBeGreaterThanOrEqual(1_000 * 2 ** index);
    await world.clock.advance(60_000);
    replace();
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registering', attempt: 2 });
  });

  it('[RFC 5626 4.2] is not followed by another where the lock is lost meanwhile', async () => {
    const { wic, wake } = browser.open(impuOf('alice'));
    void wic.register();
    await world.clock.settle();
    const other = await openTab();
    replace();
    await world.clock.settle();
    wake();
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registering', attempt: 2 });
    expect(registers()).toBe(1);
    other.useHere();
    await world.clock.advance(60_000);
    expect(wic.activity.getSnapshot().status).toBe('elsewhere');
    expect([isRegistered(wic), isRegistered(other)]).toEqual([false, true]);
    expect(world.gateway.flowsOf(impuOf('alice'))).toHaveLength(1);
  });

  it.each([1_000, 1_001, 1_006, 4_001])('[RFC 6455 7.4] is none that was closed with %i', async (code) => {
    const { wic } = await openLockless('alice');
    for (const flow of world.gateway.flows) flow.socket.close(code);
    await world.clock.advance(1_000);
    expect(wic.activity.getSnapshot().status).toBe('active');
    expect(isRegistered(wic)).toBe(true);
  });
});

describe('two browsers', () => {
  it('know nothing of each other', async () => {
    const first = await openTab();
    browser = world.openBrowser();
    const second = await openTab();
    expect([isRegistered(first), isRegistered(second)]).toEqual([true, true]);
  });
});

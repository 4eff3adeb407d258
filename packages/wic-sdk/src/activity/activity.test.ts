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
  it('[design rule 11] hold one registration', async () => {
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

describe('two browsers', () => {
  it('know nothing of each other', async () => {
    const first = await openTab();
    browser = world.openBrowser();
    const second = await openTab();
    expect([isRegistered(first), isRegistered(second)]).toEqual([true, true]);
  });
});

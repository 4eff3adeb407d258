import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld, impuOf } from '../testing.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

const registers = () => world.gateway.requests('REGISTER');

describe('a connection', () => {
  it('[RFC 5626 4.5] that breaks is followed by another, which registers with the same instance', async () => {
    const { wic } = await world.register('alice');
    world.gateway.restart();
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registering', attempt: 1 });
    await world.clock.advance(1_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    expect(registers()).toHaveLength(2);
  });

  it('[RFC 5626 4.5] that does not come is tried again with backoff, up to 30 s', async () => {
    world.gateway.isDown = true;
    const { wic } = world.openBrowser().open(impuOf('alice'));
    void wic.register();
    const waits: number[] = [];
    for (let attempt = 2; attempt < 10; attempt += 1) {
      await world.clock.settle();
      const state = wic.registration.getSnapshot();
      expect(state).toMatchObject({ status: 'registering', attempt });
      const retryAtMs = (state.status === 'registering' ? state.retryAtMs : undefined) ?? 0;
      waits.push(retryAtMs - world.clock.now());
      await world.clock.advance(retryAtMs - world.clock.now());
    }
    expect(waits[0]).toBeGreaterThanOrEqual(1_000);
    expect(waits[3]).toBeGreaterThanOrEqual(8_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  });

  it('is tried at once when the network is back', async () => {
    world.gateway.isDown = true;
    const { wic, wake } = world.openBrowser().open(impuOf('alice'));
    void wic.register();
    await world.clock.advance(60_000);
    world.gateway.isDown = false;
    wake();
    await world.clock.settle();
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 7118 4] without the subprotocol sip is not used', async () => {
    world.gateway.subprotocol = '';
    const { wic } = world.openBrowser().open(impuOf('alice'));
    void wic.register();
    await world.clock.settle();
    expect(wic.registration.getSnapshot()).toMatchObject({ status: 'registering', attempt: 2 });
    expect(registers()).toEqual([]);
  });

  it('[RFC 5626 4.4.1] is kept alive by a double CRLF', async () => {
    const { wic } = await world.register('alice');
    await world.clock.advance(120_000);
    const pings = world.gateway.frames.filter((frame) => frame === '\r\n\r\n').length;
    expect(pings).toBeGreaterThanOrEqual(4);
    expect(pings).toBeLessThanOrEqual(6);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('[RFC 5626 4.4.1] that gives no pong within 10 s is dead', async () => {
    const { wic } = await world.register('alice');
    world.gateway.answersPings = false;
    await world.clock.advance(37_000);
    expect(registers().length).toBeGreaterThan(1);
    expect(wic.registration.getSnapshot().status).toBe('registered');
  });

  it('is asked for a sign of life when somebody looks at the page', async () => {
    const { wake } = await world.register('alice');
    wake();
    await world.clock.settle();
    expect(world.gateway.frames.filter((frame) => frame === '\r\n\r\n')).toHaveLength(1);
  });

  it('survives a WWSF that gives no token for a while', async () => {
    world.gateway.grantedSeconds = 600;
    world.gateway.registerHeaders = [];
    let isDown = false;
    const accessToken = () => (isDown ? Promise.reject(new Error('502')) : Promise.resolve('token'));
    const { wic } = await world.register('alice', { accessToken });
    isDown = true;
    await world.clock.advance(320_000);
    expect(wic.registration.getSnapshot().status).toBe('registered');
    isDown = false;
    await world.clock.advance(20_000);
    expect(registers()).toHaveLength(2);
    expect(world.gateway.flows.size).toBe(1);
  });

  it('[O.2.3] leaves no timer behind when the WIC is closed', async () => {
    const { wic } = await world.register('alice');
    wic.close();
    await world.clock.advance(0);
    expect(world.clock.pending).toBe(0);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryWorld } from '../testing.ts';
import type { Call } from '../wic.ts';
import { ConnectionWatch } from './connection-watch.ts';

let world: InMemoryWorld;

beforeEach(() => {
  world = new InMemoryWorld();
});

/** What each end has been told from now on. */
const listen = (calls: readonly Call[]): boolean[][] =>
  calls.map(({ isInterrupted }) => {
    const told: boolean[] = [];
    isInterrupted.subscribe(() => told.push(isInterrupted.getSnapshot()));
    return told;
  });

const read = (calls: readonly Call[]): boolean[] => calls.map(({ isInterrupted }) => isInterrupted.getSnapshot());

describe('a call whose media have no path', () => {
  it('[RFC 7675 5.1] does not tell a blip of less than 1 s, nor two of them', async () => {
    const { call, incoming } = await world.talk();
    const told = listen([call, incoming]);
    for (const ms of [999, 600]) {
      world.ice.silence();
      await world.clock.advance(ms);
      world.ice.unblock();
      await world.clock.advance(600);
    }
    expect(told).toEqual([[], []]);
  });

  it('[RFC 7675 5.1] tells after 1 s at both ends that it is interrupted, and when there is a path again', async () => {
    const { call, incoming } = await world.talk();
    const told = listen([call, incoming]);
    world.ice.silence();
    await world.clock.advance(1_000);
    expect(read([call, incoming])).toEqual([true, true]);
    expect([call.getSnapshot().status, incoming.getSnapshot().status]).toEqual(['in call', 'in call']);
    await world.clock.advance(4_000);
    world.ice.unblock();
    expect(told).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('[RFC 8445 9] tells at once where the path failed, once even if it was silent before, until the restart helped', async () => {
    const { call, incoming } = await world.talk();
    const told = listen([call, incoming]);
    world.ice.silence();
    await world.clock.advance(500);
    expect(told).toEqual([[], []]);
    world.ice.block();
    expect(read([call, incoming])).toEqual([true, true]);
    await world.clock.advance(3_000);
    world.ice.unblock();
    await world.clock.advance(5_000);
    expect(told).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('[RFC 8445 9] is not told where a new path takes the place of one that works', async () => {
    const turn = (id: string, seconds: number) => [['3gpp-ext-turn-cred', `${id}:${seconds}:c2VjcmV0`]] as const;
    world.gateway.registerHeaders = turn('first1', 1_800_000_600);
    const { call, incoming } = await world.talk();
    const told = listen([call, incoming]);
    world.gateway.registerHeaders = turn('second2', 1_800_003_600);
    await world.clock.advance(320_000);
    expect(world.gateway.requests('INVITE')).toHaveLength(2);
    expect(told).toEqual([[], []]);
  });

  it('[RFC 7675 5.1] is not told of a call that still rings, and is of one that is answered and finds no path', async () => {
    const { call, incoming } = await world.ring();
    world.ice.block();
    await world.clock.advance(2_000);
    expect(read([call, incoming])).toEqual([false, false]);
    void incoming.answer({ video: false });
    await world.clock.advance(2_000);
    expect([call.getSnapshot().status, ...read([call])]).toEqual(['connecting', true]);
  });

  it.each([
    { name: 'hung up', silentMs: 3_000 },
    { name: 'hung up before 1 s is over', silentMs: 500 },
  ])('[RFC 3261 15] is not interrupted any more once it is over: $name', async ({ silentMs }) => {
    const { call, incoming } = await world.talk();
    world.ice.silence();
    await world.clock.advance(silentMs);
    call.hangUp();
    expect(call.isInterrupted.getSnapshot()).toBe(false);
    const told = listen([call]);
    await world.clock.advance(10_000);
    expect(told).toEqual([[]]);
    expect(read([call, incoming])).toEqual([false, false]);
  });

  it('[W.3.1.1] is not interrupted any more once it ended because no path was found', async () => {
    const { call, incoming } = await world.talk();
    world.ice.block();
    await world.clock.advance(16_000);
    expect(call.getSnapshot().end?.cause).toBe('media failed');
    expect(read([call, incoming])).toEqual([false, false]);
  });

  it.each<{ name: string; end: (watch: ConnectionWatch) => void; told: boolean[] }>([
    { name: 'connected', end: (watch) => watch.onState('connected'), told: [false, false] },
    { name: 'over', end: (watch) => watch.stop(), told: [false] },
  ])('[RFC 7675 5.1] leaves no timer behind where the call is $name before 1 s is over', async ({ end, told }) => {
    const heard: boolean[] = [];
    const ignore = (): void => undefined;
    const watch = new ConnectionWatch({
      clock: world.clock,
      isOfferer: true,
      onConnected: ignore,
      onInterruption: (isInterrupted) => heard.push(isInterrupted),
      restart: ignore,
      onFailed: ignore,
    });
    const before = world.clock.pending;
    watch.start('connected');
    for (const state of ['disconnected', 'connecting', 'disconnected'] as const) watch.onState(state);
    expect(world.clock.pending).toBe(before + 1);
    end(watch);
    expect(world.clock.pending).toBe(before);
    await world.clock.advance(5_000);
    expect(heard).toEqual(told);
  });
});

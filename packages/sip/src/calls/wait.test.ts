import { expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Wait } from './wait.ts';

it('[RFC 3261 14.1] pauses side by side, none cut short by another', async () => {
  const clock = new VirtualClock();
  const wait = new Wait();
  const ended: string[] = [];
  void wait.start(clock, 2_000).then(() => ended.push('re-INVITE'));
  void wait.start(clock, 1_000).then(() => ended.push('UPDATE'));
  await clock.run(999);
  expect(ended).toEqual([]);
  await clock.run(1_001);
  expect([ended, clock.pending]).toEqual([['UPDATE', 're-INVITE'], 0]);
});

it('[RFC 3261 15] end with the call, all of them', async () => {
  const clock = new VirtualClock();
  const wait = new Wait();
  const pauses = Promise.all([wait.start(clock, 2_000), wait.start(clock, 1_000)]);
  wait.end();
  await pauses;
  expect(clock.pending).toBe(0);
});

import { expect, it } from 'vitest';
import { seldom } from './seldom.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

it('lets the first through, and one more in ten seconds', () => {
  const clock = new VirtualClock();
  const told: number[] = [];
  const tell = seldom(clock, (number: number) => told.push(number));
  for (let number = 0; number < 25; number += 1) {
    tell(number);
    clock.advance(1_000);
  }
  expect(told).toEqual([0, 10, 20]);
});

import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('[limits] allows a burst, then the average, and never more than the burst', () => {
  let now = 0;
  const clock = { now: () => now, after: () => () => {} };
  const bucket = new TokenBucket({ clock, burst: 3, perSecond: 2 });
  const take = (times: number): number => Array.from({ length: times }, () => bucket.take()).filter(Boolean).length;
  expect(take(5)).toBe(3);
  now += 499;
  expect(take(1)).toBe(0);
  now += 1;
  expect(take(2)).toBe(1);
  now += 3_600_000;
  expect(take(10)).toBe(3);
});

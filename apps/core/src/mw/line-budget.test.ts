import { expect, it } from 'vitest';
import { LineBudget } from './line-budget.ts';

it('allows some lines at once and then one a second', () => {
  let now = 0;
  const budget = new LineBudget({ now: () => now, after: () => () => undefined });
  const take = (times: number): number => Array.from({ length: times }, () => budget.take()).filter(Boolean).length;
  expect(take(100)).toBe(20);
  now += 900;
  expect(take(10)).toBe(0);
  now += 2_100;
  expect(take(10)).toBe(3);
  now += 3_600_000;
  expect(take(100)).toBe(20);
});

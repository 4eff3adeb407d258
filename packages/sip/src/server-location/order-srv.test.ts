import { expect, it } from 'vitest';
import { orderSrv } from './order-srv.ts';
import type { SrvRecord } from './resolver.ts';

const record = (priority: number, weight: number, target: string): SrvRecord => ({
  priority,
  weight,
  port: 5_060,
  target,
});
const order = (records: readonly SrvRecord[], ...numbers: number[]): string =>
  orderSrv(records, () => numbers.shift() ?? 0)
    .map(({ target }) => target)
    .join(' ');

it('[RFC 2782] the lowest priority comes first, whatever the weights', () => {
  const records = [record(20, 100, 'c'), record(10, 1, 'a'), record(15, 0, 'b')];
  expect(order(records, 0.99, 0.99, 0.99)).toBe('a b c');
});

it('[RFC 2782] of one priority the random number chooses in the running sum of weights', () => {
  const records = [record(0, 10, 'ten'), record(0, 30, 'thirty'), record(0, 60, 'sixty')];
  // floor(0.09 * 101) = 9, floor(0.5 * 101) = 50, floor(0.1 * 101) = 10, floor(0.11 * 101) = 11
  expect(order(records, 0.09)).toBe('ten thirty sixty');
  expect(order(records, 0.1)).toBe('ten thirty sixty');
  expect(order(records, 0.11)).toBe('thirty ten sixty');
  expect(order(records, 0.5, 0.5)).toBe('sixty thirty ten');
});

it('[RFC 2782] a record of weight 0 is chosen first by 0 alone', () => {
  const records = [record(0, 100, 'heavy'), record(0, 0, 'light')];
  expect(order(records, 0)).toBe('light heavy');
  expect(order(records, 0.01)).toBe('heavy light');
});

it('[RFC 2782] weights are shares: each server comes first as often as its weight says', () => {
  const records = [record(0, 1, 'small'), record(0, 3, 'large')];
  const firsts = Array.from({ length: 100 }, (_, index) => order(records, index / 100).split(' ')[0]);
  // 0 and 1 of the five numbers 0 to 4 choose the small one.
  expect(firsts.filter((target) => target === 'small')).toHaveLength(40);
});

it('every record comes once, of an answer without end only the first of them', () => {
  const records = Array.from({ length: 1_000 }, (_, index) => record(index, 0, String(index)));
  expect(orderSrv(records, () => 0.5)).toEqual(records.slice(0, 32));
  expect(orderSrv([], () => 0.5)).toEqual([]);
});

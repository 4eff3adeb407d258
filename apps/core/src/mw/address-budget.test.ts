import { describe, expect, it } from 'vitest';
import { AddressBudget } from './address-budget.ts';

const create = (now: () => number = () => 0): AddressBudget =>
  new AddressBudget({ clock: { now, after: () => () => undefined }, perSecond: 50, burst: 200 });
const taken = (budget: AddressBudget, address: string, times: number): number =>
  Array.from({ length: times }, () => budget.take(address)).filter(Boolean).length;

describe('[RFC 3261 26.3.2.4] requests of one address', () => {
  it('[RFC 3261 26.3.2.4] are allowed as a burst and then at a rate', () => {
    let now = 0;
    const budget = create(() => now);
    expect(taken(budget, '192.0.2.1', 300)).toBe(200);
    now += 100;
    expect(taken(budget, '192.0.2.1', 300)).toBe(5);
    now += 3_600_000;
    expect(taken(budget, '192.0.2.1', 300)).toBe(200);
  });

  it.each([
    ['192.0.2.1', '192.0.2.2', 1],
    ['192.0.2.1', '::ffff:192.0.2.1', 0],
    ['2001:db8::1', '2001:db8:0:0:ffff::2', 0],
    ['2001:db8::1', '2001:db8:0:1::1', 1],
    ['::1', '::2', 0],
  ])('[RFC 3261 26.3.2.4] of %s leave %s %i', (one, other, left) => {
    const budget = create();
    taken(budget, one, 200);
    expect(taken(budget, other, 1)).toBe(left);
  });

  it('[RFC 3261 26.3.2.4] no more than 10,000 addresses are remembered, those used last', () => {
    const budget = create();
    taken(budget, 'busy', 200);
    for (let number = 0; number < 20_000; number += 1) {
      budget.take(`10.0.${number >> 8}.${number & 255}`);
      if (number % 1_000 === 0) expect(budget.take('busy')).toBe(false);
    }
    expect(budget.size).toBe(10_000);
  });
});

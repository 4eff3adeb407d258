import { describe, expect, it } from 'vitest';
import { Revocations } from './revocations.ts';

describe('Revocations', () => {
  it('[X.5.2.2-7] [TURN server 3] last until their time is over, no longer', () => {
    const revocations = new Revocations();
    expect(revocations.add('a', 100, 0)).toBe(true);
    expect([revocations.has('a', 0), revocations.has('a', 99_999), revocations.has('a', 100_000)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(revocations.has('b', 0)).toBe(false);
  });

  it('[X.5.2.2-7] a second one never shortens the first', () => {
    const revocations = new Revocations();
    revocations.add('a', 100, 0);
    revocations.add('a', 50, 0);
    expect(revocations.has('a', 99_999)).toBe(true);
    revocations.add('a', 200, 0);
    expect([revocations.has('a', 199_999), revocations.size, revocations.total]).toEqual([true, 1, 1]);
  });

  it('are bounded: what ran out makes room, what is in force never gives way', () => {
    const revocations = new Revocations(2);
    revocations.add('a', 100, 0);
    revocations.add('b', 200, 0);
    expect(revocations.add('c', 300, 0)).toBe(false);
    expect(revocations.add('b', 250, 0)).toBe(true);
    expect(revocations.add('c', 300, 100_000)).toBe(true);
    expect([revocations.has('b', 100_000), revocations.size]).toEqual([true, 2]);
  });
});

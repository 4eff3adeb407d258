import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Deadlines } from './deadlines.ts';

interface Bench {
  readonly clock: VirtualClock;
  readonly deadlines: Deadlines<string>;
  /** What passed, and when. */
  readonly passed: (readonly [item: string, atMs: number])[];
}

function bench(): Bench {
  const clock = new VirtualClock(0);
  const passed: (readonly [string, number])[] = [];
  return { clock, passed, deadlines: new Deadlines(clock, (item) => passed.push([item, clock.now()])) };
}

describe('Deadlines', () => {
  it('[RFC 8656 3.2] pass in their order, each at its time, under one timer', () => {
    const { clock, deadlines, passed } = bench();
    for (const [at, item] of ['c', 'a', 'b'].entries()) deadlines.set(item, [300, 100, 200][at] ?? 0);
    expect(clock.pendingCount).toBe(1);
    clock.advance(1_000);
    expect(passed).toEqual([
      ['a', 100],
      ['b', 200],
      ['c', 300],
    ]);
    expect(clock.pendingCount).toBe(0);
  });

  it('[RFC 8656 8] are put off, moved forward and called off', () => {
    const { clock, deadlines, passed } = bench();
    for (const item of ['off', 'late', 'early', 'gone']) deadlines.set(item, 100);
    deadlines.set('late', 500);
    deadlines.set('early', 50);
    deadlines.delete('gone');
    deadlines.delete('never there');
    clock.advance(1_000);
    expect(passed).toEqual([
      ['early', 50],
      ['off', 100],
      ['late', 500],
    ]);
  });

  it('leaves no timer when the last is called off', () => {
    const { clock, deadlines } = bench();
    deadlines.set('a', 100);
    deadlines.delete('a');
    expect(clock.pendingCount).toBe(0);
  });

  it('passes each once and in order, whatever was done before', () => {
    const step = fc.record({ item: fc.integer({ min: 0, max: 20 }), atMs: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { clock, deadlines, passed } = bench();
        const model = new Map<string, number>();
        for (const { item, atMs } of steps) {
          const name = String(item);
          if (atMs % 5 === 0) deadlines.delete(name);
          else deadlines.set(name, atMs);
          if (atMs % 5 === 0) model.delete(name);
          else model.set(name, atMs);
        }
        clock.advance(100);
        expect(new Map(passed)).toEqual(model);
        expect(passed).toHaveLength(model.size);
        expect(passed.map(([, atMs]) => atMs)).toEqual([...model.values()].sort((one, other) => one - other));
        expect(clock.pendingCount).toBe(0);
      }),
    );
  });
});

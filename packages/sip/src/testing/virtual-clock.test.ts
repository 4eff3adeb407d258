import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

describe('VirtualClock', () => {
  it('[RFC 3261 17] runs timers in the order of their time, equal ones in the order they were started', () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    const note = (name: string) => (): void => void ran.push(`${name} ${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.advance(9);
    expect(ran).toEqual([]);
    clock.advance(11);
    expect(ran).toEqual(['first 10', 'second 10', 'late 20']);
    expect(clock.pending).toBe(0);
  });

  it('[RFC 3261 17] runs what a timer starts, if it is due as well, and nothing that was stopped', () => {
    const clock = new VirtualClock();
    const ran: number[] = [];
    const repeat = (): void => {
      ran.push(clock.now());
      clock.after(10, repeat);
    };
    clock.after(0, repeat);
    const stop = clock.after(5, () => ran.push(-1));
    stop();
    stop();
    clock.advance(25);
    expect([ran, clock.now(), clock.pending]).toEqual([[0, 10, 20], 25, 1]);
  });

  it('[RFC 3261 17] lets promises settle between timers where it is awaited', async () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    clock.after(1, () => void Promise.resolve().then(() => ran.push('promise')));
    clock.after(2, () => ran.push('timer'));
    await clock.run(2);
    expect(ran).toEqual(['promise', 'timer']);
  });
});

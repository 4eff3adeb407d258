import { expect, it, vi } from 'vitest';
import { createSystemClock } from './system-clock.ts';

it('runs what is due, not what was stopped', async () => {
  const clock = createSystemClock();
  const ran: string[] = [];
  clock.after(1, () => ran.push('stopped'))();
  await new Promise<void>((resolve) => {
    clock.after(0, () => ran.push('first'));
    clock.after(5, resolve);
  });
  expect(ran).toEqual(['first']);
  clock.stop();
});

it('once stopped runs nothing any more', () => {
  vi.useFakeTimers();
  try {
    const clock = createSystemClock();
    const run = vi.fn();
    clock.after(10, run);
    clock.stop();
    clock.after(10, run);
    vi.advanceTimersByTime(100);
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it.each([
  ['runs when it is due, and not at once', 0, 1],
  ['does not run where it is stopped before', 1, 0],
  ['does not run where it is stopped on the way', 30, 0],
])('[RFC 3261 20.19] what is due after the longest lifetime, 2^32 - 1 s, %s', (_name, stopAfterDays, times) => {
  vi.useFakeTimers();
  try {
    const [clock, run] = [createSystemClock(), vi.fn()];
    const stop = clock.after(4_294_967_295_000, run);
    if (stopAfterDays > 0) {
      vi.advanceTimersByTime(stopAfterDays * 86_400_000);
      stop();
    }
    vi.advanceTimersByTime(4_294_967_294_999 - stopAfterDays * 86_400_000);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(times);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

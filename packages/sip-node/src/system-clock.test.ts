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

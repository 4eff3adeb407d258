import { describe, expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

describe('how long something lasts', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [150, '2 minutes'],
    [3_600, '1 hour'],
    [5_400, '1 hour 30 minutes'],
    [600_000, '6 days 22 hours'],
    [86_400, '1 day'],
  ])('[WIC] %i s is %s', (seconds, words) => {
    expect(timeLeft(seconds)).toBe(words);
  });
});

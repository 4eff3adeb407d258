import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

describe('a length of time', () => {
  it.each([
    [0, '0:00'],
    [9.9, '0:09'],
    [187, '3:07'],
    [3_599, '59:59'],
    [3_609, '1:00:09'],
    [86_400, '24:00:00'],
  ])('[WIC] %d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

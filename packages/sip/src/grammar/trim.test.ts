import { describe, expect, it } from 'vitest';
import { trimWhitespace } from './trim.ts';

describe('trimWhitespace', () => {
  it.each([
    [' \ta b\t ', 'a b'],
    ['', ''],
    [' \t ', ''],
    ['\u00a05\u00a0', '\u00a05\u00a0'],
    ['\u000b5\u000c', '\u000b5\u000c'],
  ])('[RFC 3261 25.1] takes SP and HTAB only: %j', (text, trimmed) => {
    expect(trimWhitespace(text)).toBe(trimmed);
  });
});

import { describe, expect, it } from 'vitest';
import { Headers } from './headers.ts';
import { findTokens, formatTokens, hasToken } from './token-list.ts';

describe('token lists', () => {
  it('[RFC 3261 20.37] come from every line, in order', () => {
    const headers = Headers.of(['Supported', '100rel, timer'], ['k', 'path,,'], ['Supported', '']);
    expect(findTokens(headers, 'Supported')).toEqual(['100rel', 'timer', 'path']);
    expect(findTokens(headers, 'Require')).toEqual([]);
  });

  it('[RFC 3261 7.3.1] compare without regard to case where they are option tags', () => {
    const headers = Headers.of(['Require', 'Sec-Agree']);
    expect(hasToken(headers, 'Require', 'sec-agree')).toBe(true);
    expect(hasToken(headers, 'Require', 'sec')).toBe(false);
  });

  it.each([['100rel timer'], ['<100rel>'], ['"100rel"']])('[RFC 3261 20.37] refuses %s', (value) => {
    expect(() => findTokens(Headers.of(['Supported', value]), 'Supported')).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }),
    );
  });

  it('[RFC 3261 20.5] are written with commas', () => {
    expect(formatTokens(['INVITE', 'ACK'])).toBe('INVITE, ACK');
    expect(formatTokens([])).toBe('');
  });

  it.each(['', 'a b', 'a,b', ' a', 'a\r\nVia: x'])('[RFC 3261 20.5] hold no %j', (token) => {
    expect(() => formatTokens([token])).toThrow(TypeError);
  });
});

import { expect, it } from 'vitest';
import { formatRetryAfter, parseRetryAfter } from './retry-after.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Retry-After',
  clause: 'RFC 3261 20.33',
  parse: parseRetryAfter,
  format: formatRetryAfter,
  wellFormed: [
    { source: 'RFC 3261 20.33, a duration', value: '18000;duration=3600' },
    { source: 'RFC 3261 20.33, a comment', value: "120 (I'm in a meeting)" },
    {
      source: 'RFC 4475 3.1.1.1, comments within comments',
      value: '5 (a (b \\) c) d) ; x',
      canonical: '5 (a (b \\) c) d);x',
    },
    { source: 'zero', value: '0' },
  ],
  malformed: [
    { fault: 'a date', value: 'Fri, 26 Sep 2027', at: 0, expected: 'seconds below 2^32' },
    { fault: 'an open comment', value: '120 (meeting', at: 4, expected: 'closing parenthesis' },
    { fault: 'text without parentheses', value: '120 meeting', at: 4, expected: 'end of value' },
    { fault: '2^32', value: '4294967296', at: 0, expected: 'seconds below 2^32' },
  ],
});

it('[RFC 3261 25.1] bounds comments within comments', () => {
  expect(() => parseRetryAfter(`1 ${'('.repeat(17)}${')'.repeat(17)}`)).toThrow(
    expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }),
  );
});

it('[RFC 3261 25.1] takes other bounds', () => {
  const tooLarge = expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' });
  expect(parseRetryAfter('1 ((x))', { nesting: 2 }).comment).toBe('((x))');
  expect(() => parseRetryAfter('1 ((x))', { nesting: 1 })).toThrow(tooLarge);
  expect(() => parseRetryAfter('1;a;b', { parameters: 1 })).toThrow(tooLarge);
});

it.each(['', 'x', '(x', '(x) y', '(x\r\ny)', '(\0)', '('.repeat(17) + ')'.repeat(17)])(
  '[RFC 3261 25.1] writes no comment that is none: %j',
  (comment) => {
    expect(() => formatRetryAfter({ seconds: 1, comment, params: new Map() })).toThrow(TypeError);
  },
);

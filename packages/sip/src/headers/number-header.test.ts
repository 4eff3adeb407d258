import { describe, expect, it } from 'vitest';
import { Headers } from './headers.ts';
import { findNumber } from './number-header.ts';

describe('findNumber', () => {
  it.each([
    ['RFC 3261 20.22', 'Max-Forwards', '6', 6],
    ['RFC 4475 3.1.1.1, leading zeros', 'Max-Forwards', '0068', 68],
    ['RFC 3261 20.19, the highest', 'Expires', '4294967295', 4_294_967_295],
    ['RFC 3261 20.33, with a parameter', 'Retry-After', '18000;duration=3600', 18_000],
    ['RFC 3261 20.33, with a comment', 'Retry-After', "120 (I'm in a meeting)", 120],
    ['RFC 4028 4', 'Session-Expires', '4000 ;refresher=uac', 4_000],
  ] as const)('[RFC 3261 20] reads %s', (_, name, value, number) => {
    expect(findNumber(Headers.of([name, value]), name)).toBe(number);
  });

  it('[RFC 3261 20] knows that a field is absent', () => {
    expect(findNumber(Headers.empty, 'Expires')).toBeUndefined();
  });

  it.each([
    ['RFC 4475 3.1.2.4, a number too high', 'Expires', '10000000000'],
    ['2^32', 'Expires', '4294967296'],
    ['a sign', 'Content-Length', '-5'],
    ['a fraction', 'Expires', '1.5'],
    ['hexadecimal digits', 'Content-Length', '0x10'],
    ['a second number', 'Content-Length', '5 6'],
    ['a list', 'Content-Length', '5, 6'],
    ['a parameter where none may be', 'Content-Length', '5;x=1'],
    ['a comment where none may be', 'Max-Forwards', '70 (hops)'],
    ['nothing', 'Expires', ''],
    ['other digits', 'Content-Length', '٥'],
    ['a space that is none in SIP', 'Content-Length', '\u00a05'],
  ] as const)('[RFC 3261 20] refuses %s', (_, name, value) => {
    expect(() => findNumber(Headers.of([name, value]), name)).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', statusCode: 400, header: name }),
    );
  });
});

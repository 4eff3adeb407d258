import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { formatVia, parseVia } from './via.ts';

const wellFormed = [
  {
    source: 'RFC 3261 20.42, third example',
    value: 'SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1',
    canonical: 'SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1',
  },
  {
    source: 'RFC 3581 6, a parameter without value',
    value: 'SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff',
    canonical: 'SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff',
  },
  {
    source: 'RFC 4475 3.1.1.1, wide spacing',
    value: 'SIP  / 2.0  / TCP     spindle.example.com   ; branch  =   z9hG4bK9ikj8',
    canonical: 'SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8',
  },
];

const malformed = [
  { fault: 'another protocol', value: 'HTTP/1.1/TCP example.com', at: 0, expected: 'SIP' },
  { fault: 'no sent-by', value: 'SIP/2.0/WSS', at: 11, expected: 'whitespace' },
  { fault: 'unclosed IPv6', value: 'SIP/2.0/WSS [2001:db8::1', at: 12, expected: 'host' },
  { fault: 'port out of range', value: 'SIP/2.0/WSS example.com:65536', at: 24, expected: 'port from 1 to 65535' },
  { fault: 'trailing text', value: 'SIP/2.0/WSS example.com 5060', at: 24, expected: 'end of value' },
];

describe('Via', () => {
  it.each(wellFormed)('reads and rewrites $source', ({ value, canonical }) => {
    expect(formatVia(parseVia(value))).toBe(canonical);
  });

  it.each(malformed)('refuses $fault', ({ value, at, expected }) => {
    expect(() => parseVia(value)).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_HEADER_MALFORMED',
        message: `Via: expected ${expected} at offset ${at}`,
      }),
    );
  });

  it('survives mutation: a SipError, or a text that stays as it was written', () => {
    const mutant = fc
      .tuple(fc.constantFrom(...wellFormed), fc.nat(99), fc.string({ maxLength: 3 }))
      .map(([{ value }, at, noise]) => value.slice(0, at) + noise + value.slice(at + 1));

    fc.assert(
      fc.property(mutant, (value) => {
        const written = tryOr(SipError, () => formatVia(parseVia(value)));
        if (written !== undefined) expect(formatVia(parseVia(written))).toBe(written);
      }),
    );
  });
});

/** What `run` returns, or undefined if it throws an `Expected`; any other error goes on up. */
function tryOr<T>(Expected: abstract new (...args: never[]) => Error, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof Expected) return undefined;
    throw error;
  }
}

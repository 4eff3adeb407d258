/**
 * The three things every typed header field is tested for: what it reads, what it refuses, and that mutation ends in a
 * SipError or in a text that stays as it was written.
 *
 * @module
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../../errors.ts';

export interface HeaderTable<T> {
  readonly name: string;
  /** Of the titles, e.g. `RFC 3326 2`. */
  readonly clause: string;
  readonly parse: (value: string) => T;
  readonly format: (parsed: T) => string;
  /** `canonical` where it is written otherwise than it came. */
  readonly wellFormed: readonly { readonly source: string; readonly value: string; readonly canonical?: string }[];
  readonly malformed: readonly {
    readonly fault: string;
    readonly value: string;
    readonly at: number;
    readonly expected: string;
  }[];
}

export function testHeader<T>({ name, clause, parse, format, wellFormed, malformed }: HeaderTable<T>): void {
  describe(name, () => {
    it.each(wellFormed)(`[${clause}] reads and rewrites $source`, ({ value, canonical = value }) => {
      expect(format(parse(value))).toBe(canonical);
      expect(parse(canonical)).toEqual(parse(value));
    });

    it.each(malformed)(`[${clause}] refuses $fault`, ({ value, at, expected }) => {
      const message = `${name}: expected ${expected} at offset ${at}`;
      expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', message }));
    });

    it(`[${clause}] survives mutation: a SipError, or a text that stays as it was written`, () => {
      const noise = fc.oneof(
        fc.string({ maxLength: 3 }),
        fc.constantFrom(',', ';', '=', '"', '<', '>', '\\', '(', ':'),
      );
      const mutant = fc
        .tuple(fc.constantFrom(...wellFormed), fc.nat(99), noise)
        .map(([{ value }, at, extra]) => value.slice(0, at) + extra + value.slice(at + 1));
      fc.assert(
        fc.property(mutant, (value) => {
          const written = tryOr(() => format(parse(value)));
          if (written === undefined) return;
          expect(format(parse(written))).toBe(written);
          expect(written).not.toMatch(/[\r\n]|(?<!\\)\0/u);
        }),
        { numRuns: 500 },
      );
    });
  });
}

function tryOr(run: () => string): string | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

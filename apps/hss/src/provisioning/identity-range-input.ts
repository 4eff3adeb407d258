/**
 * What an operator may say about a range of identities.
 *
 * @module
 */
import { z } from 'zod';
import { InputInvalid } from '../errors.ts';
import { canonicalImpiPattern, canonicalImpuPattern, type IdentityRange } from '../subscriptions/identity-range.ts';
import { allowedAuthoritiesSchema } from './allowed-authorities-input.ts';
import { canonicalText, readInput } from './read-input.ts';

const impi = canonicalText(canonicalImpiPattern, 'expected a NAI with one * before the @, such as visitor-*@domain');
const impu = canonicalText(canonicalImpuPattern, 'expected a sip: or sips: URI with one * before the @');
const shownOnly = z.unknown().optional();

const rangeSchema = z.strictObject({
  impi,
  impu,
  maxRegistered: z.number().int().min(1).max(10_000).default(1_000),
  allowedWafWwsfIdentities: allowedAuthoritiesSchema.default(null),
  registered: shownOnly,
});

/** The patterns stay as they are. */
const replacementSchema = rangeSchema.partial({ impi: true, impu: true });

export type IdentityRangeInput = z.input<typeof rangeSchema>;
export type RangeReplacementInput = z.input<typeof replacementSchema>;

/** @throws {InputInvalid} */
export function readRange(input: unknown): IdentityRange {
  const { registered: _, ...range } = readInput(rangeSchema, input);
  return { ...range, allowedWafWwsfIdentities: range.allowedWafWwsfIdentities ?? undefined };
}

/** What is to become of `current`. @throws {InputInvalid} also where another pattern is named. */
export function readRangeReplacement(input: unknown): (current: IdentityRange) => IdentityRange {
  const wanted = readInput(replacementSchema, input);
  return (current) => {
    for (const name of ['impi', 'impu'] as const) {
      if ((wanted[name] ?? current[name]) === current[name]) continue;
      throw new InputInvalid([{ path: name, expected: 'expected the pattern that the range has, or none' }]);
    }
    const { maxRegistered, allowedWafWwsfIdentities } = wanted;
    return { ...current, maxRegistered, allowedWafWwsfIdentities: allowedWafWwsfIdentities ?? undefined };
  };
}

/** @throws {InputInvalid} */
export function readImpiPattern(input: unknown): string {
  return readInput(z.object({ impi }), { impi: input }).impi;
}

/**
 * What a user's ISIM and the HSS share for AKA, as an operator gives it (TS 33.102 6.3.1, TS 35.206 4.1).
 *
 * @module
 */
import { deriveOpc } from '@wicgate/aka';
import { z } from 'zod';
import { InputInvalid } from '../errors.ts';
import { decodeHexadecimal, encodeHexadecimal } from '../subscriptions/hexadecimal.ts';
import type { AkaCredential } from '../subscriptions/subscription.ts';
import { hexadecimalDigits } from './digest-input.ts';

const k = hexadecimalDigits(32);
/** The separation bit alone is set (TS 33.102 annex H). */
const amf = hexadecimalDigits(4).default('8000');
/** SQN_HE, the last number that counts as given out: the first vector has the next one. */
const sqn = hexadecimalDigits(12).default('000000000000');

/** What the API shows: whoever sends it back wants to keep the keys, and perhaps change AMF. */
const shown = z.strictObject({ amf: hexadecimalDigits(4) });

/** OP is forgotten at once, only OPc is kept; null takes the credential away. */
export const akaSchema = z
  .union(
    [
      shown,
      z.strictObject({ k, opc: hexadecimalDigits(32), amf, sqn }),
      z.strictObject({ k, op: hexadecimalDigits(32), amf, sqn }),
    ],
    'expected k and either opc or op of 32 hexadecimal digits, and perhaps amf of 4 and sqn of 12',
  )
  .nullable();

/** What is kept of it. @throws {InputInvalid} the keys of `current` shall be kept, and there are none. */
export function akaCredentialOf(
  input: z.output<typeof akaSchema>,
  current: AkaCredential | undefined,
): AkaCredential | undefined {
  if (input === null) return undefined;
  if (!('k' in input)) {
    if (current !== undefined) return { ...current, amf: input.amf };
    throw new InputInvalid([{ path: 'aka', expected: 'expected k and opc or op: there are none to keep' }]);
  }
  const opc = 'opc' in input ? input.opc : opcOf(input.k, input.op);
  return { k: input.k, opc, amf: input.amf, sqn: Number.parseInt(input.sqn, 16) };
}

function opcOf(ofK: string, op: string): string {
  return encodeHexadecimal(deriveOpc(decodeHexadecimal(ofK), decodeHexadecimal(op)));
}

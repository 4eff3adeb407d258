/**
 * The SIP Digest credential of a subscription as an operator gives it: a password, which is forgotten at once, or its
 * H(A1)s (TS 33.203 N.2.1.1, RFC 7616 3.4.2).
 *
 * @module
 */
import { createHa1 } from '@wicgate/sip';
import { z } from 'zod';
import { InputInvalid } from '../errors.ts';
import type { DigestCredential } from '../subscriptions/subscription.ts';

/** That many of them, in lower case. */
export const hexadecimalDigits = (count: number): z.ZodType<string, string> =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-fA-F]{${count}}$`), `expected ${count} hexadecimal digits`)
    .transform((text) => text.toLowerCase());

const password = z
  .string()
  .min(1, 'expected a password')
  .max(128, 'expected at most 128 characters')
  .refine((text) => !/\p{Cc}/u.test(text), 'expected text without control characters');

/** What the API shows: whoever sends it back wants to keep what there is. */
const shown = z.strictObject({ algorithms: z.array(z.string()).max(2) });

/** Either of both, or what was shown; null takes the credential away. */
export const digestSchema = z
  .union(
    [
      shown,
      z.strictObject({ password }),
      z.strictObject({
        ha1: z.strictObject({ 'MD5': hexadecimalDigits(32), 'SHA-256': hexadecimalDigits(64).optional() }),
      }),
    ],
    'expected a password, or H(A1) of MD5 and perhaps of SHA-256',
  )
  .nullable();

/**
 * What is kept of it. The user name in H(A1) is the private identity.
 *
 * @throws {InputInvalid} `current` shall be kept, and there is none.
 */
export function credentialOf(
  input: z.output<typeof digestSchema>,
  impi: string,
  realm: string,
  current: DigestCredential | undefined,
): DigestCredential | undefined {
  if (input === null) return undefined;
  if ('algorithms' in input) {
    if (current !== undefined) return current;
    throw new InputInvalid([{ path: 'digest', expected: 'expected a password or H(A1): there is none to keep' }]);
  }
  if ('ha1' in input) return { md5: input.ha1.MD5, sha256: input.ha1['SHA-256'] };
  const secret = { username: impi, realm, password: input.password };
  return { md5: createHa1('MD5', secret), sha256: createHa1('SHA-256', secret) };
}

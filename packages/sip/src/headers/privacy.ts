/**
 * The Privacy header field (RFC 3323 4.2; `id` from RFC 3325 9.3, `history` from RFC 7044 10.1).
 *
 *     Privacy-hdr = priv-value *( ";" priv-value )
 *
 * @module
 */
import { MessageTooLarge, SipError } from '../errors.ts';
import { Scanner } from '../grammar/scanner.ts';
import type { Headers } from './headers.ts';
import { requireToken } from './require-token.ts';

const maxValues = 16;

/** The values, lower case, e.g. `id` and `critical`. @throws {HeaderMalformed} @throws {MessageTooLarge} */
export function parsePrivacy(value: string): ReadonlySet<string> {
  const scanner = new Scanner('Privacy', value);
  const values = new Set<string>();
  do {
    if (values.size >= maxValues) throw new MessageTooLarge('values in Privacy', maxValues);
    values.add(scanner.token('privacy value').toLowerCase());
  } while (scanner.accept(';') || scanner.accept(','));
  scanner.end();
  return values;
}

/** @throws {TypeError} one of them is no token: it would bring others along. */
export function formatPrivacy(values: ReadonlySet<string>): string {
  return [...values].map((value) => requireToken(value, 'a privacy value')).join(';');
}

/**
 * Whether the asserted identity must stay inside the trust domain (RFC 3325 7): `id`, `user` or `header` is asked for.
 * A Privacy that cannot be read counts as asking.
 */
export function isIdentityPrivate(headers: Headers): boolean {
  return headers.all('Privacy').some((value) => {
    try {
      const values = parsePrivacy(value);
      return values.has('id') || values.has('user') || values.has('header');
    } catch (error) {
      if (error instanceof SipError) return true;
      throw error;
    }
  });
}

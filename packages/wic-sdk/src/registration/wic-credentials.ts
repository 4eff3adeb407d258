/**
 * What a WIC registers with.
 *
 * @module
 */
import { canonicalImpu, parseUri } from '@wicgate/sip';
import type { AkaCredentials } from './aka-credentials.ts';

/** An access token of the WAF for each try (TS 33.203 X.3). */
export interface WebCredentials {
  readonly kind: 'web';
  /** A token that is valid now (TS 33.203 X.3.2.3 step 1). Rejects with a SignedOut when the web session has ended. */
  readonly accessToken: () => Promise<string>;
}

/** The name in the SIP Digest credentials of a subscription (TS 33.203 X.2.2). */
interface DigestName {
  readonly kind: 'digest';
  /** The private identity; undefined: made from the public one, as the network does (TS 33.203 N.2.1.1). */
  readonly impi?: string | undefined;
}

/** The password is hashed at once and not kept. */
export interface DigestPassword extends DigestName {
  readonly password: string;
  readonly ha1?: undefined;
}

/** H(A1) of the private identity, home domain and password, in hexadecimal digits, for each hash it is known of. */
export interface DigestHa1 extends DigestName {
  readonly ha1: Readonly<Partial<Record<'MD5' | 'SHA-256' | 'SHA-512-256', string>>>;
  readonly password?: undefined;
}

export type WicCredentials = WebCredentials | DigestPassword | DigestHa1 | AkaCredentials;

const digits = { 'MD5': 32, 'SHA-256': 64, 'SHA-512-256': 64 } as const;

/** @throws {TypeError} they are not what they should be: the caller's mistake. */
export function checkCredentials(credentials: WicCredentials, impu: string): void {
  if (credentials.kind === 'web') return;
  const impi = credentials.impi ?? deriveImpi(impu);
  if (impi === undefined || !/^[^\s\p{Cc}"\\<>@]+@[A-Za-z0-9.-]+$/u.test(impi)) {
    throw new TypeError('credentials.impi: expected a private identity, name@domain');
  }
  if (credentials.kind === 'aka') return;
  if (credentials.ha1 === undefined) {
    if (credentials.password === '') throw new TypeError('credentials.password: expected one');
    return;
  }
  const given = Object.entries(digits).flatMap(([hash, length]) => {
    const ha1 = credentials.ha1[hash as keyof typeof digits];
    return ha1 === undefined ? [] : [ha1.length === length && /^[0-9a-f]+$/iu.test(ha1)];
  });
  if (given.length === 0 || given.includes(false)) throw new TypeError('credentials.ha1: expected hexadecimal digits');
}

/** The private identity that the network makes of a public one; of a telephone number it makes none. */
export function deriveImpi(impu: string): string | undefined {
  return parseUri(impu).scheme === 'tel' ? undefined : canonicalImpu(impu).replace(/^sips?:/u, '');
}

/**
 * P-Asserted-Identity and P-Preferred-Identity (RFC 3325 9.1 and 9.2).
 *
 * @module
 */
import { HeaderMalformed } from '../errors.ts';
import type { Headers } from './headers.ts';
import { type NameAddr, parseNameAddr } from './name-addr.ts';

/** One identity of each kind at most; to be believed from trusted peers only. */
export interface AssertedIdentity {
  readonly sip: NameAddr | undefined;
  readonly tel: NameAddr | undefined;
}

/**
 * The identities in `name`: at most one of `sip:` or `sips:`, and at most one of `tel:`.
 *
 * @throws {HeaderMalformed} two of a kind, or another scheme.
 */
export function findAssertedIdentity(
  headers: Headers,
  name: 'P-Asserted-Identity' | 'P-Preferred-Identity',
): AssertedIdentity {
  let sip: NameAddr | undefined;
  let tel: NameAddr | undefined;
  for (const value of headers.all(name)) {
    const identity = parseNameAddr(value, name);
    const scheme = identity.uri.slice(0, identity.uri.indexOf(':')).toLowerCase();
    if (scheme === 'tel' && tel === undefined) tel = identity;
    else if ((scheme === 'sip' || scheme === 'sips') && sip === undefined) sip = identity;
    else throw new HeaderMalformed(name, 0, 'one SIP and one tel URI at most');
  }
  return { sip, tel };
}

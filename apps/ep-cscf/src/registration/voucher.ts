/**
 * What the Authorization header field of trusted node authentication says (TS 33.203 annex U, X.3.2.3 step 5).
 *
 * @module
 */
import type { ThirdParty } from '../authorization/access-token.ts';

/** Parameters of Digest credentials, in their order. */
export type Voucher = Readonly<Record<string, string>>;

/** Says that `impi` has been authenticated: nothing is left to answer (step 5.1). */
export function vouchFor(impi: string, homeDomain: string): Voucher {
  return {
    'username': impi,
    'realm': homeDomain,
    'uri': `sip:${homeDomain}`,
    'nonce': '',
    'response': '',
    'integrity-protected': 'auth-done',
  };
}

/** Also names those outside the operator's domain on whose word it is said (step 5.2); undefined: there are none. */
export function onWordOf(thirdParty: ThirdParty | undefined, voucher: Voucher): Voucher {
  if (thirdParty === undefined) return voucher;
  return { ...voucher, 'authorization-entity': thirdParty.waf, 'wwsf': thirdParty.wwsf };
}

/**
 * Only a trusted node may say that a user is authenticated, or how (TS 33.203 U.1, U.2 step 4).
 *
 * @module
 */
import { parseAuthorization, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';

/** For a REGISTER of a peer that is not trusted. @throws {RequestRefused} 403. @throws {HeaderMalformed} */
export function refuseVouching({ headers }: SipRequest): void {
  for (const value of headers.all('Authorization')) {
    if (vouches(value)) throw new RequestRefused('UNTRUSTED_VOUCHING');
  }
}

/** TS 24.229 7.2A.2: the parameters by which a trusted node tells whom it has authenticated, and how. */
export function vouches(value: string): boolean {
  const { params } = parseAuthorization(value);
  return params.has('integrity-protected') || params.has('authorization-entity') || params.has('wwsf');
}

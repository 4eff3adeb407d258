/**
 * Location query for a called user (TS 24.229 5.3.2, TS 29.228 6.1.4).
 *
 * @module
 */
import type { CxHss } from '@wicgate/cx';
import { canonicalImpu, parseUri, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';

export interface HssQuestion {
  readonly hss: CxHss;
  readonly homeDomain: string;
  /** The S-CSCF that serves the user does not answer: another shall. */
  readonly isOther: boolean;
}

/**
 * SIP URI of the S-CSCF that serves the called user; undefined where one is to be selected.
 *
 * @throws {RequestRefused} 404: no such user; 480: known, but not registered. @throws {CxError}
 */
export async function locateCalledUser(
  { requestUri }: SipRequest,
  { hss, homeDomain, isOther }: HssQuestion,
): Promise<string | undefined> {
  const uri = parseUri(requestUri, 'Request-URI');
  if (uri.scheme !== 'tel' && uri.host !== homeDomain) throw new RequestRefused('NOT_HERE');
  const answer = await hss.locationInfo({
    impu: canonicalImpu(requestUri),
    originatingRequest: false,
    userAuthorizationType: isOther ? 'REGISTRATION_AND_CAPABILITIES' : undefined,
  });
  switch (answer.name) {
    case 'DIAMETER_SUCCESS':
      return answer.serverName ?? answer.serverCapabilities?.serverNames[0];
    case 'DIAMETER_UNREGISTERED_SERVICE':
      return answer.serverCapabilities.serverNames[0];
    case 'DIAMETER_ERROR_USER_UNKNOWN':
      throw new RequestRefused('USER_UNKNOWN');
    case 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED':
      throw new RequestRefused('USER_NOT_REGISTERED');
    default:
      throw new RequestRefused('HSS_FAILED');
  }
}

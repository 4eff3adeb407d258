/**
 * REGISTER of peers that prove nothing, at the S-CSCF itself: it stands in for the I-CSCF, without which a password
 * alone would get in who is barred or may not come from there (TS 24.229 5.3.1.2, TS 29.228 6.1.1).
 *
 * @module
 */
import type { CxHss } from '@wicgate/cx';
import { RequestRefused } from '../errors.ts';
import { selectForRegistration } from '../i-cscf/select-for-registration.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';

export interface StrangerRegistrationOptions {
  readonly hss: CxHss;
  readonly homeDomain: string;
  /** SIP URI of this S-CSCF. */
  readonly serverName: () => string;
}

/** @throws {RequestRefused} 403: the HSS refuses, or another S-CSCF serves the user. @throws {CxError} */
export async function admitStranger(arrived: ArrivedRequest, options: StrangerRegistrationOptions): Promise<void> {
  const { hss, homeDomain, serverName } = options;
  const server = await selectForRegistration(arrived, { hss, homeDomain, isOther: false });
  if (server !== undefined && server !== serverName()) throw new RequestRefused('OTHER_S_CSCF');
}

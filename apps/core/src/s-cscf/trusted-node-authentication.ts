/**
 * Trusted node authentication (TS 33.203 annex U; X.3.2.3 step 6).
 *
 * @module
 */
import type { SipRequest } from '@wicgate/sip';
import { findCredentials } from '../authentication/authentication-scheme.ts';

/** The third-party WAF and WWSF that took part; undefined where they are the operator's own. */
export interface ThirdParties {
  readonly authorizationEntity: string | undefined;
  readonly wwsf: string | undefined;
}

/** What the trusted node says of them beside the user's name. @throws {HeaderMalformed} */
export function readThirdParties(request: SipRequest): ThirdParties {
  const params = findCredentials(request)?.params;
  return { authorizationEntity: params?.get('authorization-entity'), wwsf: params?.get('wwsf') };
}

/** Where the user has proven who they are, nobody vouched. */
export const noThirdParties: ThirdParties = { authorizationEntity: undefined, wwsf: undefined };

export function isThirdParty({ authorizationEntity, wwsf }: ThirdParties): boolean {
  return authorizationEntity !== undefined || wwsf !== undefined;
}

/**
 * Trusted node authentication (TS 33.203 annex U; X.3.2.3 step 6).
 *
 * @module
 */
import { type Authorization, parseAuthorization } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';

/** The third-party WAF and WWSF that took part; undefined where they are the operator's own. */
export interface ThirdParties {
  readonly authorizationEntity: string | undefined;
  readonly wwsf: string | undefined;
}

/** What a trusted node says of the user it has authenticated. */
export interface Vouched {
  readonly impi: string;
  readonly thirdParties: ThirdParties;
}

/**
 * The statement of the trusted node.
 *
 * @throws {RequestRefused} 403: the sender is not trusted, or it does not vouch for the user. @throws {HeaderMalformed}
 */
export function readVouching({ request, isTrusted }: ArrivedRequest): Vouched {
  if (!isTrusted) throw new RequestRefused(403, 'Registration needs a trusted peer');
  const credentials = request.headers.all('Authorization').map((value) => parseAuthorization(value));
  const statement = credentials.find(isAuthDone);
  const impi = statement?.params.get('username');
  if (statement === undefined || impi === undefined || impi === '') {
    throw new RequestRefused(403, 'No authentication scheme for this user');
  }
  const { params } = statement;
  return {
    impi,
    thirdParties: { authorizationEntity: params.get('authorization-entity'), wwsf: params.get('wwsf') },
  };
}

function isAuthDone({ scheme, params }: Authorization): boolean {
  return scheme.toLowerCase() === 'digest' && params.get('integrity-protected') === 'auth-done';
}

export function isThirdParty({ authorizationEntity, wwsf }: ThirdParties): boolean {
  return authorizationEntity !== undefined || wwsf !== undefined;
}

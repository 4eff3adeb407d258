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
  /** With its realm in lower case, as the HSS writes it. */
  readonly impi: string;
  readonly thirdParties: ThirdParties;
}

/**
 * The statement of the trusted node.
 *
 * @throws {RequestRefused} 403: the sender is not trusted, or it does not vouch for the user. @throws {HeaderMalformed}
 */
export function readVouching({ request, isTrusted }: ArrivedRequest): Vouched {
  if (!isTrusted) throw new RequestRefused('UNTRUSTED_REGISTRATION');
  const credentials = request.headers.all('Authorization').map((value) => parseAuthorization(value));
  const statement = credentials.find(isAuthDone);
  const impi = statement?.params.get('username');
  if (statement === undefined || impi === undefined || impi === '') {
    throw new RequestRefused('NO_AUTHENTICATION_SCHEME');
  }
  const { params } = statement;
  return {
    impi: withRealmInLowerCase(impi),
    thirdParties: { authorizationEntity: params.get('authorization-entity'), wwsf: params.get('wwsf') },
  };
}

function isAuthDone({ scheme, params }: Authorization): boolean {
  return scheme.toLowerCase() === 'digest' && params.get('integrity-protected') === 'auth-done';
}

/** Domain names differ in nothing by their case (TS 23.003 13.3, RFC 7542 2.5). */
function withRealmInLowerCase(impi: string): string {
  const realmStart = impi.lastIndexOf('@') + 1;
  return impi.slice(0, realmStart) + impi.slice(realmStart).toLowerCase();
}

export function isThirdParty({ authorizationEntity, wwsf }: ThirdParties): boolean {
  return authorizationEntity !== undefined || wwsf !== undefined;
}

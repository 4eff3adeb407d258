/**
 * Trusted node authentication (TS 33.203 annex U; X.3.2.3 step 6).
 *
 * @module
 */
import type { AllowedWafWwsfIdentities } from '@wicgate/cx';
import { type Authorization, parseAuthorization } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { Arrived } from '../mw/mw-element.ts';

/** What a trusted node says of the user it has authenticated. */
export interface Vouched {
  readonly impi: string;
  /** The third-party WAF and WWSF that took part; undefined where they are the operator's own. */
  readonly authorizationEntity: string | undefined;
  readonly wwsf: string | undefined;
}

/**
 * The statement of the trusted node.
 *
 * @throws {RequestRefused} 403: the sender is not trusted, or it does not vouch for the user.
 */
export function readVouching({ request, isTrusted }: Arrived): Vouched {
  if (!isTrusted) throw new RequestRefused(403, 'Registration needs a trusted peer');
  const credentials = request.headers.all('Authorization').map((value) => parseAuthorization(value));
  const statement = credentials.find(isAuthDone);
  const impi = statement?.params.get('username');
  if (statement === undefined || impi === undefined || impi === '') {
    throw new RequestRefused(403, 'No authentication scheme for this user');
  }
  return {
    impi,
    authorizationEntity: statement.params.get('authorization-entity'),
    wwsf: statement.params.get('wwsf'),
  };
}

function isAuthDone({ scheme, params }: Authorization): boolean {
  return scheme.toLowerCase() === 'digest' && params.get('integrity-protected') === 'auth-done';
}

/**
 * X.3.2.3 step 6.2: a third-party WAF or WWSF must be one that the subscription allows.
 *
 * @throws {RequestRefused} 403
 */
export function checkThirdParties(
  { authorizationEntity, wwsf }: Vouched,
  allowed: AllowedWafWwsfIdentities | undefined,
): void {
  if (authorizationEntity === undefined) return;
  if (!(allowed?.wafNames ?? []).includes(authorizationEntity)) {
    throw new RequestRefused(403, 'Authorization entity not allowed for this subscription');
  }
  if (wwsf !== undefined && !(allowed?.wwsfNames ?? []).includes(wwsf)) {
    throw new RequestRefused(403, 'Web server not allowed for this subscription');
  }
}

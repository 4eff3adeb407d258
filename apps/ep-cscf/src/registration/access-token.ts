/**
 * Access tokens of the WAF (RFC 9068): what the eP-CSCF learns from one (TS 33.203 X.3.2.3 step 4.1).
 *
 * @module
 */
import { canonicalImpu, SipError } from '@wicgate/sip';
import { AccessTokenInvalid, ScopeInsufficient } from '../errors.ts';
import { isPrivateIdentity } from './private-identity.ts';
import type { Claims } from './waf-tokens.ts';

/** The authorization information that comes with a valid token. */
export interface Grant {
  readonly impi: string;
  /** Public identities that may be registered, in canonical spelling. Never empty. */
  readonly impus: ReadonlySet<string>;
  /** Identity of the WWSF: the OAuth client. */
  readonly wwsf: string;
}

const maxImpus = 32;

/**
 * What the claims of a valid token grant.
 *
 * @throws {ScopeInsufficient} the scope or the identities are missing. @throws {AccessTokenInvalid} no client is named.
 */
export function readGrant(claims: Claims, expectedScope: string): Grant {
  const { scope, impi, impu, client_id: client } = claims;
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  if (!scopes.includes(expectedScope)) throw new ScopeInsufficient('the scope of IMS access');
  return { impi: readImpi(impi), impus: readImpus(impu), wwsf: readClient(client) };
}

function readImpi(claim: unknown): string {
  if (typeof claim !== 'string' || !isPrivateIdentity(claim)) {
    throw new ScopeInsufficient('a private identity in it');
  }
  return claim;
}

function readImpus(claim: unknown): ReadonlySet<string> {
  if (!Array.isArray(claim) || claim.length === 0 || claim.length > maxImpus) {
    throw new ScopeInsufficient('public identities in it');
  }
  return new Set(claim.map(readImpu));
}

function readImpu(claim: unknown): string {
  if (typeof claim !== 'string') throw new ScopeInsufficient('public identities that are URIs');
  try {
    return canonicalImpu(claim);
  } catch (cause) {
    if (!(cause instanceof SipError)) throw cause;
    throw new ScopeInsufficient('public identities that are URIs');
  }
}

function readClient(claim: unknown): string {
  if (typeof claim !== 'string' || !/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/u.test(claim)) {
    throw new AccessTokenInvalid('claims');
  }
  return claim;
}

/**
 * Access tokens of a WAF (RFC 9068): what the eP-CSCF learns from one (TS 33.203 X.3.2.3 step 4.1).
 *
 * @module
 */
import { canonicalImpu, SipError } from '@wicgate/sip';
import { AccessTokenInvalid, ScopeInsufficient } from '../errors.ts';
import { canonicalImpi, isPrivateIdentity } from '../registration/private-identity.ts';
import type { Claims } from './waf-tokens.ts';

/** What a token is called by the WAF that signed it, for revocation. */
export interface TokenName {
  readonly issuer: string;
  readonly jti: string;
  /** The session of the user at the WAF; undefined where there is none, as after client credentials. */
  readonly sid: string | undefined;
}

/** The WAF of a third-party domain that authorized, and the WWSF it did so for (X.3.2.3 step 5.2). */
export interface ThirdParty {
  readonly waf: string;
  readonly wwsf: string;
}

/** The authorization information that comes with a valid token. */
export interface Grant {
  /** In canonical spelling. */
  readonly impi: string;
  /** Public identities that may be registered, in canonical spelling. Never empty. */
  readonly impus: ReadonlySet<string>;
  /** Whom the core is told of; undefined: nobody. */
  readonly thirdParty: ThirdParty | undefined;
  readonly token: TokenName;
}

/** What the claims alone say. */
export interface ReadGrant extends Pick<Grant, 'impi' | 'impus'> {
  readonly clientId: string;
  readonly token: Omit<TokenName, 'issuer'>;
}

const maxImpus = 32;
const maxNameCharacters = 255;

/**
 * What the claims of a valid token grant.
 *
 * @throws {ScopeInsufficient} the scope or the identities are missing.
 * @throws {AccessTokenInvalid} it names no client, no token or no subject (RFC 9068 2.2).
 */
export function readGrant(claims: Claims, expectedScope: string): ReadGrant {
  const { scope, impi, impu, client_id: client, sub, jti, sid } = claims;
  readName(sub);
  const token = { jti: readName(jti), sid: sid === undefined ? undefined : readName(sid) };
  const clientId = readClient(client);
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  if (!scopes.includes(expectedScope)) throw new ScopeInsufficient('the scope of IMS access');
  return { impi: readImpi(impi), impus: readImpus(impu), clientId, token };
}

function readImpi(claim: unknown): string {
  if (typeof claim !== 'string' || !isPrivateIdentity(claim)) {
    throw new ScopeInsufficient('a private identity in it');
  }
  return canonicalImpi(claim);
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

function readName(claim: unknown): string {
  if (typeof claim !== 'string' || claim === '' || claim.length > maxNameCharacters) {
    throw new AccessTokenInvalid('claims');
  }
  return claim;
}

/**
 * Access tokens of the WAF (RFC 9068): what the eP-CSCF learns from one (TS 33.203 X.3.2.3 step 4.1).
 *
 * @module
 */
import { canonicalImpu, SipError } from '@wicgate/sip';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { AccessTokenInvalid, ScopeInsufficient, type TokenFault } from '../errors.ts';

/** The authorization information that comes with a valid token. */
export interface Grant {
  readonly impi: string;
  /** Public identities that may be registered, in canonical spelling. Never empty. */
  readonly impus: ReadonlySet<string>;
  /** Identity of the WWSF: the OAuth client. */
  readonly wwsf: string;
}

export interface AccessTokenRules {
  /** The keys of the WAF. @throws {WafUnreachable} */
  readonly findKey: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
  readonly scope: string;
}

/** Difference that the clocks of WAF and eP-CSCF may have. */
const clockToleranceSeconds = 5;
const maxTokenCharacters = 8_192;
const maxImpus = 32;

/**
 * @throws {AccessTokenInvalid} @throws {ScopeInsufficient} the scope or the identities are missing.
 * @throws {WafUnreachable}
 */
export async function validateToken(token: string, rules: AccessTokenRules): Promise<Grant> {
  if (token.length > maxTokenCharacters) throw new AccessTokenInvalid('not a JWT');
  const claims = await verify(token, rules);
  const scopes = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
  if (!scopes.includes(rules.scope)) throw new ScopeInsufficient('the scope of IMS access');
  return { impi: readImpi(claims.impi), impus: readImpus(claims.impu), wwsf: readClient(claims.client_id) };
}

async function verify(token: string, { findKey, issuer, audience }: AccessTokenRules): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['exp', 'client_id'],
      clockTolerance: clockToleranceSeconds,
    });
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new AccessTokenInvalid(faultOf(error), { cause: error });
  }
}

const claimFaults: Readonly<Record<string, TokenFault>> = {
  typ: 'type',
  iss: 'issuer',
  aud: 'audience',
  nbf: 'not yet valid',
};

function faultOf(error: errors.JOSEError): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimFaults[error.claim] ?? 'claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'unknown key';
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  return 'not a JWT';
}

/** A private identity is a network access identifier (TS 23.003 13.3). */
function readImpi(claim: unknown): string {
  if (typeof claim !== 'string' || claim.length > 255 || !/^[^\s"\\<>@]+@[A-Za-z0-9.-]+$/u.test(claim)) {
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

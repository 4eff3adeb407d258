/**
 * The identities that the WAF wrote into an access token (RFC 9068), for the page to show and to register with.
 *
 * The token came straight from the token endpoint, over TLS to the configured WAF, and the signature of the ID token
 * that came with it was checked. So its payload is decoded here and not verified a second time: nothing is granted on
 * it. The eP-CSCF, for whom it is meant, verifies it (TS 33.203 X.3.2.3 step 4).
 *
 * @module
 */
import { WafDisagrees } from '../errors.ts';

export interface AccessTokenClaims {
  readonly subject: string;
  readonly impi: string;
  readonly impus: readonly [string, ...string[]];
}

const maxLength = 16_384;
const maxImpus = 50;
const maxIdentityLength = 255;

/** @throws {WafDisagrees} */
export function readAccessTokenClaims(accessToken: string, issuer: string): AccessTokenClaims {
  const claims = decodePayload(accessToken);
  if (claims.iss !== issuer) throw new WafDisagrees('access token of another issuer');
  const { sub: subject, impi, impu } = claims;
  if (!isIdentity(subject)) throw new WafDisagrees('access token without sub');
  if (!isIdentity(impi)) throw new WafDisagrees('access token without impi');
  if (!isImpus(impu)) throw new WafDisagrees('access token without impu');
  return { subject, impi, impus: impu };
}

function decodePayload(accessToken: string): Readonly<Record<string, unknown>> {
  const [, payload, , ...more] = accessToken.split('.');
  if (payload === undefined || more.length > 0 || accessToken.length > maxLength) {
    throw new WafDisagrees('access token that is no JWT');
  }
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null) return claims as Record<string, unknown>;
  } catch (error) {
    // The text of a SyntaxError quotes what it read.
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new WafDisagrees('access token that is no JWT');
}

function isIdentity(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxIdentityLength;
}

function isImpus(value: unknown): value is readonly [string, ...string[]] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= maxImpus &&
    value.every((impu) => isIdentity(impu) && /^(?:sips?|tel):\S+$/i.test(impu))
  );
}

/**
 * Access tokens for the IMS that somebody brings to the WWSF instead of its cookie, verified by the keys that the WAF
 * publishes (RFC 9068 4).
 *
 * They are meant for the eP-CSCF, which gives its TURN credential for the same token (TS 33.203 X.5.2.2 step 3): the
 * WWSF is of the same operator and gives no more than that.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import type { CustomFetch } from 'openid-client';
import { z } from 'zod';
import { AccessTokenRefused, WafUnavailable } from '../errors.ts';

export interface TokenVerificationOptions {
  readonly issuer: string;
  /** What `aud` has to name (RFC 9068 4). */
  readonly audience: string;
  readonly jwksUri: string;
  readonly fetch: CustomFetch;
  readonly timeoutSeconds: number;
}

/**
 * What names the sign-in that a token came of: all tokens of it have the same, and it tells nothing.
 *
 * @throws {AccessTokenRefused | WafUnavailable}
 */
export type VerifyToken = (accessToken: string) => Promise<string>;

const maxLength = 8_192;
const toleranceSeconds = 5;
const requiredClaims = ['exp', 'iat', 'jti', 'sub', 'client_id'];
const imsScope = 'webrtc-ims-client-access-to-ims';
const identity = z.string().min(1).max(255);

const claimsSchema = z.object({
  client_id: identity,
  jti: identity,
  sid: identity.optional(),
  impi: identity,
  scope: z.string().refine((scope) => scope.split(' ').includes(imsScope)),
});

export function createTokenVerification(options: TokenVerificationOptions): VerifyToken {
  const { issuer, audience, jwksUri, fetch, timeoutSeconds } = options;
  const keys = createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: 1_000 * timeoutSeconds,
    [customFetch]: (url, { headers, method, signal }) =>
      fetch(url, { method, headers: Object.fromEntries(headers), body: undefined, redirect: 'manual', signal }),
  });
  return async (accessToken) => {
    if (accessToken.length > maxLength) throw new AccessTokenRefused();
    const { payload } = await jwtVerify(accessToken, keys, {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims,
      clockTolerance: toleranceSeconds,
    }).catch(rethrow);
    return ownerOf(payload);
  };
}

function ownerOf(payload: JWTPayload): string {
  const result = claimsSchema.safeParse(payload);
  if (!result.success) throw new AccessTokenRefused();
  const { client_id: clientId, sid, jti } = result.data;
  return createHash('sha256')
    .update(`bearer\0${clientId}\0${sid ?? jti}`)
    .digest('base64url');
}

/** Keys that cannot be fetched are nobody's fault who brings a token. */
function rethrow(error: unknown): never {
  const isAboutToken =
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC';
  throw isAboutToken ? new AccessTokenRefused() : new WafUnavailable('its keys cannot be fetched');
}

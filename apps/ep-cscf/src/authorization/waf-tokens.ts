/**
 * Tokens that a WAF signed: its keys are found through its metadata, cached, and fetched again when it signs with a
 * new one.
 *
 * Every WAF has keys, connections and a queue of its own: one that does not answer keeps nobody of another waiting.
 *
 * @module
 */
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { AccessTokenInvalid, type TokenFault, WafUnreachable } from '../errors.ts';
import { createHttpsFetch, type HttpsFetch } from './https-fetch.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface WafTokens {
  /** The claims of an access token for `audience`. @throws {AccessTokenInvalid} @throws {WafUnreachable} */
  readonly verify: (token: string) => Promise<Claims>;
  /** The claims of a statement about revocation for `audience`. @throws as {@link verify} */
  readonly verifyRevocation: (token: string) => Promise<Claims>;
  /** Ends all calls. */
  readonly close: () => void;
}

export interface WafTokensOptions {
  readonly issuer: string;
  readonly audience: string;
  /** PEM of the authorities to trust; undefined trusts the system's. */
  readonly ca: Buffer | undefined;
  /** How long keys are kept without asking again. */
  readonly maxAgeMs?: number;
  /** An unknown key makes us ask again at most this often. */
  readonly cooldownMs?: number;
  /** Tokens that may wait for keys at a time. */
  readonly maxWaiting?: number;
}

/** What makes one sort of token (RFC 9068 2.1, RFC 8725 3.11). */
interface Profile {
  readonly typ: string;
  readonly requiredClaims: string[];
}

const timeoutMs = 5_000;
/** Difference that the clocks of WAF and eP-CSCF may have. */
export const clockToleranceSeconds = 5;
const maxTokenCharacters = 8_192;
const accessToken: Profile = { typ: 'at+jwt', requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'] };
const revocation: Profile = { typ: 'revocation+jwt', requiredClaims: ['exp', 'iat', 'jti'] };

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https$/ }) });

export function createWafTokens(options: WafTokensOptions): WafTokens {
  const { issuer, audience, ca, maxAgeMs = 600_000, cooldownMs = 5_000, maxWaiting = 1_000 } = options;
  const { fetch, close } = createHttpsFetch(ca);
  const findKey = limitWaiting(createKeyFinder(issuer, fetch, { maxAgeMs, cooldownMs }), issuer, maxWaiting);
  const expected = { issuer, audience };
  return {
    verify: (token) => verify(token, findKey, { ...expected, ...accessToken }),
    verifyRevocation: (token) => verify(token, findKey, { ...expected, ...revocation }),
    close,
  };
}

/**
 * The issuer that a token names. Nobody has verified it: it is good for choosing whose keys to verify it with, and for
 * nothing else.
 *
 * @throws {AccessTokenInvalid}
 */
export function readUnverifiedIssuer(token: string): string | undefined {
  if (token.length > maxTokenCharacters) throw new AccessTokenInvalid('not a JWT');
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new AccessTokenInvalid('not a JWT', { cause: error });
  }
}

/** ES256 only, and a type that no other token has. */
async function verify(
  token: string,
  findKey: JWTVerifyGetKey,
  profile: Profile & { readonly issuer: string; readonly audience: string },
): Promise<JWTPayload> {
  if (token.length > maxTokenCharacters) throw new AccessTokenInvalid('not a JWT');
  const { payload } = await verified(token, findKey, profile);
  const { iat = Number.POSITIVE_INFINITY } = payload;
  if (iat > Date.now() / 1_000 + clockToleranceSeconds) throw new AccessTokenInvalid('not yet valid');
  return payload;
}

async function verified(token: string, findKey: JWTVerifyGetKey, profile: Parameters<typeof jwtVerify>[2]) {
  try {
    const clockTolerance = clockToleranceSeconds;
    return await jwtVerify(token, findKey, { ...profile, algorithms: ['ES256'], clockTolerance });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new AccessTokenInvalid(faultOf(error), { cause: error });
  }
}

/** A WAF that hangs holds so many and no more; the next are told at once. */
function limitWaiting(findKey: JWTVerifyGetKey, issuer: string, maxWaiting: number): JWTVerifyGetKey {
  let waiting = 0;
  return async (header, token) => {
    if (waiting >= maxWaiting) throw new WafUnreachable(issuer);
    waiting += 1;
    try {
      return await findKey(header, token);
    } finally {
      waiting -= 1;
    }
  };
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
  if (isAboutKey(error)) return 'unknown key';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  return 'not a JWT';
}

function createKeyFinder(
  issuer: string,
  fetch: HttpsFetch['fetch'],
  { maxAgeMs, cooldownMs }: { maxAgeMs: number; cooldownMs: number },
): JWTVerifyGetKey {
  let opened: Promise<JWTVerifyGetKey> | undefined;

  const open = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(await discover(issuer, fetch), {
      timeoutDuration: timeoutMs,
      cacheMaxAge: maxAgeMs,
      cooldownDuration: cooldownMs,
      [customFetch]: (url, options) => fetch(url, options.signal),
    });

  /** One discovery serves all who wait; a failed one is tried again by the next. */
  const keys = (): Promise<JWTVerifyGetKey> => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  return async (header, token) => {
    try {
      return await (await keys())(header, token);
    } catch (cause) {
      // This says something about the token; everything else says that the WAF cannot be asked.
      if (isAboutKey(cause)) throw cause;
      throw new WafUnreachable(issuer, { cause });
    }
  };
}

function isAboutKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}

/** Where the keys are (OpenID Connect Discovery 4): at the origin of the issuer, nowhere else. */
async function discover(issuer: string, fetch: HttpsFetch['fetch']): Promise<URL> {
  const base = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
  const response = await fetch(`${base}/.well-known/openid-configuration`, AbortSignal.timeout(timeoutMs));
  const metadata = metadataSchema.parse(await response.json());
  if (metadata.issuer !== issuer) throw new TypeError('expected metadata of this issuer');
  const keys = new URL(metadata.jwks_uri);
  if (keys.origin !== new URL(issuer).origin) throw new TypeError('expected keys at the origin of the issuer');
  return keys;
}

/**
 * Tokens that the WAF signed: its keys are found through its metadata, cached, and fetched again when it signs with a
 * new one.
 *
 * @module
 */
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { AccessTokenInvalid, type TokenFault, WafUnreachable } from '../errors.ts';
import { createHttpsFetch, type HttpsFetch } from './https-fetch.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface WafTokens {
  /** The claims of a token that is valid for `audience`. @throws {AccessTokenInvalid} @throws {WafUnreachable} */
  readonly verify: (token: string) => Promise<Claims>;
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
}

const timeoutMs = 5_000;
/** Difference that the clocks of WAF and eP-CSCF may have. */
const clockToleranceSeconds = 5;
const maxTokenCharacters = 8_192;

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https$/ }) });

export function createWafTokens({ issuer, audience, ca, maxAgeMs, cooldownMs }: WafTokensOptions): WafTokens {
  const { fetch, close } = createHttpsFetch(ca);
  const findKey = createKeyFinder(issuer, fetch, { maxAgeMs: maxAgeMs ?? 600_000, cooldownMs: cooldownMs ?? 5_000 });
  return { verify: (token) => verify(token, findKey, { issuer, audience }), close };
}

/** A profile of RFC 9068: ES256 only, and a type that no other token has. */
async function verify(
  token: string,
  findKey: JWTVerifyGetKey,
  expected: { issuer: string; audience: string },
): Promise<JWTPayload> {
  if (token.length > maxTokenCharacters) throw new AccessTokenInvalid('not a JWT');
  try {
    const { payload } = await jwtVerify(token, findKey, {
      ...expected,
      algorithms: ['ES256'],
      typ: 'at+jwt',
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
      throw new WafUnreachable({ cause });
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

/**
 * The WAF's keys: found through its metadata, cached, fetched again when it signs with a new one.
 *
 * @module
 */
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { WafUnreachable } from '../errors.ts';
import { createHttpsFetch } from './https-fetch.ts';

export interface WafKeys {
  /** @throws {WafUnreachable} @throws {errors.JWKSNoMatchingKey} */
  readonly findKey: JWTVerifyGetKey;
  /** Ends all calls. */
  readonly close: () => void;
}

export interface WafKeysOptions {
  readonly issuer: string;
  /** PEM of the authorities to trust; undefined trusts the system's. */
  readonly ca: Buffer | undefined;
  /** How long keys are kept without asking again. */
  readonly maxAgeMs?: number;
  /** An unknown key makes us ask again at most this often. */
  readonly cooldownMs?: number;
}

const timeoutMs = 5_000;

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https$/ }) });

export function createWafKeys({ issuer, ca, maxAgeMs = 600_000, cooldownMs = 5_000 }: WafKeysOptions): WafKeys {
  const { fetch, close } = createHttpsFetch(ca);
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

  const findKey: JWTVerifyGetKey = async (header, token) => {
    try {
      return await (await keys())(header, token);
    } catch (cause) {
      // These say something about the token; everything else says that the WAF cannot be asked.
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      if (cause instanceof errors.JOSENotSupported) throw cause;
      throw new WafUnreachable({ cause });
    }
  };
  return { findKey, close };
}

/** Where the keys are (OpenID Connect Discovery 4). */
async function discover(issuer: string, fetch: (url: string, signal: AbortSignal) => Promise<Response>): Promise<URL> {
  const base = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
  const response = await fetch(`${base}/.well-known/openid-configuration`, AbortSignal.timeout(timeoutMs));
  const metadata = metadataSchema.parse(await response.json());
  if (metadata.issuer !== issuer) throw new TypeError('expected metadata of this issuer');
  const keys = new URL(metadata.jwks_uri);
  if (keys.origin !== new URL(issuer).origin) throw new TypeError('expected keys at the origin of the issuer');
  return keys;
}

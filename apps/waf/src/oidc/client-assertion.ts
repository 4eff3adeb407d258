/**
 * What oidc-provider leaves open about client assertions (RFC 7523 3, `private_key_jwt`). It checks signature, `iss`,
 * `sub`, `aud`, `exp` and `jti` itself.
 *
 * @module
 */
import { errors } from 'oidc-provider';

const longestSeconds = 300;

/**
 * Passes an assertion that ends soon: its `jti` is remembered until then.
 *
 * @throws {errors.InvalidClientAuth}
 */
export function checkAssertionLifetime({ exp }: Readonly<Record<string, unknown>>, nowMs = Date.now()): void {
  if (typeof exp === 'number' && exp <= nowMs / 1_000 + longestSeconds) return;
  throw new errors.InvalidClientAuth(`expected exp at most ${longestSeconds} s ahead`);
}

/**
 * Revocation of access tokens by the client they were issued to (RFC 7009). oidc-provider revokes only what it stores,
 * and refuses JWTs once it has authenticated the client; here they are revoked after all.
 *
 * @module
 */
import { createLocalJWKSet, jwtVerify } from 'jose';
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { z } from 'zod';
import type { PoolIdentities } from '../grants/pool-identities.ts';
import type { Keys } from '../keys.ts';
import type { WafLogger } from '../log.ts';
import { revoke } from '../revocation/revocations.ts';
import type { Database } from '../store/database.ts';
import type { TokenLimits } from './token-limits.ts';

export interface TokenRevocationParts {
  readonly issuer: string;
  readonly keys: Pick<Keys, 'signing'>;
  readonly database: Database;
  readonly poolIdentities: PoolIdentities;
  readonly log: WafLogger;
}

/** Revokes `token`, if it is an access token of this client. */
export type RevokeAccessToken = (token: string, clientId: string) => Promise<void>;

const claimsSchema = z.object({
  iss: z.string(),
  client_id: z.string(),
  sub: z.string(),
  jti: z.string(),
  sid: z.string(),
  exp: z.number().int(),
});

type Claims = z.output<typeof claimsSchema>;

export function createTokenRevocation(parts: TokenRevocationParts): RevokeAccessToken {
  const { issuer, keys, database, poolIdentities, log } = parts;
  const publicKeys = createLocalJWKSet({ keys: keys.signing.map(({ d: _, ...key }) => key) });
  return async (token, clientId) => {
    const claims = await findClaims(token, publicKeys, issuer);
    // Nothing is revoked, and nobody learns why: RFC 7009 2.2 answers 200 all the same.
    if (claims?.client_id !== clientId) return;
    await revoke(database, 'jti', [claims.jti], claims.exp);
    // Identities of a pool are one person's at a time: giving back the newest token ends those before it, too.
    if (claims.sub === clientId) await poolIdentities.end(clientId, claims.sid);
    log.info({ event: 'token.revoked', clientId, clause: 'RFC 7009 2.1' });
  };
}

/** Whether oidc-provider refuses a revocation only because the token is a JWT: the client is authenticated by then. */
export function isStructuredTokenRefusal(error: Error): boolean {
  return error instanceof errors.UnsupportedTokenType;
}

/** Turns those refusals into revocations. */
export function addTokenRevocation(
  provider: Provider,
  limits: TokenLimits,
  revokeAccessToken: RevokeAccessToken,
): void {
  const refused = new WeakSet<object>();
  provider.on('revocation.error', (ctx, error) => {
    if (isStructuredTokenRefusal(error)) refused.add(ctx);
  });
  provider.use(async (context, next) => {
    await next();
    const ctx = context as KoaContextWithOIDC;
    if (!refused.has(ctx)) return;
    try {
      limits.admit(ctx);
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error;
      ctx.status = error.statusCode;
      ctx.body = { error: error.error, error_description: error.error_description };
      return;
    }
    await revokeAccessToken(String(ctx.oidc.params?.token), String(ctx.oidc.client?.clientId));
    ctx.status = 200;
    ctx.body = '';
  });
}

/** An expired token passes: its registration may still live. */
async function findClaims(
  token: string,
  publicKeys: ReturnType<typeof createLocalJWKSet>,
  issuer: string,
): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, publicKeys, {
      issuer,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: new Date(0),
    });
    return claimsSchema.parse(payload);
  } catch {
    return undefined;
  }
}

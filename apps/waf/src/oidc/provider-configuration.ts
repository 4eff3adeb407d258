/**
 * How oidc-provider is set up: two flows for confidential clients, three ways of their authentication; all else is off.
 *
 * Authorization code with PKCE (TS 33.203 X.3.2.3 step 0.1, RFC 7636, RFC 9700), client credentials (client-credentials.ts);
 * access tokens by RFC 9068.
 *
 * @module
 */
import { type Configuration, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { TrustedClient } from '../clients.ts';
import type { Config } from '../config.ts';
import type { Keys } from '../keys.ts';
import { interactionSeconds } from '../web/sign-in-limits.ts';
import { type ClaimsParts, createExtraTokenClaims } from './access-token-claims.ts';
import { checkAssertionLifetime } from './client-assertion.ts';
import { createClientMetadata } from './client-metadata.ts';
import { loadGrant } from './grants.ts';
import { imsAccessScope, openidScopes } from './ims-access.ts';
import { mutualTls } from './mutual-tls.ts';
import type { ProviderPages } from './provider-pages.ts';
import type { TokenLimits } from './token-limits.ts';

export interface ProviderParts extends ClaimsParts {
  readonly config: Config;
  readonly keys: Keys;
  readonly clients: readonly TrustedClient[];
  readonly pages: ProviderPages;
  readonly limits: TokenLimits;
  readonly adapter: NonNullable<Configuration['adapter']>;
}

const codeSeconds = 60;

export function createProviderConfiguration(parts: ProviderParts): Configuration {
  const { config, keys, clients, pages, adapter } = parts;
  return {
    adapter,
    jwks: { keys: [...keys.signing] },
    cookies: createCookies(config, keys),
    clients: createClientMetadata(clients, config.WAF_ISSUER),
    clientAuthMethods: [
      'client_secret_basic',
      'private_key_jwt',
      ...(mtlsOrigin(config) === undefined ? [] : (['tls_client_auth'] as const)),
    ],
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => checkAssertionLifetime(claims),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    responseTypes: ['code'],
    scopes: [...openidScopes, imsAccessScope],
    claims: { openid: ['sub', 'name', 'preferred_username'] },
    subjectTypes: ['public'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256', 'PS256'] },
    discovery: createAliases(config),
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: () => false,
    features: createFeatures(config, pages),
    ttl: createLifetimes(config),
    ...createTokenRules(parts),
    ...createGrantRules(clients, config.WAF_AUDIENCE),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    renderError: (ctx, out, error) => pages.renderError(ctx, out, error),
  };
}

/** Whom a token is about. */
function createTokenRules(parts: ProviderParts): Pick<Configuration, 'findAccount' | 'extraTokenClaims'> {
  return {
    findAccount: async (ctx, id) => {
      // Before anything is used up: who is refused for haste can use the same refresh token later.
      parts.limits.admit(ctx);
      const account = await parts.accounts.findById(id);
      if (account === undefined || account.isBarred) return undefined;
      const { displayName, username } = account;
      return { accountId: id, claims: () => ({ sub: id, name: displayName, preferred_username: username }) };
    },
    extraTokenClaims: createExtraTokenClaims(parts),
  };
}

/** Where clients with certificates go instead (RFC 8705 5). */
function createAliases(config: Config): NonNullable<Configuration['discovery']> {
  const origin = mtlsOrigin(config);
  if (origin === undefined) return {};
  return {
    mtls_endpoint_aliases: {
      token_endpoint: `${origin}/token`,
      revocation_endpoint: `${origin}/token/revocation`,
    },
  };
}

/** Undefined: there is no listener that asks for certificates. */
export function mtlsOrigin(config: Config): string | undefined {
  if (config.WAF_MTLS_PORT === undefined) return undefined;
  return (
    config.WAF_MTLS_ORIGIN ?? new URL(`https://${new URL(config.WAF_ISSUER).hostname}:${config.WAF_MTLS_PORT}`).origin
  );
}

/** What is granted without a question, and how long it lasts: until the person signs out. */
function createGrantRules(clients: readonly TrustedClient[], audience: string): Configuration {
  const ownClientIds = new Set(clients.filter(({ own }) => own).map(({ clientId }) => clientId));
  return {
    loadExistingGrant: (ctx) => loadGrant(ctx, ownClientIds, audience),
    // No scope has to be asked for: the operator's WWSF renews tokens for as long as the person stays signed in.
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (ownClientIds.has(client.clientId) || source.scopes.has('offline_access')),
    rotateRefreshToken: true,
    expiresWithSession: () => true,
    revokeGrantPolicy: () => true,
  };
}

/** Names carry function and port, because cookies know no ports (RFC 6265 8.5). */
function createCookies(config: Config, keys: Keys): NonNullable<Configuration['cookies']> {
  const port = new URL(config.WAF_ISSUER).port || '443';
  const options = { httpOnly: true, secure: true, sameSite: 'lax', signed: true } as const;
  return {
    keys: [...keys.cookies],
    names: {
      session: `__Host-waf-${port}-session`,
      // These two belong to one sign-in and have its path, which `__Host-` forbids.
      interaction: `__Secure-waf-${port}-interaction`,
      resume: `__Secure-waf-${port}-resume`,
    },
    long: { ...options, path: '/' },
    short: options,
  };
}

function createFeatures(config: Config, pages: ProviderPages): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    ...(mtlsOrigin(config) === undefined ? {} : { mTLS: mutualTls }),
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx) => pages.renderLogout(ctx),
      postLogoutSuccessSource: (ctx) => pages.renderSignedOut(ctx),
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => config.WAF_AUDIENCE,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource) => {
        if (resource !== config.WAF_AUDIENCE) throw new errors.InvalidTarget();
        return createResourceServer(config);
      },
    },
  };
}

/** The eP-CSCF, and the tokens for it. */
export function createResourceServer(config: Config): ResourceServer {
  return {
    scope: imsAccessScope,
    audience: config.WAF_AUDIENCE,
    accessTokenFormat: 'jwt',
    accessTokenTTL: config.WAF_TOKEN_LIFETIME_SECONDS,
    jwt: { sign: { alg: 'ES256' } },
  };
}

function createLifetimes(config: Config): NonNullable<Configuration['ttl']> {
  const token = config.WAF_TOKEN_LIFETIME_SECONDS;
  const session = config.WAF_SESSION_LIFETIME_SECONDS;
  return {
    // A session without a person only carries the state of a sign-out page.
    Session: (_ctx: KoaContextWithOIDC, { accountId }: { accountId?: string | undefined }) =>
      accountId === undefined ? interactionSeconds : session,
    Grant: session,
    RefreshToken: session,
    Interaction: interactionSeconds,
    AuthorizationCode: codeSeconds,
    AccessToken: token,
    IdToken: token,
    ClientCredentials: token,
    DeviceCode: codeSeconds,
    BackchannelAuthenticationRequest: codeSeconds,
  };
}

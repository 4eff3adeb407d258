/**
 * How oidc-provider is set up: one flow, one way of client authentication, one algorithm; all else is off.
 *
 * Authorization code with PKCE for confidential clients (TS 33.203 X.3.2.3 step 0.1, RFC 7636, RFC 9700); access tokens
 * by RFC 9068.
 *
 * @module
 */
import { type ClientMetadata, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import type { TrustedClient } from '../clients.ts';
import type { Config } from '../config.ts';
import type { Keys } from '../keys.ts';
import { interactionSeconds } from '../web/sign-in-limits.ts';
import { loadGrant } from './grants.ts';
import { imsAccessScope, openidScopes } from './ims-access.ts';
import type { ProviderPages } from './provider-pages.ts';

export interface ProviderParts {
  readonly config: Config;
  readonly keys: Keys;
  readonly clients: readonly TrustedClient[];
  readonly accounts: Accounts;
  readonly pages: ProviderPages;
  readonly adapter: NonNullable<Configuration['adapter']>;
}

const codeSeconds = 60;

export function createProviderConfiguration(parts: ProviderParts): Configuration {
  const { config, keys, clients, accounts, pages, adapter } = parts;
  return {
    adapter,
    jwks: { keys: [...keys.signing] },
    cookies: createCookies(config, keys),
    clients: clients.map(createClientMetadata),
    clientAuthMethods: ['client_secret_basic'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    responseTypes: ['code'],
    scopes: [...openidScopes, imsAccessScope],
    claims: { openid: ['sub', 'name', 'preferred_username'] },
    subjectTypes: ['public'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: () => false,
    features: createFeatures(config, pages),
    ttl: createLifetimes(config),
    ...createTokenRules(accounts),
    ...createGrantRules(clients, config.WAF_AUDIENCE),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    renderError: (ctx, out, error) => pages.renderError(ctx, out, error),
  };
}

/** Whom a token is about. */
function createTokenRules(accounts: Accounts): Pick<Configuration, 'findAccount' | 'extraTokenClaims'> {
  return {
    findAccount: async (_ctx, id) => {
      const account = await accounts.findById(id);
      if (account === undefined) return undefined;
      const { displayName, username } = account;
      return { accountId: id, claims: () => ({ sub: id, name: displayName, preferred_username: username }) };
    },
    extraTokenClaims: async (_ctx, token) => {
      if (token.kind !== 'AccessToken') return undefined;
      const account = await accounts.findById(token.accountId);
      if (account === undefined) throw new errors.InvalidGrant('account not found');
      // The session is what a later revocation names; it stays the same through all refreshes.
      if (token.sessionUid === undefined) throw new errors.InvalidGrant('session not found');
      return { impi: account.impi, impu: account.impus, sid: token.sessionUid };
    },
  };
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

function createClientMetadata(client: TrustedClient): ClientMetadata {
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    scope: [...openidScopes, imsAccessScope].join(' '),
  };
}

function createFeatures(config: Config, pages: ProviderPages): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
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
        return {
          scope: imsAccessScope,
          audience: config.WAF_AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: config.WAF_TOKEN_LIFETIME_SECONDS,
          jwt: { sign: { alg: 'ES256' } },
        };
      },
    },
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

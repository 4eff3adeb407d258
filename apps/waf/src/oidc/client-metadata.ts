/**
 * The clients as oidc-provider wants them described, and the WAF itself as a client: its grants page lets people sign in
 * as any client does.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { ClientAuthentication, TrustedClient } from '../clients.ts';
import { imsAccessScope, openidScopes } from './ims-access.ts';

/** No client_id can be this: it has a space in it. */
export const grantsClientId = 'grants page';
export const grantsCallbackPath = '/grants/callback';

export function createClientMetadata(clients: readonly TrustedClient[], issuer: string): ClientMetadata[] {
  return [...clients.map(describeClient), describeGrantsPage(issuer)];
}

/**
 * Where the grants page sends who is not signed in. `state` comes back to its callback, with a code that nobody redeems:
 * what counts is the session that the browser has by then.
 */
export function signInPath(issuer: string, state: string): string {
  const query = {
    client_id: grantsClientId,
    response_type: 'code',
    redirect_uri: `${issuer}${grantsCallbackPath}`,
    scope: 'openid',
    state,
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    code_challenge_method: 'S256',
  };
  return `/auth?${new URLSearchParams(query)}`;
}

function describeClient(client: TrustedClient): ClientMetadata {
  const isInteractive = client.grantTypes.includes('authorization_code');
  return {
    ...describeAuthentication(client.authentication),
    client_id: client.clientId,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    response_types: isInteractive ? ['code'] : [],
    grant_types: [...client.grantTypes],
    id_token_signed_response_alg: 'ES256',
    scope: [...openidScopes, imsAccessScope].join(' '),
  };
}

function describeAuthentication(authentication: ClientAuthentication): Partial<ClientMetadata> {
  const { method } = authentication;
  switch (method) {
    case 'client_secret_basic':
      return { token_endpoint_auth_method: method, client_secret: authentication.secret };
    case 'private_key_jwt':
      return {
        token_endpoint_auth_method: method,
        jwks: { keys: authentication.jwks.keys.map((key) => ({ ...key })) },
      };
    case 'tls_client_auth':
      return { token_endpoint_auth_method: method, tls_client_auth_san_dns: authentication.sanDns };
  }
}

function describeGrantsPage(issuer: string): ClientMetadata {
  return {
    client_id: grantsClientId,
    client_secret: randomBytes(32).toString('base64url'),
    client_name: 'your calling permissions',
    redirect_uris: [`${issuer}${grantsCallbackPath}`],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    scope: 'openid',
  };
}

/**
 * The OAuth clients of the WAF: the operator's own WWSF, and further ones from a file (TS 33.203 X.3.2.3 step 0.1).
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import type { Config } from './config.ts';
import { Pools, poolPattern } from './pools.ts';

/** How a client authenticates on W4 (TS 33.203 X.3.1 REQ 2.0, X.4.1 REQ 3.0). */
export type ClientAuthentication =
  | { readonly method: 'client_secret_basic'; readonly secret: string }
  | { readonly method: 'private_key_jwt'; readonly jwks: PublicKeys }
  | { readonly method: 'tls_client_auth'; readonly sanDns: string };

export type GrantType = z.output<typeof grantType>;
export type PublicKeys = z.output<typeof jwksSchema>;

export interface TrustedClient {
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  /** What the person reads on the pages. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly grantTypes: readonly GrantType[];
  /** Pattern of the IMPIs that are this client's alone. */
  readonly pool: string | undefined;
  /** Whether it may have access tokens for TURN servers (TS 33.203 X.5.3). */
  readonly mayUseTurn: boolean;
  /** The operator's own: the person is not asked for consent. */
  readonly own: boolean;
}

const grantType = z.enum(['authorization_code', 'refresh_token', 'client_credentials']);
const httpsUrl = z.url({ protocol: /^https$/ });
const keyMembers = {
  kid: z.string().min(1).max(255).optional(),
  use: z.literal('sig').optional(),
  key_ops: z.array(z.literal('verify')).optional(),
};
const coordinate = z.base64url().length(43);

/** Public keys only: a member that makes a key private is one that nobody knows. */
const jwksSchema = z.strictObject({
  keys: z
    .array(
      z.discriminatedUnion('kty', [
        z.strictObject({
          ...keyMembers,
          kty: z.literal('EC'),
          crv: z.literal('P-256'),
          x: coordinate,
          y: coordinate,
          alg: z.literal('ES256').optional(),
        }),
        z.strictObject({
          ...keyMembers,
          kty: z.literal('RSA'),
          n: z.base64url().min(342).max(1_366),
          e: z.base64url().max(16),
          alg: z.literal('PS256').optional(),
        }),
      ]),
    )
    .min(1)
    .max(10),
});

const clientSchema = z.strictObject({
  client_id: z.string().regex(/^[\x21-\x7e]{1,255}$/),
  client_name: z.string().min(1).max(60),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'private_key_jwt', 'tls_client_auth'])
    .default('client_secret_basic'),
  client_secret: z
    .string()
    .regex(/^[\x20-\x7e]{32,255}$/)
    .optional(),
  jwks: jwksSchema.optional(),
  tls_client_auth_san_dns: z
    .string()
    .regex(/^[\w.-]{1,253}$/)
    .optional(),
  grant_types: z.array(grantType).min(1).default(['authorization_code', 'refresh_token']),
  pool: z.string().regex(poolPattern).optional(),
  turn: z.boolean().default(false),
  redirect_uris: z.array(httpsUrl).max(10).default([]),
  post_logout_redirect_uris: z.array(httpsUrl).max(10).default([]),
});

type ClientEntry = z.output<typeof clientSchema>;

const clientsFileSchema = z.array(clientSchema).max(1_000);

/**
 * @throws {ConfigInvalid} the file is not a JSON list of clients, a client lacks what its method needs, two clients have
 * one client_id, or their pools have identities in common.
 */
export function readClients(config: Config): readonly TrustedClient[] {
  const further = config.WAF_CLIENTS_FILE === undefined ? [] : readClientsFile(config.WAF_CLIENTS_FILE);
  const clients = [readOwnClient(config), ...further];
  if (new Set(clients.map(({ clientId }) => clientId)).size !== clients.length) {
    throw new ConfigInvalid('WAF_CLIENTS_FILE: expected every client_id once, and none that is the WWSF’s');
  }
  if (config.WAF_MTLS_PORT === undefined) {
    const needsListener = clients.some(({ authentication }) => authentication.method === 'tls_client_auth');
    if (needsListener) throw new ConfigInvalid('WAF_MTLS_PORT: expected one, since a client uses tls_client_auth');
  } else if (config.WAF_MTLS_CA_FILE === undefined) {
    throw new ConfigInvalid('WAF_MTLS_CA_FILE: expected one, since there is a WAF_MTLS_PORT');
  }
  if (new Pools(clients).findOverlap() !== undefined) {
    throw new ConfigInvalid(
      'WAF_CLIENTS_FILE: expected pools that have no identity in common (TS 33.203 X.4.1 REQ 3.2)',
    );
  }
  return clients;
}

function readOwnClient(config: Config): TrustedClient {
  const entry = {
    token_endpoint_auth_method: config.WAF_WWSF_AUTH_METHOD,
    client_secret: config.WAF_WWSF_CLIENT_SECRET,
    jwks: config.WAF_WWSF_JWKS_FILE === undefined ? undefined : readKeys(config.WAF_WWSF_JWKS_FILE),
    tls_client_auth_san_dns: config.WAF_WWSF_TLS_SAN_DNS,
  };
  return {
    clientId: config.WAF_WWSF_CLIENT_ID,
    authentication: readAuthentication(entry, {
      client_secret_basic: 'WAF_WWSF_CLIENT_SECRET',
      private_key_jwt: 'WAF_WWSF_JWKS_FILE',
      tls_client_auth: 'WAF_WWSF_TLS_SAN_DNS',
    }),
    name: config.WAF_WWSF_NAME,
    redirectUris: [`${config.WAF_WWSF_ORIGIN}/callback`],
    postLogoutRedirectUris: [`${config.WAF_WWSF_ORIGIN}/`],
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
    pool: config.WAF_WWSF_POOL,
    mayUseTurn: config.WAF_WWSF_TURN,
    own: true,
  };
}

function readClientsFile(path: string): TrustedClient[] {
  const result = clientsFileSchema.safeParse(readJson(path, 'WAF_CLIENTS_FILE'));
  if (!result.success) throw new ConfigInvalid(describe(result.error, 'WAF_CLIENTS_FILE'));
  return result.data.map((client, index) => {
    const at = (member: string): string => `WAF_CLIENTS_FILE: ${index}.${member}`;
    if (client.grant_types.includes('authorization_code') && client.redirect_uris.length === 0) {
      throw new ConfigInvalid(`${at('redirect_uris')}: expected at least one for authorization_code`);
    }
    if (client.turn && !client.grant_types.includes('client_credentials')) {
      throw new ConfigInvalid(`${at('grant_types')}: expected client_credentials, since the client may use turn`);
    }
    return {
      clientId: client.client_id,
      authentication: readAuthentication(client, {
        client_secret_basic: at('client_secret'),
        private_key_jwt: at('jwks'),
        tls_client_auth: at('tls_client_auth_san_dns'),
      }),
      name: client.client_name,
      redirectUris: client.redirect_uris,
      postLogoutRedirectUris: client.post_logout_redirect_uris,
      grantTypes: client.grant_types,
      pool: client.pool,
      mayUseTurn: client.turn,
      own: false,
    };
  });
}

/** @throws {ConfigInvalid} what the method needs is missing, or what another would need is there. */
function readAuthentication(
  entry: Pick<ClientEntry, 'token_endpoint_auth_method' | 'client_secret' | 'jwks' | 'tls_client_auth_san_dns'>,
  names: Readonly<Record<ClientAuthentication['method'], string>>,
): ClientAuthentication {
  const { token_endpoint_auth_method: method, client_secret: secret, jwks, tls_client_auth_san_dns: sanDns } = entry;
  const given = { client_secret_basic: secret, private_key_jwt: jwks, tls_client_auth: sanDns };
  for (const [other, name] of Object.entries(names) as [ClientAuthentication['method'], string][]) {
    if (other !== method && given[other] !== undefined) {
      throw new ConfigInvalid(`${name}: expected none, since the client authenticates by ${method}`);
    }
  }
  if (method === 'client_secret_basic' && secret !== undefined) return { method, secret };
  if (method === 'private_key_jwt' && jwks !== undefined) return { method, jwks };
  if (method === 'tls_client_auth' && sanDns !== undefined) return { method, sanDns };
  throw new ConfigInvalid(`${names[method]}: expected one, since the client authenticates by ${method}`);
}

function readKeys(path: string): PublicKeys {
  const result = jwksSchema.safeParse(readJson(path, 'WAF_WWSF_JWKS_FILE'));
  if (!result.success) throw new ConfigInvalid(describe(result.error, 'WAF_WWSF_JWKS_FILE'));
  return result.data;
}

function readJson(path: string, setting: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The parser's message would quote the file, and the file may hold secrets.
    throw new ConfigInvalid(`${setting}: expected a JSON file`);
  }
}

function describe(error: z.ZodError, setting: string): string {
  return error.issues.map((issue) => `${setting}: ${issue.path.join('.')}: ${issue.message}`).join('\n');
}

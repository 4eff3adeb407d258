/**
 * A WAF for tests: a real OpenID provider that signs in whoever the test names, without asking.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import Provider, {
  type ClientMetadata,
  type Configuration,
  errors,
  type JWK,
  type KoaContextWithOIDC,
  type TokenEndpointGrantContext,
} from 'oidc-provider';

export const clientId = 'wwsf.ims.example';
export const clientSecret = 'a-secret-of-the-tests-and-of-nothing-else';

export interface TestWafOptions {
  readonly cert: string;
  readonly key: string;
  readonly wwsfOrigin: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** How the WWSF has to authenticate; by its secret if not said. */
  readonly authentication?: Partial<ClientMetadata>;
  /** PEM: asks for a certificate of this authority at a port of its own (RFC 8705 5). */
  readonly mtlsCa?: string;
}

export interface TestWaf {
  readonly issuer: string;
  readonly port: number;
  readonly provider: Provider;
  /** Who signs in next; undefined refuses. */
  user: string | undefined;
  /** Requests that reached the token endpoint. */
  readonly tokenRequests: () => number;
  /** IMPIs that the WWSF may use by client credentials. */
  readonly granted: Set<string>;
  /** The `jti` of each access token that was revoked (RFC 7009). */
  readonly revoked: readonly string[];
  /** While set, the revocation endpoint answers with it. */
  revocationFailure: { readonly status: number; readonly body: string } | undefined;
  /** While set, the token endpoint answers with it. */
  tokenFailure: { readonly status: number; readonly body: string } | undefined;
  /** While set, the token endpoint waits for it. */
  tokenGate: Promise<void> | undefined;
  readonly stop: () => Promise<void>;
}

const audience = 'https://ep-cscf.ims.example';
const scope = 'webrtc-ims-client-access-to-ims';

export async function startTestWaf(options: TestWafOptions): Promise<TestWaf> {
  const server = createServer({ cert: options.cert, key: options.key });
  const { port } = await listen(server, options.port ?? 0);
  const mtls = options.mtlsCa === undefined ? undefined : createMtlsServer(options, options.mtlsCa);
  const mtlsPort = mtls && (await listen(mtls, 0)).port;
  const issuer = `https://localhost:${port}`;
  const granted = new Set<string>();
  const revoked: string[] = [];
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'one' } as JWK;
  const provider = new Provider(issuer, configure(options, key, mtlsPort));
  addClientCredentials(provider, granted);
  addTokenRevocation(provider, key, revoked);
  let tokenRequests = 0;
  const waf: TestWaf = {
    issuer,
    port,
    provider,
    user: 'alice',
    tokenRequests: () => tokenRequests,
    granted,
    revoked,
    revocationFailure: undefined,
    tokenFailure: undefined,
    tokenGate: undefined,
    stop: async () => {
      await stop(server);
      if (mtls !== undefined) await stop(mtls);
    },
  };
  const callback = provider.callback();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '/';
    if (path.startsWith('/interaction/')) {
      interact(waf, request, response).catch((error: Error) => response.writeHead(500).end(error.message));
      return;
    }
    if (path === '/token/revocation' && waf.revocationFailure !== undefined) fail(response, waf.revocationFailure);
    else if (path !== '/token') void callback(request, response);
    else {
      tokenRequests += 1;
      if (waf.tokenFailure !== undefined) fail(response, waf.tokenFailure);
      else void (waf.tokenGate ?? Promise.resolve()).then(() => callback(request, response));
    }
  };
  server.on('request', serve);
  mtls?.on('request', serve);
  return waf;
}

async function listen(server: Server, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server.address() as AddressInfo;
}

function createMtlsServer({ cert, key }: TestWafOptions, ca: string): Server {
  return createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true });
}

interface AccountParameters {
  readonly [name: string]: unknown;
  readonly impi?: string | undefined;
  readonly impu?: string | string[] | undefined;
}

/** As the WAF does it: `access_denied` for an account that the client may not use. */
function addClientCredentials(provider: Provider, granted: ReadonlySet<string>): void {
  provider.registerGrantType<AccountParameters>(
    'client_credentials',
    async (ctx: TokenEndpointGrantContext<AccountParameters>) => {
      const { client, params } = ctx.oidc;
      if (!granted.has(String(params.impi))) throw new errors.AccessDenied('expected a grant');
      const resource = new provider.ResourceServer(audience, resourceServer);
      const token = new provider.ClientCredentials({ client, scope, resourceServer: resource });
      ctx.oidc.entity('ClientCredentials', token);
      ctx.body = { access_token: await token.save(), expires_in: token.expiration, token_type: 'Bearer', scope };
    },
    ['impi', 'impu', 'scope', 'resource'],
    ['impu'],
  );
}

/** oidc-provider refuses to revoke JWTs, once it has authenticated the client; here they are revoked after all. */
function addTokenRevocation(provider: Provider, key: JWK, revoked: string[]): void {
  const refused = new WeakSet<object>();
  const { d: _, ...publicKey } = key;
  const keys = createLocalJWKSet({ keys: [publicKey] } as Parameters<typeof createLocalJWKSet>[0]);
  provider.on('revocation.error', (ctx, error) => {
    if (error instanceof errors.UnsupportedTokenType) refused.add(ctx);
  });
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next();
    if (!refused.has(ctx)) return;
    const options = { currentDate: new Date(0) };
    const { payload } = await jwtVerify(String(ctx.oidc.params?.token), keys, options);
    if (payload.client_id === ctx.oidc.client?.clientId) revoked.push(String(payload.jti));
    ctx.status = 200;
    ctx.body = '';
  });
}

function fail(response: ServerResponse, { status, body }: NonNullable<TestWaf['tokenFailure']>): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

async function interact(
  waf: TestWaf,
  request: Parameters<Provider['interactionDetails']>[0],
  response: ServerResponse,
): Promise<void> {
  const result =
    waf.user === undefined
      ? { error: 'access_denied', error_description: 'refused' }
      : { login: { accountId: waf.user } };
  await waf.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function configure(options: TestWafOptions, key: JWK, mtlsPort: number | undefined): Configuration {
  return {
    jwks: { keys: [key] },
    cookies: { keys: ['a cookie key of the tests'] },
    clients: [clientAt(options)],
    clientAuthMethods: [
      'client_secret_basic',
      'private_key_jwt',
      ...(mtlsPort === undefined ? [] : ['tls_client_auth' as const]),
    ],
    scopes: ['openid', 'offline_access', scope],
    pkce: { required: () => true },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
    features: { ...features, ...(mtlsPort !== undefined && { mTLS: mutualTls }) },
    ...(mtlsPort !== undefined && { discovery: { mtls_endpoint_aliases: aliasesAt(mtlsPort) } }),
    ttl: {
      Session: 3_600,
      Grant: 3_600,
      Interaction: 600,
      AccessToken: 300,
      ClientCredentials: 300,
      IdToken: 300,
      RefreshToken: 3_600,
    },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    extraTokenClaims: (context, token) => {
      if (token.kind === 'ClientCredentials') {
        const { impi, impu } = (context.oidc.params ?? {}) as AccountParameters;
        return { impi, impu: [impu].flat() };
      }
      const name = 'accountId' in token ? String(token.accountId) : 'nobody';
      return { impi: `${name}@ims.example`, impu: [`sip:${name}@ims.example`, 'tel:+15550100'] };
    },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    loadExistingGrant,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  };
}

function aliasesAt(port: number): Readonly<Record<string, string>> {
  const origin = `https://localhost:${port}`;
  return { token_endpoint: `${origin}/token`, revocation_endpoint: `${origin}/token/revocation` };
}

/** RFC 8705 2.1. */
const mutualTls: NonNullable<Configuration['features']>['mTLS'] = {
  enabled: true,
  tlsClientAuth: true,
  getCertificate: ({ socket }) => (socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined),
  certificateAuthorized: ({ socket }) => socket instanceof TLSSocket && socket.authorized,
  certificateSubjectMatches: ({ socket }, property, expected) =>
    property === 'tls_client_auth_san_dns' &&
    socket instanceof TLSSocket &&
    socket.getPeerX509Certificate()?.checkHost(expected) === expected,
};

function clientAt({ wwsfOrigin, authentication }: TestWafOptions): ClientMetadata {
  const bySecret = { client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_basic' } as const;
  return {
    client_id: clientId,
    ...(authentication ?? bySecret),
    redirect_uris: [`${wwsfOrigin}/callback`],
    post_logout_redirect_uris: [`${wwsfOrigin}/`],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    scope: `openid offline_access ${scope}`,
    id_token_signed_response_alg: 'ES256',
  };
}

const resourceServer = {
  scope,
  audience,
  accessTokenFormat: 'jwt',
  accessTokenTTL: 300,
  jwt: { sign: { alg: 'ES256' } },
} as const;

const features: NonNullable<Configuration['features']> = {
  devInteractions: { enabled: false },
  revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (context, form) => {
      context.body = form;
    },
  },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => audience,
    useGrantedResource: () => true,
    getResourceServerInfo: (_context, resource) => {
      if (resource !== audience) throw new errors.InvalidTarget();
      return resourceServer;
    },
  },
};

/** Grants all without a page: it is the operator's own WWSF. */
const loadExistingGrant: Configuration['loadExistingGrant'] = async (context) => {
  const { client, session, provider, account } = context.oidc;
  if (client === undefined || account === undefined) return undefined;
  const existing = session?.grantIdFor(client.clientId);
  if (existing !== undefined) return provider.Grant.find(existing);
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope(`openid offline_access ${scope}`);
  grant.addResourceScope(audience, scope);
  await grant.save();
  return grant;
};

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

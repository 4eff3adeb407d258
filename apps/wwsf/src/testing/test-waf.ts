/**
 * A WAF for tests: a real OpenID provider that signs in whoever the test names, without asking.
 *
 * @module
 */
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type ClientMetadata, type Configuration, errors, type JWK } from 'oidc-provider';

export const clientId = 'wwsf.ims.example';
export const clientSecret = 'a-secret-of-the-tests-and-of-nothing-else';

export interface TestWafOptions {
  readonly cert: string;
  readonly key: string;
  readonly wwsfOrigin: string;
  /** 0 takes a free one. */
  readonly port?: number;
}

export interface TestWaf {
  readonly issuer: string;
  readonly port: number;
  readonly provider: Provider;
  /** Who signs in next; undefined refuses. */
  user: string | undefined;
  /** Requests that reached the token endpoint. */
  readonly tokenRequests: () => number;
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
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `https://localhost:${port}`;
  const provider = new Provider(issuer, await configure(options.wwsfOrigin));
  let tokenRequests = 0;
  const waf: TestWaf = {
    issuer,
    port,
    provider,
    user: 'alice',
    tokenRequests: () => tokenRequests,
    tokenFailure: undefined,
    tokenGate: undefined,
    stop: () => stop(server),
  };
  const callback = provider.callback();
  server.on('request', (request, response) => {
    const path = request.url ?? '/';
    if (path.startsWith('/interaction/')) {
      interact(waf, request, response).catch((error: Error) => response.writeHead(500).end(error.message));
      return;
    }
    if (path !== '/token') {
      void callback(request, response);
      return;
    }
    tokenRequests += 1;
    if (waf.tokenFailure !== undefined) fail(response, waf.tokenFailure);
    else void (waf.tokenGate ?? Promise.resolve()).then(() => callback(request, response));
  });
  return waf;
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

async function configure(wwsfOrigin: string): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'one' } as JWK;
  return {
    jwks: { keys: [key] },
    cookies: { keys: ['a cookie key of the tests'] },
    clients: [clientAt(wwsfOrigin)],
    scopes: ['openid', 'offline_access', scope],
    pkce: { required: () => true },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features,
    ttl: { Session: 3_600, Grant: 3_600, Interaction: 600, AccessToken: 300, IdToken: 300, RefreshToken: 3_600 },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    extraTokenClaims: (_context, token) => {
      const name = 'accountId' in token ? String(token.accountId) : 'nobody';
      return { impi: `${name}@ims.example`, impu: [`sip:${name}@ims.example`, 'tel:+15550100'] };
    },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    loadExistingGrant,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  };
}

function clientAt(wwsfOrigin: string): ClientMetadata {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [`${wwsfOrigin}/callback`],
    post_logout_redirect_uris: [`${wwsfOrigin}/`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: `openid offline_access ${scope}`,
    id_token_signed_response_alg: 'ES256',
  };
}

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
      return { scope, audience, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'ES256' } } };
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

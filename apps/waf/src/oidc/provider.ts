/**
 * The OpenID provider inside the WAF, with its events in our log and counters.
 *
 * @module
 */
import { type errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { PoolIdentities } from '../grants/pool-identities.ts';
import type { WafLogger } from '../log.ts';
import type { WafMetrics } from '../metrics.ts';
import type { TurnTokens } from '../turn-access/turn-tokens.ts';
import type { SignInLimits } from '../web/sign-in-limits.ts';
import { addClientCredentials } from './client-credentials.ts';
import { createProviderConfiguration, createResourceServer, type ProviderParts } from './provider-configuration.ts';
import { reportFault } from './provider-pages.ts';
import { addTokenEndpointMethod } from './token-endpoint-method.ts';
import { addTokenRevocation, isStructuredTokenRefusal, type RevokeAccessToken } from './token-revocation.ts';

export interface FlowParts {
  readonly signInLimits: SignInLimits;
  readonly poolIdentities: PoolIdentities;
  readonly revokeAccessToken: RevokeAccessToken;
  readonly turnTokens: TurnTokens | undefined;
}

export interface ProviderReporting {
  readonly log: WafLogger;
  readonly metrics: WafMetrics;
}

export function createProvider(parts: ProviderParts, flows: FlowParts, reporting: ProviderReporting): Provider {
  const { config, clients, grants, pools, decided, limits } = parts;
  const provider = new Provider(config.WAF_ISSUER, createProviderConfiguration(parts));
  provider.use((ctx, next) => parts.pages.guard(ctx as KoaContextWithOIDC, next));
  addTokenEndpointMethod(provider, reporting.log);
  addTokenRevocation(provider, limits, flows.revokeAccessToken);
  addClientCredentials(provider, {
    grants,
    pools,
    poolIdentities: flows.poolIdentities,
    decided,
    audience: config.WAF_AUDIENCE,
    resourceServer: createResourceServer(config),
    limit: (ctx) => limits.admit(ctx),
    turn: {
      tokens: flows.turnTokens,
      isAllowed: (clientId) => clients.some((client) => client.clientId === clientId && client.mayUseTurn),
      onIssued: (clientId) => reportTurnAccess(reporting, clientId),
    },
  });
  follow(provider, flows.signInLimits);
  report(provider, reporting);
  return provider;
}

/** Whether oidc-provider answers this path; everything else is ours. */
export function isProviderPath(path: string): boolean {
  return providerPaths.has(path) || path.startsWith('/auth/');
}

/** Whether clients' programs come here, the only ones who need to show a certificate. */
export function isClientPath(path: string): boolean {
  return path === '/token' || path === '/token/revocation';
}

/** Whether browsers come here to start, go on with or end a session; clients' programs do not. */
export function isSessionPath(path: string): boolean {
  return path === '/auth' || path.startsWith('/auth/') || path.startsWith('/session/');
}

const providerPaths: ReadonlySet<string> = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/auth',
  '/jwks',
  '/session/end',
  '/session/end/confirm',
  '/session/end/success',
  '/token',
  '/token/revocation',
]);

function follow(provider: Provider, limits: SignInLimits): void {
  provider.on('interaction.started', (ctx) => limits.started(ctx.req, String(ctx.oidc.entities.Interaction?.uid)));
  provider.on('interaction.destroyed', ({ uid }) => limits.ended(uid));
}

function report(provider: Provider, reporting: ProviderReporting): void {
  const { log, metrics } = reporting;
  const refused = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): void => {
    const detail = error.error_detail ?? '';
    if (/ already (used|consumed)$/.test(detail)) reportReuse(reporting, String(ctx.oidc.client?.clientId));
    log.warn({ event: 'request.refused', path: ctx.path, reason: error.error, detail });
  };
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('revocation.error', (ctx, error) => {
    if (!isStructuredTokenRefusal(error)) refused(ctx, error);
  });
  provider.on('end_session.error', refused);
  provider.on('access_token.issued', ({ clientId, accountId }) => {
    metrics.accessTokens.inc({ client_id: clientId ?? '' });
    log.info({ event: 'token.issued', clientId, accountId });
  });
  provider.on('client_credentials.issued', ({ clientId }) => {
    metrics.accessTokens.inc({ client_id: clientId ?? '' });
    log.info({ event: 'token.issued', clientId, clause: 'TS 33.203 X.4.2.3' });
  });
  provider.on('grant.revoked', (ctx) => log.info({ event: 'grant.revoked', clientId: ctx.oidc.client?.clientId }));
  provider.on('end_session.success', () => log.info({ event: 'session.ended' }));
  provider.on('server_error', (_ctx, cause) => reportFault(log, cause));
  // Koa would print these on standard error: connections that ended too early, mostly.
  (provider as NodeJS.EventEmitter).on('error', (cause: NodeJS.ErrnoException) =>
    log.debug({ event: 'request.refused', reason: cause.code ?? cause.name }),
  );
}

function reportTurnAccess({ log, metrics }: ProviderReporting, clientId: string): void {
  metrics.turnTokens.inc({ client_id: clientId });
  log.info({ event: 'turn-token.issued', clientId, clause: 'TS 33.203 X.5.3.2', step: '5' });
}

/** Somebody else may have the secret. Everything that came of the same sign-in to the client is revoked. */
export function reportReuse({ log, metrics }: ProviderReporting, clientId: string): void {
  metrics.reusedSecrets.inc();
  log.warn({ event: 'secret.reused', clientId, clause: 'RFC 9700 4.14.2' });
}

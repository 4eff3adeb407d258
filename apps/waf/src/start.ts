/**
 * The WAF as a running function.
 *
 * @module
 */
import {
  listenAt,
  type ProcessContext,
  type RunningFunction,
  readAuthorities,
  readTlsMaterial,
  type TlsMaterial,
} from '@wicgate/node-kit';
import type { Provider } from 'oidc-provider';
import { Accounts } from './accounts/accounts.ts';
import { readClients, type TrustedClient } from './clients.ts';
import type { Config } from './config.ts';
import { ClientGrants } from './grants/client-grants.ts';
import { PoolIdentities } from './grants/pool-identities.ts';
import { type Keys, openKeys } from './keys.ts';
import type { WafLogger } from './log.ts';
import { KnownBrowsers } from './login/known-browsers.ts';
import { LoginLimits } from './login/login-limits.ts';
import { createSignIn } from './login/sign-in.ts';
import { createMetrics } from './metrics.ts';
import { createProvider, reportReuse } from './oidc/provider.ts';
import { mtlsOrigin } from './oidc/provider-configuration.ts';
import { createProviderPages, reportFault } from './oidc/provider-pages.ts';
import { TokenLimits } from './oidc/token-limits.ts';
import { createTokenRevocation } from './oidc/token-revocation.ts';
import { createRenderPage, type Site } from './pages/page.ts';
import { Pools } from './pools.ts';
import { createPostRevocation } from './revocation/post-revocation.ts';
import { startRevocationDelivery } from './revocation/revocation-delivery.ts';
import { createArtefactAdapter } from './store/artefact-adapter.ts';
import { type Database, openDatabase } from './store/database.ts';
import { databaseFile } from './store/database-file.ts';
import { startExpirySweep } from './store/expiry-sweep.ts';
import { readTurnTokens, type TurnTokens } from './turn-access/turn-tokens.ts';
import { loadAssets } from './web/assets.ts';
import { startMtlsServer } from './web/mtls-server.ts';
import { createServer, type WafServer } from './web/server.ts';
import { SignInLimits } from './web/sign-in-limits.ts';

export interface RunningWaf extends RunningFunction {
  readonly issuer: string;
  /** The people who may sign in. */
  readonly accounts: Accounts;
  /** Which web operators may register in whose name. */
  readonly grants: ClientGrants;
  /** Lets nobody in by this account and ends all that came of it. @throws {AccountNotFound} */
  bar(username: string): Promise<void>;
  /** @throws {AccountNotFound} */
  unbar(username: string): Promise<void>;
}

/**
 * Listens, and resolves once a person can sign in.
 *
 * @throws {ConfigInvalid} a file is not what the setting says.
 * @throws {AddressInUse}
 */
export async function start(config: Config, context: ProcessContext): Promise<RunningWaf> {
  const tls = readTlsMaterial({ cert: config.WAF_TLS_CERT_FILE, key: config.WAF_TLS_KEY_FILE });
  const authorities = {
    ofClients: readOptional(config.WAF_MTLS_CA_FILE),
    ofEpCscfs: readOptional(config.WAF_REVOCATION_CA_FILE),
  };
  const clients = readClients(config);
  const turnTokens = readTurnTokens(config, clients);
  const keys = await openKeys(config.WAF_STATE_DIR);
  const database = openDatabase(databaseFile(config.WAF_STATE_DIR));
  const parts = { config, context, tls, authorities, clients, turnTokens, keys, database };
  let isListening = false;
  context.operations.addReadiness(`waf ${config.WAF_ISSUER}`, () => isListening);

  const { accounts, grants, server, provider } = assemble(parts);
  const stopListening = await listenAll(parts, server, provider).catch(async (error: unknown) => {
    await database.destroy();
    throw error;
  });
  const stopWork = await startWork(parts);
  isListening = true;
  context.log.info({ event: 'waf.listening', issuer: config.WAF_ISSUER });
  return {
    issuer: config.WAF_ISSUER,
    accounts,
    grants,
    async bar(username) {
      await accounts.bar(username);
      context.log.info({ event: 'account.barred', clause: 'TS 33.203 X.3.1 REQ 2.2' });
    },
    unbar: (username) => accounts.unbar(username),
    async stop() {
      isListening = false;
      await stopListening();
      await stopWork();
      await database.destroy();
      context.log.info({ event: 'waf.stopped' });
    },
  };
}

interface Parts {
  readonly config: Config;
  readonly context: ProcessContext;
  readonly tls: TlsMaterial;
  /** Whose certificates are trusted on mutual TLS, and of the eP-CSCFs. */
  readonly authorities: Readonly<Record<'ofClients' | 'ofEpCscfs', Buffer | undefined>>;
  readonly clients: readonly TrustedClient[];
  readonly turnTokens: TurnTokens | undefined;
  readonly keys: Keys;
  readonly database: Database;
}

interface Assembled {
  readonly accounts: Accounts;
  readonly grants: ClientGrants;
  readonly server: WafServer;
  readonly provider: Provider;
}

/** Opens both listeners, or none; returns what closes them. */
async function listenAll(parts: Parts, server: WafServer, provider: Provider): Promise<() => Promise<void>> {
  const { config } = parts;
  const host = config.WAF_HOST;
  const closeMtls = await startMtls(parts, provider);
  try {
    const address = { host, port: config.WAF_PORT, setting: 'WAF_PORT' };
    await listenAt(address, ({ port }) => server.app.listen({ host, port }));
  } catch (error) {
    await closeMtls();
    throw error;
  }
  return async () => {
    await Promise.all([server.close(), closeMtls()]);
  };
}

async function startMtls(
  { config, context: { log }, tls, authorities: { ofClients: ca } }: Parts,
  provider: Provider,
): Promise<() => Promise<void>> {
  const { WAF_HOST: host, WAF_MTLS_PORT: port } = config;
  const origin = mtlsOrigin(config);
  if (origin === undefined || port === undefined || ca === undefined) return async () => undefined;
  return startMtlsServer({ origin, address: { host, port }, tls, ca, log, answer: provider.callback() });
}

/** @throws {ConfigInvalid} */
function readOptional(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readAuthorities(path);
}

/** What goes on by itself; returns what ends it. */
async function startWork({ config, context, authorities, keys, database }: Parts): Promise<() => Promise<void>> {
  const log: WafLogger = context.log;
  const failed = (cause: unknown): void => reportFault(log, cause);
  const { WAF_ISSUER: issuer, WAF_AUDIENCE: audience } = config;
  const post = await createPostRevocation({ keys, issuer, audience, ca: authorities.ofEpCscfs });
  const stopSweep = startExpirySweep(database, failed);
  const endpoints = config.WAF_REVOCATION_ENDPOINTS;
  const metrics = createMetrics(context.operations);
  const stopDelivery = startRevocationDelivery({ database, endpoints, post, log, metrics, failed });
  return async () => {
    post.close();
    await Promise.all([stopSweep(), stopDelivery()]);
  };
}

function assemble({ config, context, tls, clients, turnTokens, keys, database }: Parts): Assembled {
  const log: WafLogger = context.log;
  const metrics = createMetrics(context.operations);
  const site = createSite(config);
  const limits = new SignInLimits(config);
  const granted = {
    accounts: new Accounts(database),
    grants: new ClientGrants(database),
    pools: new Pools(clients),
    poolIdentities: new PoolIdentities(database, config.WAF_SESSION_LIFETIME_SECONDS),
  };
  const base = { ...granted, config, issuer: config.WAF_ISSUER, clients, keys, database, log, site };
  const render = createRenderPage(site);
  const provider = createProvider(
    {
      ...base,
      decided: new WeakMap(),
      limits: new TokenLimits(config.WAF_TOKEN_REQUESTS_PER_CLIENT, log),
      pages: createProviderPages({ ...base, render, clientOrigins: originsOf(clients) }),
      adapter: createArtefactAdapter(database, (model) => reportReuse({ log, metrics }, model)),
    },
    { ...base, signInLimits: limits, revokeAccessToken: createTokenRevocation(base), turnTokens },
    { log, metrics },
  );
  const server = createServer({
    ...base,
    tls,
    trustedProxies: config.WAF_TRUSTED_PROXIES,
    limits,
    render,
    provider,
    signIn: createSignIn(granted.accounts, new LoginLimits(database, keys, config)),
    knownBrowsers: new KnownBrowsers(keys, config.WAF_ISSUER),
    metrics,
    hashIdentity: context.hashIdentity,
  });
  return { ...granted, server, provider };
}

function createSite(config: Config): Site {
  return {
    assets: loadAssets(),
    homeName: config.WAF_WWSF_NAME,
    homeUrl: `${config.WAF_WWSF_ORIGIN}/`,
    host: new URL(config.WAF_ISSUER).host,
  };
}

function originsOf(clients: readonly TrustedClient[]): string[] {
  const uris = clients.flatMap(({ redirectUris, postLogoutRedirectUris }) => [
    ...redirectUris,
    ...postLogoutRedirectUris,
  ]);
  return [...new Set(uris.map((uri) => new URL(uri).origin))];
}

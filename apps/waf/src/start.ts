/**
 * The WAF as a running function.
 *
 * @module
 */
import {
  listenAt,
  type ProcessContext,
  type RunningFunction,
  readTlsMaterial,
  type TlsMaterial,
} from '@wicgate/node-kit';
import { Accounts } from './accounts/accounts.ts';
import { readClients, type TrustedClient } from './clients.ts';
import type { Config } from './config.ts';
import { openKeys } from './keys.ts';
import type { WafLogger } from './log.ts';
import { KnownBrowsers } from './login/known-browsers.ts';
import { LoginLimits } from './login/login-limits.ts';
import { createSignIn } from './login/sign-in.ts';
import { createMetrics } from './metrics.ts';
import { createProvider, reportReuse } from './oidc/provider.ts';
import { createProviderPages, reportFault } from './oidc/provider-pages.ts';
import { createRenderPage } from './pages/page.ts';
import { createArtefactAdapter } from './store/artefact-adapter.ts';
import { type Database, openDatabase } from './store/database.ts';
import { databaseFile } from './store/database-file.ts';
import { startExpirySweep } from './store/expiry-sweep.ts';
import { loadAssets } from './web/assets.ts';
import { createServer, type WafServer } from './web/server.ts';
import { SignInLimits } from './web/sign-in-limits.ts';

export interface RunningWaf extends RunningFunction {
  readonly issuer: string;
  /** The people who may sign in. */
  readonly accounts: Accounts;
}

/**
 * Listens, and resolves once a person can sign in.
 *
 * @throws {ConfigInvalid} a file is not what the setting says.
 * @throws {AddressInUse}
 */
export async function start(config: Config, context: ProcessContext): Promise<RunningWaf> {
  const log: WafLogger = context.log;
  const tls = readTlsMaterial({ cert: config.WAF_TLS_CERT_FILE, key: config.WAF_TLS_KEY_FILE });
  const clients = readClients(config);
  const keys = await openKeys(config.WAF_STATE_DIR);
  const database = openDatabase(databaseFile(config.WAF_STATE_DIR));
  const accounts = new Accounts(database);
  let isListening = false;
  context.operations.addReadiness(`waf ${config.WAF_ISSUER}`, () => isListening);

  const server = assemble({ config, context, tls, clients, keys, database, accounts });
  const address = { host: config.WAF_HOST, port: config.WAF_PORT, setting: 'WAF_PORT' };
  try {
    await listenAt(address, ({ host, port }) => server.app.listen({ host, port }));
  } catch (error) {
    await database.destroy();
    throw error;
  }
  const stopSweep = startExpirySweep(database, (cause) => reportFault(log, cause));
  isListening = true;
  log.info({ event: 'waf.listening', issuer: config.WAF_ISSUER });
  return {
    issuer: config.WAF_ISSUER,
    accounts,
    async stop() {
      isListening = false;
      await server.close();
      await stopSweep();
      await database.destroy();
      log.info({ event: 'waf.stopped' });
    },
  };
}

interface Parts {
  readonly config: Config;
  readonly context: ProcessContext;
  readonly tls: TlsMaterial;
  readonly clients: readonly TrustedClient[];
  readonly keys: Awaited<ReturnType<typeof openKeys>>;
  readonly database: Database;
  readonly accounts: Accounts;
}

function assemble({ config, context, tls, clients, keys, database, accounts }: Parts): WafServer {
  const log: WafLogger = context.log;
  const metrics = createMetrics(context.operations);
  const site = {
    assets: loadAssets(),
    homeName: config.WAF_WWSF_NAME,
    homeUrl: `${config.WAF_WWSF_ORIGIN}/`,
    host: new URL(config.WAF_ISSUER).host,
  };
  const render = createRenderPage(site);
  const pages = createProviderPages({ site, render, accounts, log, clientOrigins: originsOf(clients) });
  const adapter = createArtefactAdapter(database, (model) => reportReuse({ log, metrics }, model));
  const limits = new SignInLimits(config);
  const provider = createProvider({ config, keys, clients, accounts, pages, adapter }, limits, { log, metrics });
  return createServer({
    issuer: config.WAF_ISSUER,
    tls,
    trustedProxies: config.WAF_TRUSTED_PROXIES,
    site,
    limits,
    render,
    provider,
    accounts,
    signIn: createSignIn(accounts, new LoginLimits(database, keys, config)),
    knownBrowsers: new KnownBrowsers(keys, config.WAF_ISSUER),
    keys,
    log,
    metrics,
    hashIdentity: context.hashIdentity,
  });
}

function originsOf(clients: readonly TrustedClient[]): string[] {
  const uris = clients.flatMap(({ redirectUris, postLogoutRedirectUris }) => [
    ...redirectUris,
    ...postLogoutRedirectUris,
  ]);
  return [...new Set(uris.map((uri) => new URL(uri).origin))];
}

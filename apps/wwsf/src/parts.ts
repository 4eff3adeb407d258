/**
 * The parts of a WWSF, put together and not yet started.
 *
 * @module
 */
import { ConfigInvalid, type ProcessContext, readTlsMaterial } from '@wicgate/node-kit';
import { Accounts } from './accounts/accounts.ts';
import type { Config } from './config.ts';
import { createWebServer, type WebServer } from './http/app.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { IdentityPool } from './pool/identity-pool.ts';
import { readPool } from './pool/pool-file.ts';
import { PoolLeases } from './pool/pool-leases.ts';
import { AccessTokens } from './sessions/access-tokens.ts';
import { OrphanedTokens } from './sessions/orphaned-tokens.ts';
import { openState, type State } from './sessions/state.ts';
import { TurnCredentials } from './turn/turn-credentials.ts';
import { type ChooseTurnUris, createTurnChoice } from './turn/turn-servers.ts';
import { readTurnServers } from './turn/turn-servers-file.ts';
import { readClientAuthentication } from './waf/client-authentication.ts';
import { OpenIdWaf } from './waf/open-id-waf.ts';

export interface Parts {
  readonly config: Config;
  readonly context: ProcessContext;
  readonly server: WebServer;
  readonly waf: OpenIdWaf;
  readonly state: State;
  readonly metrics: Metrics;
  readonly pool: IdentityPool | undefined;
  readonly accessTokens: AccessTokens;
  readonly orphanedTokens: OrphanedTokens;
  /** Of users whom the WWSF authenticates itself; undefined: the WAF does. */
  readonly accounts: Accounts | undefined;
  readonly chooseTurnUris: ChooseTurnUris;
  /** Undefined: none from here. */
  readonly turnCredentials: TurnCredentials | undefined;
}

/** @throws {ConfigInvalid} */
export async function createParts(config: Config, context: ProcessContext): Promise<Parts> {
  const { log, hashIdentity } = context;
  const metrics = createMetrics(context.operations);
  const poolOfConfig = readPool(config);
  const chooseTurnUris = createTurnChoice(readTurnServers(config), config.WWSF_TURN_SERVERS_AT_ONCE);
  const accounts = config.WWSF_SIGN_IN === 'own' ? openAccounts(config, context) : undefined;
  const waf = await createWaf(config, context);
  const server = await createServer(config);
  const state = await openStateOf(config, context);
  const { sessions, handedTokens } = state;
  const leases = poolOfConfig && new PoolLeases(state.database, poolOfConfig, leaseLimitsOf(config));
  await leases?.open();
  const pool = leases && new IdentityPool({ leases, sessions, handedTokens, waf, log, onChange: metrics.setPool });
  const accessTokens = new AccessTokens({
    store: sessions,
    handedTokens,
    waf,
    pool,
    isKnown: (subject) => accounts?.find(subject) !== undefined,
    refreshMs: 1_000 * config.WWSF_TOKEN_REFRESH_SECONDS,
    log,
    hashIdentity,
    onRenewal: metrics.countRenewal,
  });
  const orphanedTokens = new OrphanedTokens({ handedTokens, waf, log });
  const turnCredentials = createTurnCredentials(config, state);
  const turn = { chooseTurnUris, turnCredentials };
  return { config, context, server, waf, state, metrics, pool, accessTokens, orphanedTokens, accounts, ...turn };
}

function createTurnCredentials(config: Config, { sealer }: State): TurnCredentials | undefined {
  const { WWSF_TURN_SECRET: secret, WWSF_TURN_HASH: hash, WWSF_TURN_CREDENTIAL_SECONDS: lifetimeSeconds } = config;
  return secret === undefined ? undefined : new TurnCredentials({ secret, hash, lifetimeSeconds, sealer });
}

async function createWaf(config: Config, { log }: ProcessContext): Promise<OpenIdWaf> {
  const { ca } = readTlsMaterial({
    cert: config.WWSF_TLS_CERT_FILE,
    key: config.WWSF_TLS_KEY_FILE,
    ca: config.WWSF_WAF_CA_FILE,
  });
  return new OpenIdWaf({
    issuer: config.WWSF_WAF_ISSUER,
    ca,
    clientId: config.WWSF_CLIENT_ID,
    authentication: await readClientAuthentication(config),
    tokenAudience: config.WWSF_TURN_TOKEN_AUDIENCE,
    origin: config.WWSF_ORIGIN,
    log,
  });
}

function createServer(config: Config): Promise<WebServer> {
  const tls = readTlsMaterial({ cert: config.WWSF_TLS_CERT_FILE, key: config.WWSF_TLS_KEY_FILE });
  return createWebServer(tls, {
    maxConnections: config.WWSF_CONNECTIONS,
    headers: securityHeaders({
      origin: config.WWSF_ORIGIN,
      epCscfUrl: config.WWSF_EP_CSCF_URL,
      isimOrigin: config.WWSF_ISIM_ORIGIN,
    }),
    trustedProxies: config.WWSF_TRUSTED_PROXIES,
  });
}

/** @throws {ConfigInvalid} */
function openAccounts({ WWSF_ACCOUNTS_FILE: file }: Config, { log }: ProcessContext): Accounts {
  if (file === undefined) throw new ConfigInvalid('WWSF_ACCOUNTS_FILE: expected a file, as WWSF_SIGN_IN is own');
  return new Accounts(file, () =>
    log.error({
      event: 'accounts.unreadable',
      effect: 'accounts stay as they were before the file was changed',
      action: 'correct the file of WWSF_ACCOUNTS_FILE',
    }),
  );
}

function leaseLimitsOf(config: Config): ConstructorParameters<typeof PoolLeases>[2] {
  return {
    leaseMs: 1_000 * config.WWSF_POOL_LEASE_SECONDS,
    userLeaseMs: 1_000 * config.WWSF_POOL_USER_LEASE_SECONDS,
    lifetimeMs: 1_000 * config.WWSF_POOL_LIFETIME_SECONDS,
    coolDownMs: 1_000 * config.WWSF_POOL_COOL_DOWN_SECONDS,
    perSource: config.WWSF_GUESTS_PER_ADDRESS,
    total: config.WWSF_POOL_LEASES,
  };
}

function openStateOf(config: Config, { log }: ProcessContext): Promise<State> {
  const limits = {
    sessions: {
      lifetimeMs: 1_000 * config.WWSF_SESSION_LIFETIME_SECONDS,
      idleMs: 1_000 * config.WWSF_SESSION_IDLE_SECONDS,
      perUser: config.WWSF_SESSIONS_PER_USER,
    },
    signIns: {
      lifetimeMs: 1_000 * config.WWSF_SIGN_IN_LIFETIME_SECONDS,
      perBrowser: config.WWSF_SIGN_INS_PER_BROWSER,
      total: config.WWSF_SIGN_INS,
    },
  };
  return openState(config.WWSF_STATE_DIR, limits, (cause) =>
    log.error({
      event: 'state.cleanup-failed',
      cause,
      effect: 'expired sessions stay in the database',
      action: 'look at the disk of WWSF_STATE_DIR',
    }),
  );
}

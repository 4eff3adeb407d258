/**
 * The eP-CSCF (TS 33.203 annex X, TS 24.371): one SIP element with a side towards WICs, W2, and one towards the core, Mw.
 *
 * @module
 */
import type { ProcessContext } from '@wicgate/node-kit';
import { type ServerTransaction, type SipError, StatefulProxy } from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity, type WebSocketRefusal } from '@wicgate/sip-node';
import type { Config } from './config.ts';
import type { EpCscfLogger } from './log-event.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { CoreLink } from './mw/core-link.ts';
import { MwRequests } from './mw/mw-requests.ts';
import { OwnRoutes } from './mw/own-routes.ts';
import { type MwPeer, PeerTable } from './mw/peer-table.ts';
import { Refusals } from './refuse.ts';
import { readGrant } from './registration/access-token.ts';
import { type BearerChallenge, createBearerChallenge } from './registration/bearer-challenge.ts';
import { FlowTokens } from './registration/flow-token.ts';
import { type FlowEnd, type RegisteredFlow, RegisteredFlows } from './registration/registered-flows.ts';
import type { WafPort } from './registration/registration-context.ts';
import { createWafTokens, type WafTokens } from './registration/waf-tokens.ts';
import { TurnCredentials } from './turn/turn-credentials.ts';
import type { ConnectionLimits } from './w2/connection.ts';
import { TokenBucket } from './w2/token-bucket.ts';
import { W2Requests } from './w2/w2-requests.ts';

export interface EpCscfFiles {
  readonly w2Tls: { readonly cert: Buffer; readonly key: Buffer };
  readonly mwTls: TlsIdentity;
  readonly wafCa: Buffer | undefined;
  readonly flowTokenKey: Uint8Array;
}

/** What both sides work with. */
interface Shared {
  readonly challenge: BearerChallenge;
  readonly refusals: Refusals;
  readonly routes: OwnRoutes;
}

/**
 * Close code for a connection whose flow a newer connection of the same WIC has taken over. It is of the private range
 * (RFC 6455 7.4.2), so that a WIC can tell it from a refusal (1008) and does not fight for the flow.
 */
const flowReplaced = 4_000;
const failed = {
  effect: 'a connection could not be accepted',
  action: 'look at the limits of the process and the host',
};
/** Log lines about what peers do wrong: whoever does it over and over shall not fill the log. */
const lineLimit = { burst: 200, perSecond: 20 };

export class EpCscf {
  readonly endpoint: Endpoint;
  readonly #config: Config;
  readonly #files: EpCscfFiles;
  readonly #log: EpCscfLogger;
  readonly #hashIdentity: (impi: string) => string;
  readonly #flows: RegisteredFlows;
  readonly #proxy: StatefulProxy<NodeFlow>;
  readonly #wafTokens: WafTokens;
  readonly #metrics: Metrics;
  readonly #w2: W2Requests;
  readonly #mw: MwRequests;
  readonly #lines: TokenBucket;
  #w2Port = 0;
  #mwPort = 0;

  constructor(config: Config, files: EpCscfFiles, { log, operations, hashIdentity }: ProcessContext) {
    this.#config = config;
    this.#files = files;
    this.#log = log;
    this.#hashIdentity = hashIdentity;
    this.endpoint = this.#createEndpoint();
    const { layer, clock } = this.endpoint;
    this.#lines = new TokenBucket({ clock, ...lineLimit });
    this.#proxy = new StatefulProxy({ layer, clock });
    this.#flows = new RegisteredFlows({ clock, onEnd: (flow, end) => this.#onFlowEnd(flow, end) });
    this.#wafTokens = createWafTokens({
      issuer: config.EP_CSCF_WAF_ISSUER,
      audience: config.EP_CSCF_WAF_AUDIENCE,
      ca: files.wafCa,
    });
    this.#metrics = createMetrics(operations, {
      registeredFlows: () => this.#flows.size,
      connections: () => this.endpoint.connections,
      transactions: () => layer.size,
    });
    const challenge = createBearerChallenge({
      homeDomain: config.EP_CSCF_HOME_DOMAIN,
      issuer: config.EP_CSCF_WAF_ISSUER,
      scope: config.EP_CSCF_SCOPE,
    });
    const refusals = this.#createRefusals(challenge);
    const routes = new OwnRoutes({ tokens: new FlowTokens(files.flowTokenKey), address: () => this.mwAddress });
    this.#w2 = this.#createW2({ challenge, refusals, routes });
    this.#mw = new MwRequests({
      trustedNames: config.EP_CSCF_MW_TRUSTED_NAMES,
      sessions: { routes, flows: this.#flows },
      proxy: this.#proxy,
      refusals,
    });
  }

  /** `host:port` where the core sends to. */
  get mwAddress(): string {
    return `${this.#config.EP_CSCF_MW_HOST}:${this.#mwPort}`;
  }

  get w2Port(): number {
    return this.#w2Port;
  }

  async listenMw(host: string, port: number): Promise<void> {
    ({ port: this.#mwPort } = await this.endpoint.listenTls({ name: 'mw', host, port, tls: this.#files.mwTls }));
  }

  async listenW2(host: string, port: number): Promise<void> {
    const origins = new Set(this.#config.EP_CSCF_ORIGINS);
    ({ port: this.#w2Port } = await this.endpoint.listenWebSocket({
      name: 'w2',
      host,
      port,
      tls: this.#files.w2Tls,
      isTrustedOrigin: (origin) => origins.has(origin),
      maxConnectionsPerAddress: this.#config.EP_CSCF_CONNECTIONS_PER_ADDRESS,
      pingIntervalMs: this.#config.EP_CSCF_PING_INTERVAL_MS,
      onRefused: (reason) => this.#onUpgradeRefused(reason),
    }));
  }

  /** Closes listeners and connections; the WICs are told that the gateway goes (1001). */
  async stop(): Promise<void> {
    await this.endpoint.stop();
    this.#flows.clear();
    this.#wafTokens.close();
    this.#metrics.remove();
  }

  #createEndpoint(): Endpoint {
    const { EP_CSCF_HOST, EP_CSCF_CONNECTIONS } = this.#config;
    return new Endpoint({
      user: {
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: (ack, flow) => (isW2(flow) ? this.#w2 : this.#mw).onAck(ack, flow),
        // A response after its transaction ended goes nowhere: its caller has its answer (RFC 6026 7.2).
        onStrayResponse: (_response, flow) => isW2(flow) && this.#w2.onStrayResponse(flow),
        onServerEvent: (transaction) => this.#onServerEvent(transaction),
        onFlowOpened: (flow) => isW2(flow) && this.#w2.onFlowOpened(flow),
        onFlowClosed: (flow) => this.#onFlowClosed(flow),
        onFault: (flow, error) => this.#onFault(flow, error),
        onListenerError: (listener, cause) => this.#log.error({ event: 'listener.failed', listener, cause, ...failed }),
      },
      sentBy: (transport) => (transport === 'WSS' ? `${EP_CSCF_HOST}:${this.#w2Port}` : this.mwAddress),
      maxConnections: EP_CSCF_CONNECTIONS,
    });
  }

  #createRefusals(challenge: BearerChallenge): Refusals {
    return new Refusals({
      log: this.#log,
      lines: this.#lines,
      metrics: this.#metrics,
      challenge,
      createToken: () => this.endpoint.layer.createToken(),
      identify: (flow) => {
        const impi = this.#flows.ofConnection(flow)?.name.impi;
        return impi === undefined ? undefined : this.#hashIdentity(impi);
      },
    });
  }

  #createW2({ challenge, refusals, routes }: Shared): W2Requests {
    const config = this.#config;
    const { layer, clock } = this.endpoint;
    const homeDomain = config.EP_CSCF_HOME_DOMAIN;
    const entry = entryOf(config);
    const core = new CoreLink({ endpoint: this.endpoint, tls: this.#files.mwTls, iCscf: entry });
    const turn = new TurnCredentials({
      secret: config.EP_CSCF_TURN_SECRET,
      lifetimeSeconds: config.EP_CSCF_TURN_LIFETIME_SECONDS,
    });
    const context = {
      log: this.#log,
      oneChallengeUserAgents: this.#config.EP_CSCF_ONE_CHALLENGE_USER_AGENTS,
      hashIdentity: this.#hashIdentity,
      homeDomain,
      waf: this.#createWafPort(),
      core,
      flows: this.#flows,
      routes,
      turn,
    };
    return new W2Requests({
      clock,
      limits: limitsOf(config),
      registration: { context, challenge, keepSeconds: Math.ceil(config.EP_CSCF_PING_INTERVAL_MS / 1_000) },
      sessions: { routes, peers: new PeerTable([entry, ...config.EP_CSCF_MW_PEERS]), homeDomain },
      core,
      proxy: this.#proxy,
      turn,
      refusals,
      createToken: () => layer.createToken(),
    });
  }

  #createWafPort(): WafPort {
    const config = this.#config;
    const identity = config.EP_CSCF_WAF_IDENTITY;
    const isOwn = `.${identity}`.endsWith(`.${config.EP_CSCF_HOME_DOMAIN}`);
    return {
      validate: async (token) => readGrant(await this.#wafTokens.verify(token), config.EP_CSCF_SCOPE),
      thirdParty: isOwn ? undefined : identity,
    };
  }

  #onRequest(transaction: ServerTransaction<NodeFlow>): void {
    const { request, flow } = transaction;
    this.#metrics.countRequest(isW2(flow) ? 'w2' : 'mw', request.method);
    (isW2(flow) ? this.#w2 : this.#mw).onRequest(transaction);
  }

  /** The caller's connection is gone: nobody shall ring for it (TS 24.229 5.2.8.1). */
  #onServerEvent(transaction: ServerTransaction<NodeFlow>): void {
    const isAnswered = transaction.response !== undefined && transaction.response.statusCode >= 200;
    if (transaction.request.method === 'INVITE' && !isAnswered) this.#proxy.abandon(transaction);
  }

  #onFlowClosed(flow: NodeFlow): void {
    this.#flows.connectionClosed(flow);
    this.#w2.onFlowClosed(flow);
  }

  #onFlowEnd({ name, connection }: RegisteredFlow, end: FlowEnd): void {
    this.#log.info({ event: 'flow.ended', impi: this.#hashIdentity(name.impi), regId: name.regId, end });
    if (end === 'replaced') connection.close(flowReplaced);
  }

  #onFault(flow: NodeFlow, error: SipError): void {
    const side = isW2(flow) ? 'w2' : 'mw';
    this.#metrics.countRefusal(side, 'malformed');
    if (side === 'w2') this.#w2.onFault(flow, error);
    if (!this.#lines.take()) return;
    this.#log.warn({ event: 'message.malformed', side, code: error.code, address: flow.peer.address });
  }

  #onUpgradeRefused(reason: WebSocketRefusal): void {
    this.#metrics.countRefusal('w2', `upgrade: ${reason}`);
    if (this.#lines.take()) this.#log.warn({ event: 'upgrade.refused', clause: 'TS 33.203 X.3.1 REQ 2.6', reason });
  }
}

function entryOf(config: Config): MwPeer {
  return { host: config.EP_CSCF_ICSCF_HOST, port: config.EP_CSCF_ICSCF_PORT, name: config.EP_CSCF_ICSCF_NAME };
}

function limitsOf(config: Config): ConnectionLimits {
  return {
    requestsPerSecond: config.EP_CSCF_REQUESTS_PER_SECOND,
    requestBurst: config.EP_CSCF_REQUEST_BURST,
    pendingRequests: config.EP_CSCF_PENDING_REQUESTS,
    turnRequestsPerMinute: config.EP_CSCF_TURN_REQUESTS_PER_MINUTE,
    registrationDeadlineMs: config.EP_CSCF_REGISTRATION_DEADLINE_MS,
  };
}

function isW2({ listener }: NodeFlow): boolean {
  return listener === 'w2';
}

/**
 * The eP-CSCF (TS 33.203 annex X, TS 24.371): one SIP element with a side towards WICs, W2, and one towards the core, Mw.
 *
 * @module
 */
import type { ProcessContext } from '@wicgate/node-kit';
import { type ServerTransaction, type SipError, StatefulProxy } from '@wicgate/sip';
import { Endpoint, type NodeFlow } from '@wicgate/sip-node';
import { addRevocationRoute } from './authorization/add-revocation-route.ts';
import type { Config } from './config.ts';
import { EmergencyCalls } from './emergency/emergency-calls.ts';
import type { EpCscfFiles } from './ep-cscf-files.ts';
import type { EpCscfLogger } from './log-event.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { CoreLink } from './mw/core-link.ts';
import { entryOf } from './mw/entry-of.ts';
import { MwRequests } from './mw/mw-requests.ts';
import { OwnRoutes } from './mw/own-routes.ts';
import { PeerTable } from './mw/peer-table.ts';
import { Refusals } from './refuse.ts';
import { type BearerChallenge, createBearerChallenge } from './registration/bearer-challenge.ts';
import { createRegistrationContext } from './registration/create-registration-context.ts';
import { FlowTokens } from './registration/flow-token.ts';
import { type FlowEnd, type RegisteredFlow, RegisteredFlows } from './registration/registered-flows.ts';
import type { RegistrationContext } from './registration/registration-context.ts';
import { createRegistrationWatches } from './registration-event/create-registration-watches.ts';
import type { RegistrationWatches } from './registration-event/registration-watches.ts';
import { createTurn, type Turn } from './turn/create-turn.ts';
import { flowReplaced } from './w2/close-codes.ts';
import { limitsOf } from './w2/limits-of.ts';
import { TokenBucket } from './w2/token-bucket.ts';
import { W2Requests } from './w2/w2-requests.ts';

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
  readonly #emergencies: EmergencyCalls;
  readonly #watches: RegistrationWatches;
  readonly #peers: PeerTable;
  readonly #core: CoreLink;
  readonly #refusals: Refusals;
  readonly #removeRoute: () => void;
  readonly #metrics: Metrics;
  readonly #w2: W2Requests;
  readonly #mw: MwRequests;
  readonly #lines: TokenBucket;
  readonly #turn: Turn;
  /** Nobody cuts off who calls for help, or can be called back (TS 33.203 X.2.3.3). */
  readonly #closeConnection = (connection: NodeFlow, code: number): void => {
    if (!this.#isSpared(connection)) connection.close(code);
  };
  readonly #isSpared = (connection: NodeFlow): boolean =>
    this.#emergencies.isUp(connection) || this.#flows.emergencyOf(connection) !== undefined;
  #w2Port = 0;
  #mwPort = 0;

  constructor(config: Config, files: EpCscfFiles, context: ProcessContext) {
    const { log, operations, hashIdentity } = context;
    this.#config = config;
    this.#files = files;
    this.#log = log;
    this.#hashIdentity = hashIdentity;
    this.endpoint = this.#createEndpoint();
    const { layer, clock } = this.endpoint;
    this.#lines = new TokenBucket({ clock, ...lineLimit });
    this.#proxy = new StatefulProxy({ layer, clock });
    this.#flows = this.#createFlows();
    this.#emergencies = new EmergencyCalls({
      clock,
      maxPerAddress: config.EP_CSCF_EMERGENCY_CALLS_PER_ADDRESS,
      onIdle: (connection) => this.#w2.onEmergencyOver(connection),
    });
    this.#peers = new PeerTable([entryOf(config), ...config.EP_CSCF_MW_PEERS, ...config.EP_CSCF_ECSCF]);
    this.#core = new CoreLink({ endpoint: this.endpoint, tls: files.mwTls, iCscf: entryOf(config) });
    this.#metrics = createMetrics(operations, {
      registeredFlows: () => this.#flows.size,
      connections: () => this.endpoint.connections,
      transactions: () => layer.size,
      revocations: () => files.authorization.revocations.size,
      registrationSubscriptions: () => this.#watches.size,
      emergencyCalls: () => this.#emergencies.size,
      turnRevocationsPending: () => this.#turn.revocations.pending,
    });
    const around = { clock, log, hashIdentity, flows: this.#flows, metrics: this.#metrics };
    this.#turn = createTurn(config, { ...around, ca: files.turnCa, isSpared: this.#isSpared });
    const challenge = createBearerChallenge({
      homeDomain: config.EP_CSCF_HOME_DOMAIN,
      issuer: config.EP_CSCF_WAF_ISSUER,
      scope: config.EP_CSCF_SCOPE,
    });
    this.#refusals = this.#createRefusals(challenge);
    const routes = new OwnRoutes({ tokens: new FlowTokens(files.flowTokenKey), address: () => this.mwAddress });
    this.#watches = this.#createWatches(context, routes);
    const { authorization } = files;
    const parts = { ...around, routes, authorization, core: this.#core, turn: this.#turn.credentials };
    const registration = createRegistrationContext(config, parts);
    this.#w2 = this.#createW2(challenge, routes, registration);
    this.#mw = this.#createMw(routes);
    this.#removeRoute = this.#addRevocations(context, registration);
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
    ({ port: this.#w2Port } = await this.listenW2Further(host, port));
  }

  /** One more port of W2 (TS 33.203 O.2.1). */
  listenW2Further(host: string, port: number): Promise<{ port: number }> {
    const origins = new Set(this.#config.EP_CSCF_ORIGINS);
    return this.endpoint.listenWebSocket({
      name: 'w2',
      host,
      port,
      tls: this.#files.w2Tls,
      isTrustedOrigin: (origin) => origins.has(origin),
      maxConnectionsPerAddress: this.#config.EP_CSCF_CONNECTIONS_PER_ADDRESS,
      pingIntervalMs: this.#config.EP_CSCF_PING_INTERVAL_MS,
      onRefused: (reason) => this.#refusals.noteUpgrade(reason),
    });
  }

  /** Closes listeners and connections; the WICs are told that the gateway goes (1001). */
  async stop(): Promise<void> {
    this.#watches.stop();
    await this.endpoint.stop();
    this.#flows.clear();
    this.#watches.stop();
    await this.#turn.revocations.stop();
    this.#files.authorization.wafs.close();
    this.#removeRoute();
    this.#metrics.remove();
  }

  #createFlows(): RegisteredFlows {
    return new RegisteredFlows({
      clock: this.endpoint.clock,
      onBind: (flow) => this.#watches.registered(flow),
      onEnd: (flow, end) => this.#onFlowEnd(flow, end),
    });
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
      faultLines: new TokenBucket({ clock: this.endpoint.clock, ...lineLimit }),
      metrics: this.#metrics,
      challenge,
      createToken: () => this.endpoint.layer.createToken(),
      closeConnection: this.#closeConnection,
      putOut: (connection) => this.#turn.access.putOut(this.#flows.ofConnection(connection)),
      identify: (flow) => {
        const impi = this.#flows.anyOf(flow)?.name.impi;
        return impi === undefined ? undefined : this.#hashIdentity(impi);
      },
    });
  }

  #createW2(challenge: BearerChallenge, routes: OwnRoutes, context: RegistrationContext): W2Requests {
    const config = this.#config;
    const { layer, clock } = this.endpoint;
    const homeDomain = config.EP_CSCF_HOME_DOMAIN;
    return new W2Requests({
      clock,
      limits: limitsOf(config),
      registration: { context, challenge, keepSeconds: Math.ceil(config.EP_CSCF_PING_INTERVAL_MS / 1_000) },
      sessions: { routes, peers: this.#peers, homeDomain, eCscf: config.EP_CSCF_ECSCF[0] },
      emergencies: this.#emergencies,
      core: this.#core,
      proxy: this.#proxy,
      turn: context.turn,
      refusals: this.#refusals,
      createToken: () => layer.createToken(),
    });
  }

  #createWatches(context: ProcessContext, routes: OwnRoutes): RegistrationWatches {
    return createRegistrationWatches(this.#config, context, {
      endpoint: this.endpoint,
      core: this.#core,
      peers: this.#peers,
      routes,
      flows: this.#flows,
      lines: this.#lines,
      metrics: this.#metrics,
      closeConnection: this.#closeConnection,
      address: () => this.mwAddress,
    });
  }

  #createMw(routes: OwnRoutes): MwRequests {
    return new MwRequests({
      trustedNames: this.#config.EP_CSCF_MW_TRUSTED_NAMES,
      sessions: { routes, flows: this.#flows, emergencies: this.#emergencies },
      watches: this.#watches,
      proxy: this.#proxy,
      refusals: this.#refusals,
    });
  }

  /** The route by which WAFs revoke; the function that comes back removes it. */
  #addRevocations({ operations }: ProcessContext, { deregisterFlow }: RegistrationContext): () => void {
    return addRevocationRoute(operations, {
      ...this.#files.authorization,
      flows: this.#flows,
      turn: this.#turn.access,
      deregisterFlow,
      closeConnection: this.#closeConnection,
      log: this.#log,
      lines: this.#lines,
      count: (status) => this.#metrics.countRevocation(status),
    });
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

  #onFlowEnd(flow: RegisteredFlow, end: FlowEnd): void {
    const { name, connection } = flow;
    this.#watches.ended(flow);
    this.#turn.access.flowEnded(flow, end);
    this.#log.info({ event: 'flow.ended', impi: this.#hashIdentity(name.impi), regId: name.regId, end });
    if (end === 'replaced') this.#closeConnection(connection, flowReplaced);
  }

  #onFault(flow: NodeFlow, error: SipError): void {
    this.#refusals.noteFault(flow, error);
    if (isW2(flow)) this.#w2.onFault(flow, error);
  }
}

function isW2({ listener }: NodeFlow): boolean {
  return listener === 'w2';
}

/**
 * A CSCF as a SIP element: listeners for trusted and untrusted peers, the way to the next hop, and answers for
 * requests that are refused or fail.
 *
 * @module
 */
import { X509Certificate } from 'node:crypto';
import { CxError } from '@wicgate/cx';
import { listenAt } from '@wicgate/node-kit';
import {
  createRefusal,
  type ForwardHooks,
  type ProxyTarget,
  prepareForward,
  type Refusal,
  ResponseOutOfTurn,
  refusalOf,
  refuse,
  type ServerTransaction,
  SipError,
  type SipRequest,
  type SipResponse,
  StatefulProxy,
} from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity } from '@wicgate/sip-node';
import { CoreError, RequestRefused, RequestUnfit } from '../errors.ts';
import type { CoreLogger } from '../log-event.ts';
import type { CoreCounts, CscfName } from '../metrics.ts';
import { AddressBudget } from './address-budget.ts';
import { type ArrivedRequest, arrive } from './arrive.ts';
import { hostPort } from './host-port.ts';
import { LineBudget } from './line-budget.ts';
import type { PeerTable } from './peer-table.ts';

export interface Arrived extends ArrivedRequest {
  readonly transaction: ServerTransaction<NodeFlow>;
}

export interface MwElementOptions {
  readonly name: CscfName;
  readonly host: string;
  readonly tlsPort: number;
  readonly tlsSetting: string;
  readonly port: number;
  readonly setting: string;
  readonly tls: TlsIdentity;
  readonly peers: PeerTable;
  readonly log: CoreLogger;
  readonly counts: CoreCounts;
  /** What each address may send that proves nothing. */
  readonly strangers: { readonly perSecond: number; readonly burst: number };
  /** Carries a request out. What it throws answers the request. */
  readonly handle: (arrived: Arrived) => Promise<void>;
}

export class MwElement {
  readonly endpoint: Endpoint;
  readonly #proxy: StatefulProxy<NodeFlow>;
  readonly #options: MwElementOptions;
  readonly #lines: LineBudget;
  readonly #strangers: AddressBudget;
  #tlsPort = 0;
  #port = 0;

  constructor(options: MwElementOptions) {
    this.#options = options;
    this.endpoint = new Endpoint({
      user: {
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: (ack, flow) => void this.#onAck(ack, flow),
        // A 2xx after its transaction ended: the caller asks its peer again, or has given up.
        onStrayResponse: () => {},
        onServerEvent: (transaction) => this.#onServerEvent(transaction),
        onFault: (flow, error) => this.#onFault(flow, error),
        onListenerError: (listener, cause) =>
          options.log.error({ event: 'listener.failed', cscf: options.name, listener, cause, ...notAccepted }),
      },
      sentBy: (transport) => hostPort(options.host, transport === 'TLS' ? this.#tlsPort : this.#port),
    });
    this.#proxy = new StatefulProxy({ layer: this.endpoint.layer, clock: this.endpoint.clock });
    this.#lines = new LineBudget(this.endpoint.clock);
    this.#strangers = new AddressBudget({ clock: this.endpoint.clock, ...options.strangers });
  }

  /** `host:port` of the listener for trusted peers. */
  get address(): string {
    return hostPort(this.#options.host, this.#tlsPort);
  }

  /** TCP and UDP port for untrusted peers. */
  get port(): number {
    return this.#port;
  }

  /** @throws {AddressInUse} */
  async listen(): Promise<void> {
    const { name, host, port, setting, tlsPort, tlsSetting, tls, peers } = this.#options;
    const trusted = await listenAt({ host, port: tlsPort, setting: tlsSetting }, (address) =>
      this.endpoint.listenTls({ name: `${name}-trusted`, ...address, tls }),
    );
    this.#tlsPort = trusted.port;
    const names = { tcp: `${name}-tcp`, udp: `${name}-udp` };
    const untrusted = await listenAt({ host, port, setting }, (address) =>
      this.endpoint.listenTcpAndUdp({ names, ...address }),
    );
    this.#port = untrusted.port;
    const ownName = findName(tls);
    if (ownName !== undefined) peers.add({ host: host.toLowerCase(), port: trusted.port, name: ownName });
  }

  /** The connection to the Mw peer that `uri` leads to. @throws {NoRoute} @throws {TransportFailed} */
  async flowTo(uri: string): Promise<NodeFlow> {
    const { host, port, name } = this.#options.peers.locate(uri);
    return this.endpoint.connectTls({ host, port, serverName: name, tls: this.#options.tls });
  }

  /** Answers; without effect where it has been answered, or the sender is gone. */
  answer(transaction: ServerTransaction<NodeFlow>, response: SipResponse): void {
    try {
      transaction.respond(response);
      this.#count(transaction.request, response);
    } catch (error) {
      if (!(error instanceof ResponseOutOfTurn)) throw error;
    }
  }

  /** Forwards to all targets at once. */
  forwardTo(
    transaction: ServerTransaction<NodeFlow>,
    targets: readonly ProxyTarget<NodeFlow>[],
    hooks: Pick<ForwardHooks<NodeFlow>, 'onResponse'> = {},
  ): void {
    const onFinal = (response: SipResponse): void => this.#count(transaction.request, response);
    this.#proxy.forward(transaction, targets, { ...hooks, onFinal });
  }

  /** Forwards to where the top Route, else the Request-URI, leads. */
  async forward({ transaction, request }: Pick<Arrived, 'transaction' | 'request'>): Promise<void> {
    const { request: sent, nextHop } = prepareForward(request);
    this.forwardTo(transaction, [{ request: sent, flow: await this.flowTo(nextHop) }]);
  }

  #count({ method }: SipRequest, { statusCode }: SipResponse): void {
    this.#options.counts.answered(this.#options.name, method, statusCode);
  }

  #onRequest(transaction: ServerTransaction<NodeFlow>): void {
    if (transaction.request.method === 'CANCEL') {
      this.#proxy.cancel(transaction);
      if (transaction.response !== undefined) this.#count(transaction.request, transaction.response);
      return;
    }
    this.#handle(transaction).catch((error: unknown) => this.#refuse(transaction, error));
  }

  async #handle(transaction: ServerTransaction<NodeFlow>): Promise<void> {
    this.#checkRate(transaction.flow);
    await this.#options.handle({ transaction, ...this.#arrive(transaction.request, transaction.flow) });
  }

  #arrive(received: SipRequest, flow: NodeFlow): ArrivedRequest {
    const ownAddresses = [this.address, hostPort(this.#options.host, this.#port)];
    return arrive(received, { isTrusted: this.#isTrusted(flow), ownAddresses });
  }

  /** Before anybody else is troubled with it. */
  #checkRate(flow: NodeFlow): void {
    if (this.#isTrusted(flow) || this.#strangers.take(flow.peer.address)) return;
    throw new RequestRefused('TOO_MANY_REQUESTS', [['Retry-After', retryAfterSeconds]]);
  }

  /** Whether the sender of the request is known: a REGISTER that a peer sends on may be anybody's. */
  #isProven({ method }: SipRequest, flow: NodeFlow): boolean {
    return method !== 'REGISTER' && this.#isTrusted(flow);
  }

  #isTrusted({ peer }: NodeFlow): boolean {
    return this.#options.peers.isTrusted(peer.certificateNames);
  }

  async #onAck(ack: SipRequest, flow: NodeFlow): Promise<void> {
    // A dialog runs along trusted peers: an ACK of anybody else leads nowhere.
    if (!this.#isTrusted(flow)) return;
    try {
      const { request, nextHop } = prepareForward(this.#arrive(ack, flow).request);
      this.#proxy.forwardAck(request, await this.flowTo(nextHop));
    } catch (error) {
      // An ACK is never answered; the callee repeats its 2xx.
      if (!isKnown(error)) this.#logFailure(ack, error);
    }
  }

  /** The caller's connection is gone: nobody shall ring for it (TS 24.229 5.2.8.1). */
  #onServerEvent(transaction: ServerTransaction<NodeFlow>): void {
    const isAnswered = transaction.response !== undefined && transaction.response.statusCode >= 200;
    if (transaction.request.method === 'INVITE' && !isAnswered) this.#proxy.abandon(transaction);
  }

  #onFault(flow: NodeFlow, error: SipError): void {
    const { log, name, counts } = this.#options;
    const { cause } = error;
    const code = 'code' in error ? String(error.code) : 'unknown';
    counts.malformed(name, code);
    if (cause !== undefined) log.error({ event: 'request.failed', cscf: name, code, cause, ...failed });
    else if (this.#lines.take()) log.warn({ event: 'message.malformed', cscf: name, code, listener: flow.listener });
  }

  #refuse(transaction: ServerTransaction<NodeFlow>, error: unknown): void {
    const { request, flow } = transaction;
    const { log, name, counts } = this.#options;
    counts.refused(name, isKnown(error) ? error.code : 'failed');
    if (!isKnown(error)) this.#logFailure(request, error);
    else if (this.#isProven(request, flow) || this.#lines.take()) {
      const { code, statusCode, message: reason } = error;
      const callId = request.headers.first('Call-ID');
      log.info({ event: 'request.refused', cscf: name, method: request.method, callId, code, statusCode, reason });
    }
    this.answer(transaction, refuse(request, refusalFor(error), this.endpoint.layer.createToken()));
  }

  #logFailure({ method, headers }: SipRequest, cause: unknown): void {
    const { log, name } = this.#options;
    log.error({ event: 'request.failed', cscf: name, method, callId: headers.first('Call-ID'), cause, ...failed });
  }
}

const retryAfterSeconds = '5';
const failed = { effect: 'the request was answered 500', action: 'report this line to the developers' };
const notAccepted = { effect: 'a connection could not be accepted', action: 'look at the limits of the process' };

type KnownError = (SipError & { readonly code: string }) | CoreError | CxError;

function isKnown(error: unknown): error is KnownError {
  return error instanceof SipError || error instanceof CoreError || error instanceof CxError;
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof SipError) return refusalOf(error);
  if (error instanceof RequestRefused || error instanceof RequestUnfit) return error;
  return createRefusal(isKnown(error) ? error.statusCode : 500);
}

/** The DNS name in our own certificate, under which the other CSCFs of this process know us. */
function findName({ cert }: TlsIdentity): string | undefined {
  const { subjectAltName } = new X509Certificate(cert);
  return /(?:^|, )DNS:([A-Za-z0-9.-]+)/u.exec(subjectAltName ?? '')?.[1]?.toLowerCase();
}

/**
 * A CSCF as a SIP element: listeners for trusted and untrusted peers, the way to the next hop, and answers for
 * requests that are refused or fail.
 *
 * @module
 */
import { CxError } from '@wicgate/cx';
import { listenAt } from '@wicgate/node-kit';
import {
  createResponse,
  decrementMaxForwards,
  parseNameAddr,
  parseUri,
  type ServerTransaction,
  SipError,
  type SipRequest,
  StatefulProxy,
} from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity } from '@wicgate/sip-node';
import { CoreError, RequestRefused } from '../errors.ts';
import type { CoreLogger } from '../log-event.ts';
import { withoutAssertions } from './believed.ts';
import type { PeerTable } from './peer-table.ts';

/** A request as the procedures of a CSCF see it. */
export interface Arrived {
  readonly transaction: ServerTransaction<NodeFlow>;
  /** Without our own Route entries, without untrusted assertions, and with one hop less to go. */
  readonly request: SipRequest;
  /** The sender proved to be one of the Mw peers. */
  readonly isTrusted: boolean;
  /** The user part of the first Route entry that was ours; undefined where there was none. */
  readonly ownRoute: string | undefined;
}

export interface MwElementOptions {
  readonly name: 'i-cscf' | 's-cscf';
  readonly host: string;
  readonly tlsPort: number;
  readonly tlsSetting: string;
  readonly port: number;
  readonly setting: string;
  readonly tls: TlsIdentity;
  readonly peers: PeerTable;
  readonly log: CoreLogger;
  /** Carries a request out. What it throws answers the request. */
  readonly handle: (arrived: Arrived) => Promise<void>;
}

export class MwElement {
  readonly endpoint: Endpoint;
  readonly proxy: StatefulProxy<NodeFlow>;
  readonly #options: MwElementOptions;
  #tlsPort = 0;

  constructor(options: MwElementOptions) {
    this.#options = options;
    this.endpoint = new Endpoint({
      user: {
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: (ack, flow) => void this.#onAck(ack, flow),
        // A 2xx after its transaction ended: the caller asks its peer again, or has given up.
        onStrayResponse: () => {},
        onFault: (flow, { code }) => options.log.warn({ event: 'message.malformed', code, listener: flow.listener }),
      },
      sentBy: (transport) => `${options.host}:${transport === 'TLS' ? this.#tlsPort : options.port}`,
    });
    this.proxy = new StatefulProxy({ layer: this.endpoint.layer, clock: this.endpoint.clock });
  }

  /** `host:port` of the listener for trusted peers. */
  get address(): string {
    return `${this.#options.host}:${this.#tlsPort}`;
  }

  async listen(): Promise<void> {
    const { name, host, port, setting, tlsPort, tlsSetting, tls } = this.#options;
    const bound = await listenAt({ host, port: tlsPort, setting: tlsSetting }, (address) =>
      this.endpoint.listenTls({ name: `${name}-trusted`, ...address, tls }),
    );
    this.#tlsPort = bound.port;
    await listenAt({ host, port, setting }, (address) => this.endpoint.listenTcp({ name: `${name}-tcp`, ...address }));
    await listenAt({ host, port, setting }, (address) => this.endpoint.listenUdp({ name: `${name}-udp`, ...address }));
  }

  /** The connection to the Mw peer that `uri` leads to. */
  async flowTo(uri: string): Promise<NodeFlow> {
    const { host, port, name } = this.#options.peers.locate(uri);
    return this.endpoint.connectTls({ host, port, serverName: name, tls: this.#options.tls });
  }

  /** Forwards to where the top Route, else the Request-URI, leads. */
  async forward({ transaction, request }: Pick<Arrived, 'transaction' | 'request'>): Promise<void> {
    this.proxy.forward(transaction, [{ request, flow: await this.flowTo(nextHop(request)) }]);
  }

  #onRequest(transaction: ServerTransaction<NodeFlow>): void {
    if (transaction.request.method === 'CANCEL') {
      this.proxy.cancel(transaction);
      return;
    }
    this.#handle(transaction).catch((error: unknown) => this.#refuse(transaction, error));
  }

  async #handle(transaction: ServerTransaction<NodeFlow>): Promise<void> {
    await this.#options.handle({ transaction, ...this.#arrive(transaction.request, transaction.flow) });
  }

  #arrive(received: SipRequest, flow: NodeFlow): Omit<Arrived, 'transaction'> {
    const isTrusted = this.#options.peers.isTrusted(flow.peer.certificateNames);
    let request = decrementMaxForwards(isTrusted ? received : withoutAssertions(received));
    let ownRoute: string | undefined;
    for (let user = this.#ownUser(request); user !== undefined; user = this.#ownUser(request)) {
      ownRoute ??= user;
      request = { ...request, headers: request.headers.withoutFirst('Route') };
    }
    return { request, isTrusted, ownRoute };
  }

  /** The user part of the top Route where that is ours, '' where it has none; undefined where it is somebody else's. */
  #ownUser({ headers }: SipRequest): string | undefined {
    const route = headers.first('Route');
    if (route === undefined) return undefined;
    const uri = parseUri(parseNameAddr(route, 'Route').uri, 'Route');
    if (uri.scheme === 'tel' || `${uri.host}:${uri.port ?? ''}` !== this.address) return undefined;
    return uri.user ?? '';
  }

  async #onAck(ack: SipRequest, flow: NodeFlow): Promise<void> {
    try {
      const { request } = this.#arrive(ack, flow);
      this.proxy.forwardAck(request, await this.flowTo(nextHop(request)));
    } catch (error) {
      // An ACK is never answered; the callee repeats its 2xx.
      if (!(error instanceof SipError || error instanceof CoreError)) throw error;
    }
  }

  #refuse(transaction: ServerTransaction<NodeFlow>, error: unknown): void {
    const { log, name } = this.#options;
    const { method, headers: received } = transaction.request;
    const callId = received.first('Call-ID');
    const isKnown = error instanceof SipError || error instanceof CoreError || error instanceof CxError;
    if (isKnown)
      log.info({ event: 'request.refused', cscf: name, method, callId, code: error.code, reason: error.message });
    else log.error({ event: 'request.failed', cscf: name, method, callId, cause: error, ...failed });
    transaction.respond(
      createResponse(transaction.request, isKnown ? error.statusCode : 500, {
        toTag: this.endpoint.layer.createToken(),
        headers: error instanceof RequestRefused ? error.headers : [],
        ...(error instanceof RequestRefused && { reasonPhrase: error.message }),
      }),
    );
  }
}

const failed = { effect: 'the request was answered 500', action: 'report this line to the developers' };

function nextHop({ headers, requestUri }: SipRequest): string {
  const route = headers.first('Route');
  return route === undefined ? requestUri : parseNameAddr(route, 'Route').uri;
}

/**
 * What comes in: checks a message, judges whether there is room for it, and hands it to the transaction layer or answers
 * it (RFC 3261 8.2, 16.3 and 18.2.1).
 *
 * @module
 */
import {
  checkMessage,
  defaultPorts,
  formatMessage,
  isRequest,
  parseVia,
  SipError,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  type TransactionLayer,
} from '@wicgate/sip';
import { Overloaded } from './errors.ts';
import { asFault } from './guard-user.ts';
import type { NodeFlow } from './node-flow.ts';
import { withReceived } from './received.ts';
import { type RefusalOptions, refuseBroken, refuseSound } from './refuse-broken.ts';

export interface InboundOptions {
  readonly layer: TransactionLayer<NodeFlow>;
  readonly maxTransactions: number;
  readonly maxTransactionsPerConnection: number;
  readonly onFault: (flow: NodeFlow, error: SipError) => void;
  /** A peer, proved by its certificate, takes requests for this port of its address on the connection (RFC 5923 5). */
  readonly onAlias: (flow: NodeFlow, port: number) => void;
}

/** How full the layer may be for connections whose other end no certificate names. */
const strangersShare = 0.5;
/** How full the layer may be for datagrams to come in: their senders prove nothing, and each request stays for 32 s. */
const datagramShare = 0.2;

export class Inbound {
  readonly #options: InboundOptions;

  constructor(options: InboundOptions) {
    this.#options = options;
  }

  receive(message: SipMessage, flow: NodeFlow): void {
    const { layer, onFault } = this.#options;
    if (!this.#isFit(message, flow)) return;
    try {
      if (!isRequest(message)) layer.receive(message, flow);
      else {
        this.#noteAlias(message, flow);
        layer.receive(withReceived(message, flow.peer), flow);
      }
    } catch (cause) {
      // Whoever was told of a response failed.
      onFault(flow, asFault(cause));
    }
  }

  /** `octets` begin with what could not be read; a request among it is answered. */
  receiveBroken(flow: NodeFlow, error: SipError, octets: Uint8Array | undefined): void {
    this.#options.onFault(flow, error);
    if (octets !== undefined) this.#answer(flow, refuseBroken(octets, this.#refusal(flow, error)));
  }

  #isFit(message: SipMessage, flow: NodeFlow): boolean {
    try {
      checkMessage(message);
      if (isRequest(message)) this.#checkLoad(message, flow);
      return true;
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#options.onFault(flow, error);
      if (isRequest(message)) this.#refuse(message, flow, error);
      return false;
    }
  }

  /**
   * An ACK makes nothing that lasts. What belongs to a transaction of ours, such as the CANCEL of an INVITE, lets it end.
   * What peers without a certificate fill leaves half of the room to those with one.
   */
  #checkLoad(request: SipRequest, flow: NodeFlow): void {
    const { layer, maxTransactions, maxTransactionsPerConnection } = this.#options;
    if (request.method === 'ACK') return;
    const isProven = flow.peer.certificateNames.length > 0;
    const limit = maxTransactions * (flow.reliable ? (isProven ? 1 : strangersShare) : datagramShare);
    const isCrowded = layer.size >= limit;
    const isFull = flow.reliable && !isProven && layer.serverTransactionsOn(flow) >= maxTransactionsPerConnection;
    if ((!isCrowded && !isFull) || layer.isExpected(request, flow)) return;
    throw new Overloaded(isCrowded ? limit : maxTransactionsPerConnection);
  }

  #refuse(request: SipRequest, flow: NodeFlow, error: SipError): void {
    const refusal = this.#refusal(flow, error);
    if (!(error instanceof Overloaded)) this.#answer(flow, refuseBroken(formatMessage(request), refusal));
    // A datagram may repeat a request that is being carried out: its sender asks again.
    else if (flow.reliable) this.#answer(flow, refuseSound(request, refusal));
  }

  #refusal({ peer }: NodeFlow, error: SipError): RefusalOptions {
    return { error, peer, toTag: this.#options.layer.createToken() };
  }

  #answer(flow: NodeFlow, response: SipResponse | undefined): void {
    // Who has gone needs no answer.
    if (response !== undefined) flow.send(response).catch(() => {});
  }

  #noteAlias({ headers }: SipRequest, flow: NodeFlow): void {
    if (flow.transport !== 'TLS' || flow.listener === undefined || flow.peer.certificateNames.length === 0) return;
    const via = headers.first('Via') ?? '';
    if (!via.toLowerCase().includes('alias')) return;
    const { params, port = defaultPorts.TLS } = parseVia(via);
    if (params.has('alias')) this.#options.onAlias(flow, port);
  }
}

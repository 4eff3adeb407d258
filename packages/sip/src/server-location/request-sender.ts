/**
 * Sends a request to wherever its URI leads, and on to the next server where one fails (RFC 3261 8.1.2, RFC 3263 4.3).
 *
 * Each attempt is a transaction of its own, with a branch of its own. A server has failed when it cannot be reached, says
 * nothing at all until its transaction ends, or answers 503; one that has begun to answer is not left for another.
 *
 * @module
 */
import { ServerNotFound, SipError, TransportFailed } from '../errors.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { formatMessage } from '../messages/format-message.ts';
import type { SipRequest } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import { T1 } from '../transactions/timers.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { ClientTransaction, TransactionLayer } from '../transactions/transaction-layer.ts';
import { parseUri, type SipUri } from '../uris/uri.ts';
import type { ServerTarget } from './server-target.ts';

export interface RequestSenderOptions<F extends Flow> {
  readonly layer: TransactionLayer<F>;
  readonly clock: Clock;
  /** Targets in the order in which they are to be tried, such as {@link locateServers} finds them. */
  readonly locate: (uri: SipUri) => AsyncIterable<ServerTarget>;
  /** @throws {TransportFailed} rejects: the target cannot be reached. */
  readonly connect: (target: ServerTarget) => Promise<F>;
  /** Parameters for the Via of what goes out on `flow`, such as `rport` and `alias`. */
  readonly viaParams?: (flow: F) => readonly (readonly [string, string])[];
  /** How many servers are tried at most; 5 unless given. */
  readonly maxAttempts?: number | undefined;
  /** No attempt begins later than that, in milliseconds; 3 * 64*T1 unless given. */
  readonly deadlineMs?: number | undefined;
}

export interface SendOptions {
  /** Where to send it instead of to its top Route, else its Request-URI: what strict routing asks for (RFC 3261 8.1.2). */
  readonly nextHop?: string | undefined;
}

/** `transaction` is the one that the event belongs to: an ACK for a 2xx goes out on its flow. Must not throw. */
export type Inform<F extends Flow> = (event: ClientEvent, transaction: ClientTransaction<F> | undefined) => void;

/** A request on its way. */
export interface SentRequest<F extends Flow = Flow> {
  /** The last attempt; undefined until the first server is reached. */
  readonly transaction: ClientTransaction<F> | undefined;
  /**
   * Cancels an INVITE: at once where it has got a provisional response, else as soon as one comes (RFC 3261 9.1). No
   * further server is tried. Any other request only stops being tried.
   */
  cancel(reason?: string): void;
}

/** Octets beyond which a request goes over a transport that heeds congestion (RFC 3261 18.1.1). */
const maxDatagramOctets = 1_300;
/** What the Via of the transaction adds at most. */
const viaOctets = 160;

export class RequestSender<F extends Flow> {
  readonly #options: RequestSenderOptions<F>;

  constructor(options: RequestSenderOptions<F>) {
    this.#options = options;
  }

  /**
   * Tells `inform` of the responses of the server that answers, or of how the last one failed. One event is final; only
   * an INVITE may bring further 2xx after it.
   *
   * @throws {HeaderMalformed} neither Route nor Request-URI is a URI. @throws {TypeError} an ACK, or a `tel:` URI.
   */
  send(request: SipRequest, inform: Inform<F>, { nextHop }: SendOptions = {}): SentRequest<F> {
    if (request.method === 'ACK') throw new TypeError('expected a method other than ACK');
    const uri = parseUri(nextHop ?? nextHopOf(request));
    if (uri.scheme === 'tel') throw new TypeError('expected a route for a tel: URI');
    const attempts = new Attempts(this.#options, request, inform);
    void attempts.run(uri);
    return attempts;
  }
}

/** RFC 3261 8.1.2: the topmost Route, else the Request-URI. */
function nextHopOf({ headers, requestUri }: SipRequest): string {
  const route = headers.first('Route');
  return route === undefined ? requestUri : parseNameAddr(route, 'Route').uri;
}

/** How an attempt ended: `failed` lets the next server try. */
type Outcome =
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly event: ClientEvent; readonly isReached: boolean };

class Attempts<F extends Flow> implements SentRequest<F> {
  transaction: ClientTransaction<F> | undefined;
  readonly #options: RequestSenderOptions<F>;
  readonly #request: SipRequest;
  readonly #inform: Inform<F>;
  /** Whether a transaction runs; between two of them a server is looked for, or connected to. */
  #isUnderWay = false;
  /** Whether the present attempt has got a provisional response. */
  #isProceeding = false;
  #isStopped = false;
  #isOver = false;
  #cancelReason: string | undefined;
  #isCancelled = false;

  constructor(options: RequestSenderOptions<F>, request: SipRequest, inform: Inform<F>) {
    this.#options = options;
    this.#request = request;
    this.#inform = inform;
  }

  async run(uri: SipUri): Promise<void> {
    const { clock, deadlineMs = 3 * 64 * T1 } = this.#options;
    const stopDeadline = clock.after(deadlineMs, () => {
      this.#isStopped = true;
      // Else the transaction says when it ends.
      if (!this.#isUnderWay) this.#end({ type: 'timeout' });
    });
    let last: ClientEvent | undefined;
    try {
      last = await this.#tryEach(uri);
    } catch (error) {
      last = { type: 'transport error', error: asTransportError(error) };
    }
    stopDeadline();
    if (last !== undefined) this.#end(last);
  }

  cancel(reason?: string): void {
    if (this.#isOver || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#isStopped = true;
    this.#cancelReason = reason;
    if (!this.#isUnderWay) this.#end({ type: 'transport error', error: new TransportFailed('cancelled') });
    else if (this.#isProceeding && this.transaction !== undefined) this.#sendCancel(this.transaction);
  }

  /** How the last attempt failed; undefined where one did not. */
  async #tryEach(uri: SipUri): Promise<ClientEvent | undefined> {
    const { locate, maxAttempts = 5 } = this.#options;
    let last: ClientEvent | undefined;
    let attempts = 0;
    for await (const target of locate(uri)) {
      for (const candidate of this.#candidatesOf(target)) {
        if (this.#isStopped || attempts >= maxAttempts) return last;
        attempts += 1;
        const outcome = await this.#try(candidate);
        if (outcome.type === 'done') return undefined;
        last = outcome.event;
        // What UDP is left for is a server that does not take TCP, not one that has failed (RFC 3261 18.1.1).
        if (outcome.isReached) break;
      }
      if (this.#isStopped || attempts >= maxAttempts) return last;
    }
    return last ?? { type: 'transport error', error: new ServerNotFound() };
  }

  #candidatesOf(target: ServerTarget): readonly ServerTarget[] {
    if (target.transport !== 'UDP') return [target];
    const isLarge = formatMessage(this.#request).length + viaOctets > maxDatagramOctets;
    return isLarge ? [{ ...target, transport: 'TCP' }, target] : [target];
  }

  async #try(target: ServerTarget): Promise<Outcome> {
    let flow: F;
    try {
      flow = await this.#options.connect(target);
    } catch (error) {
      return { type: 'failed', event: { type: 'transport error', error: asTransportError(error) }, isReached: false };
    }
    // Cancelled meanwhile, or too late.
    if (this.#isStopped) return { type: 'failed', event: { type: 'timeout' }, isReached: true };
    return new Promise((resolve) => this.#start(flow, resolve));
  }

  #start(flow: F, resolve: (outcome: Outcome) => void): void {
    const { layer, viaParams } = this.#options;
    this.#isProceeding = false;
    this.#isUnderWay = true;
    let isLeft = false;
    const transaction: ClientTransaction<F> = layer.request(
      this.#request,
      flow,
      (event) => {
        // What still comes of an attempt that was given up belongs to nobody.
        if (isLeft) return;
        if (this.#isFailure(event)) {
          isLeft = true;
          this.#isUnderWay = false;
          resolve({ type: 'failed', event, isReached: event.type !== 'transport error' });
          return;
        }
        if (isFinal(event)) resolve({ type: 'done' });
        this.#pass(event, transaction);
      },
      viaParams?.(flow),
    );
    this.transaction = transaction;
  }

  /** RFC 3263 4.3: 503, silence or a broken transport, of a server that has not begun to answer. */
  #isFailure(event: ClientEvent): boolean {
    if (event.type === 'response') return event.response.statusCode === 503;
    return !this.#isProceeding;
  }

  #pass(event: ClientEvent, transaction: ClientTransaction<F>): void {
    if (event.type === 'response' && event.response.statusCode < 200 && !this.#isProceeding) {
      this.#isProceeding = true;
      if (this.#isCancelled) this.#sendCancel(transaction);
    }
    if (isFinal(event)) this.#isOver = true;
    this.#inform(event, transaction);
  }

  #sendCancel(transaction: ClientTransaction<F>): void {
    // What comes of the CANCEL itself says nothing: the INVITE gets a 487, or whatever else came first.
    if (this.#request.method === 'INVITE') this.#options.layer.cancel(transaction, () => {}, this.#cancelReason);
  }

  #end(event: ClientEvent): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#inform(event, this.transaction);
  }
}

function isFinal(event: ClientEvent): boolean {
  return event.type !== 'response' || event.response.statusCode >= 200;
}

/** DNS and connectors are not of this package: whatever they fail with, the request could not be sent. */
function asTransportError(error: unknown): SipError {
  return error instanceof SipError ? error : new TransportFailed('the server could not be reached', { cause: error });
}

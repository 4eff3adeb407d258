/**
 * The transaction layer: finds the transaction a message belongs to, and makes new ones (RFC 3261 17.1.3, 17.2.3).
 *
 * @module
 */
import type { TransportFailed } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, type SipMessage, type SipRequest, type SipResponse } from '../messages/message.ts';
import { ClientEntry, type ClientEntryOptions, type ClientTransaction } from './client-entry.ts';
import type { Clock } from './clock.ts';
import { createCancel } from './create-cancel.ts';
import type { Flow } from './flow.ts';
import { methods } from './methods.ts';
import { OwnVias } from './own-vias.ts';
import { ServerEntry, type ServerEntryOptions, type ServerTransaction } from './server-entry.ts';
import type { ClientEvent, ServerEvent } from './transaction-host.ts';
import { clientKey, isAckOfResponse, magicCookie, sentByOf, serverKey, topVia } from './transaction-keys.ts';
import { TransactionTable } from './transaction-table.ts';

export type { ClientTransaction } from './client-entry.ts';
export type { ServerTransaction } from './server-entry.ts';

export interface TransactionUser<F extends Flow = Flow> {
  /**
   * A new request other than ACK. CANCEL comes here too; {@link TransactionLayer.findInvite} finds what it cancels, and
   * `answerCancel` answers both.
   */
  onRequest(transaction: ServerTransaction<F>): void;
  /** An ACK for a 2xx, which belongs to no transaction (RFC 3261 17). */
  onAck(ack: SipRequest, flow: F): void;
  /** A response that belongs to no transaction here. A proxy drops it (RFC 6026 7.2, 8.9). */
  onStrayResponse(response: SipResponse, flow: F): void;
  /** A response could not be delivered, or its ACK never came. */
  onServerEvent?(transaction: ServerTransaction<F>, event: ServerEvent): void;
}

export interface TransactionLayerOptions<F extends Flow = Flow> {
  readonly clock: Clock;
  /** A token of at least 64 random bits, for branches. */
  readonly createToken: () => string;
  readonly user: TransactionUser<F>;
  /** How many server transactions may live at a time; further requests get a 503. 100,000 unless given. */
  readonly maxServerTransactions?: number;
  /**
   * What the `inform` of a request threw, and on which flow: then it harms neither its transaction nor a timer. Without
   * it the error goes to whoever brought the event, be that the clock.
   */
  readonly onInformFault?: (cause: unknown, flow: F) => void;
}

/** Where a CANCEL came from: only from there can it cancel. */
interface CancelOrigin<F extends Flow> {
  readonly flow: F;
  readonly keyOf: (method: string) => string;
}

/** What a CANCEL finds without any effect (RFC 3261 9.2). */
const steadfastMethods = methods.filter((method) => method !== 'INVITE' && method !== 'ACK' && method !== 'CANCEL');

export class TransactionLayer<F extends Flow = Flow> {
  readonly #createToken: () => string;
  readonly #user: TransactionUser<F>;
  readonly #maxServerTransactions: number;
  readonly #ackBranches = new WeakMap<SipRequest, string>();
  readonly #vias = new OwnVias<F>();
  readonly #clients = new TransactionTable<F, ClientEntry<F>>();
  readonly #servers = new TransactionTable<F, ServerEntry<F>>();
  readonly #clientOptions: ClientEntryOptions<F>;
  readonly #serverOptions: ServerEntryOptions<F>;
  readonly #cancels = new WeakMap<SipRequest, CancelOrigin<F>>();

  constructor({
    clock,
    createToken,
    user,
    maxServerTransactions = 100_000,
    onInformFault,
  }: TransactionLayerOptions<F>) {
    this.#createToken = createToken;
    this.#user = user;
    this.#maxServerTransactions = maxServerTransactions;
    const sendCancel = (entry: ClientEntry<F>): void => this.#sendCancel(entry);
    this.#clientOptions = { clock, clients: this.#clients, sendCancel, onInformFault };
    const inform = (transaction: ServerTransaction<F>, event: ServerEvent): void =>
      user.onServerEvent?.(transaction, event);
    this.#serverOptions = { clock, servers: this.#servers, inform };
  }

  /** How many transactions live. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  /** How many requests of a connection are answered or wait for their answer; of all datagrams together. */
  serverTransactionsOn(flow: F): number {
    return this.#servers.countOn(flow);
  }

  /**
   * Whether `request` belongs to a transaction that lives here: a repetition, an ACK, or the CANCEL of one. Such a
   * request is worth being taken where there is no room for new ones. It has passed {@link checkMessage}.
   */
  isExpected(request: SipRequest, flow: F): boolean {
    const via = topVia(request);
    const isKnown = (method?: string): boolean =>
      this.#servers.get(flow, serverKey(request, via, method)) !== undefined;
    return isKnown() || (request.method === 'CANCEL' && isKnown('INVITE'));
  }

  /** A fresh random token, for tags. */
  createToken(): string {
    return this.#createToken();
  }

  /** Takes a message that {@link checkMessage} let through. */
  receive(message: SipMessage, flow: F): void {
    if (isRequest(message)) this.#receiveRequest(message, flow);
    else this.#receiveResponse(message, flow);
  }

  /**
   * Sends `request` with a Via of its own on top and tells `inform` what comes of it. `viaParams` go into that Via;
   * `branchEnd`, a token, ends its branch (RFC 3261 16.6 step 8). A CANCEL is sent by {@link cancel}, an ACK for a 2xx
   * by {@link sendAck}.
   *
   * @throws {TypeError} an ACK: it would wait for a response that never comes; or a flow without sent-by.
   */
  request(
    request: SipRequest,
    flow: F,
    inform: (event: ClientEvent) => void,
    viaParams: readonly (readonly [string, string])[] = [],
    branchEnd = '',
  ): ClientTransaction<F> {
    if (request.method === 'ACK') throw new TypeError('expected a method other than ACK');
    const branch = `${magicCookie}${this.#createToken()}${branchEnd}`;
    const headers = request.headers.prepend('Via', this.#vias.format(flow, branch, viaParams));
    const sent = { method: request.method, requestUri: request.requestUri, headers, body: request.body };
    const entry = new ClientEntry(this.#clientOptions, { request: sent, flow, branch }, inform);
    entry.start();
    return entry;
  }

  /**
   * Cancels an INVITE sent by {@link request} (RFC 3261 9.1): at once, or as soon as a provisional response is here;
   * once, and not at all where a final response was faster. `inform` hears of the answer to the CANCEL. When no final
   * response to the INVITE comes in 64*T1 from then, its user is told of a timeout.
   *
   * @throws {TypeError} another method than INVITE, or no transaction of this layer.
   */
  cancel(invite: ClientTransaction<F>, inform: (event: ClientEvent) => void = ignore, reason?: string): void {
    if (!(invite instanceof ClientEntry)) throw new TypeError('expected a transaction that request() made');
    invite.cancelReason ??= reason;
    invite.cancelInform ??= inform;
    invite.cancel();
  }

  /**
   * Sends an ACK for a 2xx: it has a Via of its own and no transaction (RFC 3261 13.2.2.4, 16.11). The same object goes
   * out with the same branch each time: a copy for a copy of the 2xx.
   */
  sendAck(ack: SipRequest, flow: F): void {
    const branch = this.#ackBranches.get(ack) ?? `${magicCookie}${this.#createToken()}`;
    this.#ackBranches.set(ack, branch);
    const headers = ack.headers.prepend('Via', this.#vias.format(flow, branch));
    // Nobody waits for an answer: a lost ACK is asked for again by the next 2xx.
    flow.send({ ...ack, headers }).catch(ignore);
  }

  /**
   * The INVITE transaction that a CANCEL is meant for (RFC 3261 9.2). `cancel` is the request of a transaction that
   * {@link TransactionUser.onRequest} brought, that very object; the INVITE came on the same connection.
   */
  findInvite(cancel: SipRequest): ServerTransaction<F> | undefined {
    return this.#findServer(cancel, 'INVITE');
  }

  /** As {@link findInvite}, of any method: a CANCEL for another one is answered 200 and does nothing (RFC 3261 9.2). */
  findCancelled(cancel: SipRequest): ServerTransaction<F> | undefined {
    const invite = this.#findServer(cancel, 'INVITE');
    if (invite !== undefined) return invite;
    for (const method of steadfastMethods) {
      const found = this.#findServer(cancel, method);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * Fails what runs on a connection that is gone, and tells the users. An INVITE server transaction whose user has not
   * answered yet goes on (RFC 6026 7.1); one that waits for its ACK ends.
   */
  flowClosed(flow: F, error: TransportFailed): void {
    if (!flow.reliable) return;
    for (const client of this.#clients.on(flow)) client.fail(error);
    for (const server of this.#servers.on(flow)) server.close(error);
  }

  #findServer(cancel: SipRequest, method: string): ServerTransaction<F> | undefined {
    const origin = this.#cancels.get(cancel);
    return origin === undefined ? undefined : this.#servers.get(origin.flow, origin.keyOf(method));
  }

  #sendCancel({ request, flow, branch, cancelReason, cancelInform }: ClientEntry<F>): void {
    const cancel = createCancel(request, cancelReason);
    new ClientEntry(this.#clientOptions, { request: cancel, flow, branch }, cancelInform ?? ignore).start();
  }

  /** RFC 3261 17.1.3 and 18.1.2: a Via that is not quite ours leads nowhere. */
  #receiveResponse(response: SipResponse, flow: F): void {
    const via = topVia(response);
    const { method } = parseCSeq(response.headers.first('CSeq') ?? '');
    const client = this.#clients.get(flow, clientKey(via.params.get('branch') ?? '', method));
    if (client === undefined || sentByOf(via) !== client.flow.sentBy.toLowerCase()) {
      this.#user.onStrayResponse(response, flow);
    } else client.receive(response);
  }

  #receiveRequest(request: SipRequest, flow: F): void {
    const via = topVia(request);
    const key = serverKey(request, via);
    const entry = this.#servers.get(flow, key);
    const isAck = request.method === 'ACK';
    const isOwn =
      entry !== undefined && (!isAck || (!entry.isAccepted && isAckOfResponse(request, via, entry.response)));
    if (isOwn) entry.receive(request);
    else if (isAck) this.#user.onAck(request, flow);
    else if (this.#servers.size >= this.#maxServerTransactions) this.#refuse(request, flow);
    else {
      if (request.method === 'CANCEL') {
        this.#cancels.set(request, { flow, keyOf: (method) => serverKey(request, via, method) });
      }
      this.#user.onRequest(new ServerEntry(this.#serverOptions, request, flow, key));
    }
  }

  /** Without a transaction: there are too many already (RFC 3261 21.5.4). */
  #refuse(request: SipRequest, flow: F): void {
    const headers = [['Retry-After', '5']] as const;
    flow.send(createResponse(request, 503, { toTag: this.#createToken(), headers })).catch(ignore);
  }
}

function ignore(): void {
  // Nobody has asked to hear of it.
}

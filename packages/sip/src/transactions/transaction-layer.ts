/**
 * The transaction layer: finds the transaction a message belongs to, and makes new ones (RFC 3261 17.1.3, 17.2.3).
 *
 * @module
 */
import type { TransportFailed } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import { formatVia, parseVia, type Via } from '../headers/via.ts';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, type SipMessage, type SipRequest, type SipResponse } from '../messages/message.ts';
import type { Clock } from './clock.ts';
import type { Flow } from './flow.ts';
import { InviteClientTransaction } from './invite-client.ts';
import { InviteServerTransaction } from './invite-server.ts';
import { NonInviteClientTransaction } from './non-invite-client.ts';
import { NonInviteServerTransaction } from './non-invite-server.ts';
import type { ClientEvent, ServerEvent } from './transaction-host.ts';
import { TransactionTable } from './transaction-table.ts';

/** The user's side of a server transaction. */
export interface ServerTransaction<F extends Flow = Flow> {
  readonly request: SipRequest;
  readonly flow: F;
  /** The last response that was sent. */
  readonly response: SipResponse | undefined;
  /**
   * Sends `response`, or drops it where the flow has gone meanwhile.
   *
   * @throws {ResponseOutOfTurn} a final response has gone out before.
   */
  respond(response: SipResponse): void;
}

/** The user's side of a client transaction. */
export interface ClientTransaction<F extends Flow = Flow> {
  /** With the Via of this transaction on top. */
  readonly request: SipRequest;
  readonly flow: F;
}

export interface TransactionUser<F extends Flow = Flow> {
  /** A new request other than ACK. CANCEL comes here too; {@link TransactionLayer.findInvite} finds what it cancels. */
  onRequest(transaction: ServerTransaction<F>): void;
  /** An ACK for a 2xx, which belongs to no transaction (RFC 3261 17). */
  onAck(ack: SipRequest, flow: F): void;
  /** A response that belongs to no transaction here. */
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
}

type Server = InviteServerTransaction | NonInviteServerTransaction;
interface ClientEntry<F extends Flow> {
  readonly machine: InviteClientTransaction | NonInviteClientTransaction;
  readonly transaction: ClientTransaction<F>;
}
interface ServerEntry<F extends Flow> {
  readonly machine: Server;
  readonly transaction: ServerTransaction<F>;
}

const magicCookie = 'z9hG4bK';

export class TransactionLayer<F extends Flow = Flow> {
  readonly #clock: Clock;
  readonly #createToken: () => string;
  readonly #user: TransactionUser<F>;
  readonly #maxServerTransactions: number;
  readonly #clients = new TransactionTable<F, ClientEntry<F>>();
  readonly #servers = new TransactionTable<F, ServerEntry<F>>();
  /** Where a CANCEL came from: only from there can it cancel. */
  readonly #cancelFlows = new WeakMap<SipRequest, F>();

  constructor({ clock, createToken, user, maxServerTransactions = 100_000 }: TransactionLayerOptions<F>) {
    this.#clock = clock;
    this.#createToken = createToken;
    this.#user = user;
    this.#maxServerTransactions = maxServerTransactions;
  }

  /** How many transactions live. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  /** How many requests of a connection are answered or wait for their answer; of all datagrams together. */
  serverTransactionsOn(flow: F): number {
    return this.#servers.countOn(flow);
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
   * Sends `request` with a Via of its own on top and tells `inform` what comes of it. `viaParams` go into that Via.
   * A CANCEL is sent by {@link cancel}, an ACK for a 2xx by {@link sendAck}.
   *
   * @throws {TypeError} an ACK: it would wait for a response that never comes.
   */
  request(
    request: SipRequest,
    flow: F,
    inform: (event: ClientEvent) => void,
    viaParams: readonly (readonly [string, string])[] = [],
  ): ClientTransaction<F> {
    if (request.method === 'ACK') throw new TypeError('expected a method other than ACK');
    const branch = `${magicCookie}${this.#createToken()}`;
    const params = new Map([...viaParams, ['branch', branch] as const]);
    const sent = { ...request, headers: request.headers.prepend('Via', formatVia({ ...viaOf(flow), params })) };
    return this.#startClient(sent, branch, flow, inform);
  }

  /**
   * Sends a CANCEL for an INVITE sent by {@link request} (RFC 3261 9.1). The caller has seen a provisional response.
   * A second one while the first is under way gives back the first.
   */
  cancel(invite: ClientTransaction<F>, inform: (event: ClientEvent) => void, reason?: string): ClientTransaction<F> {
    const { headers } = invite.request;
    const via = headers.first('Via') ?? '';
    const number = parseCSeq(headers.first('CSeq') ?? '').number;
    const kept = new Set(['route', 'from', 'to', 'call-id']);
    let cancelHeaders = headers.without(...[...headers].map(({ key }) => key).filter((key) => !kept.has(key)));
    cancelHeaders = cancelHeaders.with('CSeq', `${number} CANCEL`).with('Max-Forwards', '70');
    if (reason !== undefined) cancelHeaders = cancelHeaders.with('Reason', reason);
    const request = {
      ...invite.request,
      method: 'CANCEL',
      headers: cancelHeaders.prepend('Via', via),
      body: new Uint8Array(0),
    };
    const branch = parseVia(via).params.get('branch') ?? '';
    const running = this.#clients.get(invite.flow, clientKey(branch, 'CANCEL'));
    return running?.transaction ?? this.#startClient(request, branch, invite.flow, inform);
  }

  /** Sends an ACK for a 2xx: it has a Via of its own and no transaction (RFC 3261 13.2.2.4, 16.11). */
  sendAck(ack: SipRequest, flow: F): void {
    const params = new Map([['branch', `${magicCookie}${this.#createToken()}`]]);
    const headers = ack.headers.prepend('Via', formatVia({ ...viaOf(flow), params }));
    // Nobody waits for an answer: a lost ACK is asked for again by the next 2xx.
    flow.send({ ...ack, headers }).catch(() => {});
  }

  /**
   * The INVITE transaction that a CANCEL is meant for (RFC 3261 9.2). `cancel` is the request of a transaction that
   * {@link TransactionUser.onRequest} brought, that very object; the INVITE came on the same connection.
   */
  findInvite(cancel: SipRequest): ServerTransaction<F> | undefined {
    const flow = this.#cancelFlows.get(cancel);
    if (flow === undefined) return undefined;
    return this.#servers.get(flow, serverKey({ ...cancel, method: 'INVITE' }))?.transaction;
  }

  /**
   * Fails what runs on a connection that is gone, and tells the users. An INVITE server transaction whose user has not
   * answered yet goes on (RFC 6026 7.1); one that waits for its ACK ends.
   */
  flowClosed(flow: F, error: TransportFailed): void {
    if (!flow.reliable) return;
    for (const { machine } of this.#clients.on(flow)) machine.fail(error);
    for (const { machine } of this.#servers.on(flow)) machine.close(error);
  }

  #startClient(
    request: SipRequest,
    branch: string,
    flow: F,
    inform: (event: ClientEvent) => void,
  ): ClientTransaction<F> {
    const key = clientKey(branch, request.method);
    const host = {
      clock: this.#clock,
      reliable: flow.reliable,
      send: (message: SipMessage) => flow.send(message),
      inform,
      forget: () => this.#clients.delete(flow, key),
    };
    const machine =
      request.method === 'INVITE'
        ? new InviteClientTransaction(request, host)
        : new NonInviteClientTransaction(request, host);
    const transaction = { request, flow };
    this.#clients.set(flow, key, { machine, transaction });
    return transaction;
  }

  /** RFC 3261 17.1.3: the branch of the top Via and the method of CSeq. */
  #receiveResponse(response: SipResponse, flow: F): void {
    const branch = parseVia(response.headers.first('Via') ?? '').params.get('branch') ?? '';
    const { method } = parseCSeq(response.headers.first('CSeq') ?? '');
    const client = this.#clients.get(flow, clientKey(branch, method));
    if (client === undefined) this.#user.onStrayResponse(response, flow);
    else client.machine.receive(response);
  }

  #receiveRequest(request: SipRequest, flow: F): void {
    const entry = this.#servers.get(flow, serverKey(request));
    if (entry !== undefined && !isAckOfSuccess(request, entry)) entry.machine.receive(request);
    else if (request.method === 'ACK') this.#user.onAck(request, flow);
    else if (this.#servers.size >= this.#maxServerTransactions) this.#refuse(request, flow);
    else this.#startServer(request, flow);
  }

  /** Without a transaction: there are too many already (RFC 3261 21.5.4). */
  #refuse(request: SipRequest, flow: F): void {
    const headers = [['Retry-After', '5']] as const;
    flow.send(createResponse(request, 503, { toTag: this.#createToken(), headers })).catch(() => {});
  }

  #startServer(request: SipRequest, flow: F): void {
    const key = serverKey(request);
    const host = {
      clock: this.#clock,
      reliable: flow.reliable,
      send: (message: SipMessage) => flow.send(message),
      inform: (event: ServerEvent) => this.#user.onServerEvent?.(transaction, event),
      forget: () => this.#servers.delete(flow, key),
    };
    const machine: Server =
      request.method === 'INVITE'
        ? new InviteServerTransaction(request, host)
        : new NonInviteServerTransaction(request, host);
    const transaction: ServerTransaction<F> = {
      request,
      flow,
      get response() {
        return machine.response;
      },
      respond: (response) => machine.respond(response),
    };
    this.#servers.set(flow, key, { machine, transaction });
    if (request.method === 'CANCEL') this.#cancelFlows.set(request, flow);
    this.#user.onRequest(transaction);
  }
}

/** RFC 6026 7.1: in state accepted an ACK is the user's. */
function isAckOfSuccess(request: SipRequest, { machine }: ServerEntry<Flow>): boolean {
  return request.method === 'ACK' && machine.state === 'accepted';
}

/**
 * RFC 3261 17.2.3: branch, sent-by and method of the top Via, ACK counted as INVITE. A branch without the magic
 * cookie is RFC 2543's and not unique by itself: Call-ID, From tag and CSeq number join it.
 */
function serverKey(request: SipRequest): string {
  const { host, port, params } = parseVia(request.headers.first('Via') ?? '');
  const method = request.method === 'ACK' ? 'INVITE' : request.method;
  const branch = params.get('branch') ?? '';
  const key = `${branch} ${host.toLowerCase()}:${port ?? ''} ${method}`;
  if (branch.startsWith(magicCookie)) return key;
  const { headers } = request;
  const { number } = parseCSeq(headers.first('CSeq') ?? '');
  return `${key} ${number} ${headers.first('Call-ID')} ${headers.first('From')}`;
}

/** RFC 3261 17.1.3. */
function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}

/** Protocol and sent-by of the flow. */
function viaOf({ transport, sentBy }: Flow): Pick<Via, 'transport' | 'host' | 'port'> {
  const { host, port } = parseVia(`SIP/2.0/${transport} ${sentBy}`);
  return { transport, host, port };
}

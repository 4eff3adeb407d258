/**
 * The transaction layer: finds the transaction a message belongs to, and makes new ones (RFC 3261 17.1.3, 17.2.3).
 *
 * @module
 */
import type { TransportFailed } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import { formatVia, parseVia, type Via } from '../headers/via.ts';
import { isRequest, type SipMessage, type SipRequest, type SipResponse } from '../messages/message.ts';
import type { Clock } from './clock.ts';
import type { Flow } from './flow.ts';
import { InviteClientTransaction } from './invite-client.ts';
import { InviteServerTransaction } from './invite-server.ts';
import { NonInviteClientTransaction } from './non-invite-client.ts';
import { NonInviteServerTransaction } from './non-invite-server.ts';
import type { ClientEvent, ServerEvent } from './transaction-host.ts';

/** The user's side of a server transaction. */
export interface ServerTransaction<F extends Flow = Flow> {
  readonly request: SipRequest;
  readonly flow: F;
  /** The last response that was sent. */
  readonly response: SipResponse | undefined;
  /** @throws {ResponseOutOfTurn} a final response has gone out before. */
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
}

type Client = (InviteClientTransaction | NonInviteClientTransaction) & { readonly request: SipRequest };
type Server = InviteServerTransaction | NonInviteServerTransaction;
interface ServerEntry<F extends Flow> {
  readonly machine: Server;
  readonly transaction: ServerTransaction<F>;
}

const magicCookie = 'z9hG4bK';

export class TransactionLayer<F extends Flow = Flow> {
  readonly #clock: Clock;
  readonly #createToken: () => string;
  readonly #user: TransactionUser<F>;
  readonly #clients = new Map<string, { readonly machine: Client; readonly flow: F }>();
  readonly #servers = new Map<string, ServerEntry<F>>();

  constructor({ clock, createToken, user }: TransactionLayerOptions<F>) {
    this.#clock = clock;
    this.#createToken = createToken;
    this.#user = user;
  }

  /** How many transactions live. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
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
   * A CANCEL is sent by {@link cancel}.
   */
  request(
    request: SipRequest,
    flow: F,
    inform: (event: ClientEvent) => void,
    viaParams: readonly (readonly [string, string])[] = [],
  ): ClientTransaction<F> {
    const branch = `${magicCookie}${this.#createToken()}`;
    const params = new Map([...viaParams, ['branch', branch] as const]);
    const sent = { ...request, headers: request.headers.prepend('Via', formatVia({ ...viaOf(flow), params })) };
    return this.#startClient(sent, branch, flow, inform);
  }

  /**
   * Sends a CANCEL for an INVITE sent by {@link request} (RFC 3261 9.1). The caller has seen a provisional response.
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
    return this.#startClient(request, parseVia(via).params.get('branch') ?? '', invite.flow, inform);
  }

  /** Sends an ACK for a 2xx: it has a Via of its own and no transaction (RFC 3261 13.2.2.4, 16.11). */
  sendAck(ack: SipRequest, flow: F): void {
    const params = new Map([['branch', `${magicCookie}${this.#createToken()}`]]);
    const headers = ack.headers.prepend('Via', formatVia({ ...viaOf(flow), params }));
    // Nobody waits for an answer: a lost ACK is asked for again by the next 2xx.
    flow.send({ ...ack, headers }).catch(() => {});
  }

  /** The INVITE transaction that a CANCEL is meant for (RFC 3261 9.2). */
  findInvite(cancel: SipRequest): ServerTransaction<F> | undefined {
    return this.#servers.get(serverKey({ ...cancel, method: 'INVITE' }))?.transaction;
  }

  /** Ends what runs on a flow that is gone; client transactions tell their users. */
  flowClosed(flow: F, error: TransportFailed): void {
    for (const client of [...this.#clients.values()]) if (client.flow === flow) client.machine.fail(error);
    for (const server of [...this.#servers.values()]) if (server.transaction.flow === flow) server.machine.fail(error);
  }

  #startClient(
    request: SipRequest,
    branch: string,
    flow: F,
    inform: (event: ClientEvent) => void,
  ): ClientTransaction<F> {
    const key = `${branch} ${request.method}`;
    const host = {
      clock: this.#clock,
      reliable: flow.reliable,
      send: (message: SipMessage) => flow.send(message),
      inform,
      forget: () => void this.#clients.delete(key),
    };
    const machine =
      request.method === 'INVITE'
        ? new InviteClientTransaction(request, host)
        : new NonInviteClientTransaction(request, host);
    this.#clients.set(key, { machine, flow });
    return { request, flow };
  }

  /** RFC 3261 17.1.3: the branch of the top Via and the method of CSeq. */
  #receiveResponse(response: SipResponse, flow: F): void {
    const branch = parseVia(response.headers.first('Via') ?? '').params.get('branch') ?? '';
    const { method } = parseCSeq(response.headers.first('CSeq') ?? '');
    const client = this.#clients.get(`${branch} ${method}`);
    if (client === undefined) this.#user.onStrayResponse(response, flow);
    else client.machine.receive(response);
  }

  #receiveRequest(request: SipRequest, flow: F): void {
    const entry = this.#servers.get(serverKey(request));
    if (entry !== undefined && !isAckOfSuccess(request, entry)) entry.machine.receive(request);
    else if (request.method === 'ACK') this.#user.onAck(request, flow);
    else this.#startServer(request, flow);
  }

  #startServer(request: SipRequest, flow: F): void {
    const key = serverKey(request);
    const host = {
      clock: this.#clock,
      reliable: flow.reliable,
      send: (message: SipMessage) => flow.send(message),
      inform: (event: ServerEvent) => this.#user.onServerEvent?.(transaction, event),
      forget: () => void this.#servers.delete(key),
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
    this.#servers.set(key, { machine, transaction });
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
  return `${key} ${headers.first('Call-ID')} ${headers.first('From')} ${headers.first('CSeq')?.split(' ')[0]}`;
}

/** Protocol and sent-by of the flow. */
function viaOf({ transport, sentBy }: Flow): Pick<Via, 'transport' | 'host' | 'port'> {
  const { host, port } = parseVia(`SIP/2.0/${transport} ${sentBy}`);
  return { transport, host, port };
}

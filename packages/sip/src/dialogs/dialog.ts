/**
 * A dialog: what two ends agreed on for the requests between them (RFC 3261 12).
 *
 * @module
 */
import { HeaderMissing, RequestOutOfOrder } from '../errors.ts';
import { readCSeq } from '../headers/cseq.ts';
import { Headers } from '../headers/headers.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { noBody, type SipRequest, type SipResponse } from '../messages/message.ts';
import type { DialogId } from './dialog-id.ts';
import { findTarget, readRouteSet } from './peer-headers.ts';
import { routeRequest } from './route-request.ts';

/** Early after 101 to 199, confirmed after 2xx (RFC 3261 12). */
export type DialogState = 'early' | 'confirmed' | 'terminated';

/** What the dialog starts with (RFC 3261 12.1.1, 12.1.2). */
export interface DialogStart {
  readonly id: DialogId;
  readonly state: 'early' | 'confirmed';
  /** From of our requests, with its tag. */
  readonly local: string;
  /** To of our requests, with its tag. */
  readonly remote: string;
  readonly remoteTarget: string;
  readonly routeSet: readonly string[];
  readonly secure: boolean;
  readonly ownsCallId: boolean;
  /** CSeq number of the last request sent; undefined before the first. */
  readonly localSequence: number | undefined;
  /** CSeq number of the last request received; undefined before the first. */
  readonly remoteSequence: number | undefined;
}

/** What a request has beside the header fields of its dialog. */
export interface DialogRequestOptions {
  /** Added after the header fields of the dialog: Contact, Content-Type and so on. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/** The methods whose Contact moves the remote target (RFC 3261 12.2, RFC 3311 5.1). */
const targetRefreshing = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);

/** RFC 3261 8.1.1.5: numbers stay below 2^31. */
const maxSequence = 2_147_483_647;

/** Copies of a 2xx come for 32 s, in which a few re-INVITEs may be done. */
const maxAcks = 4;

/** One end of a dialog: makes its requests, and checks those of the far end. It sends nothing and waits for nothing. */
export class Dialog {
  readonly id: DialogId;
  /** The request that made it went to a SIPS URI (12.1.1, 12.1.2). */
  readonly secure: boolean;
  /** This end sent the request that made the dialog (14.1). */
  readonly ownsCallId: boolean;
  readonly localUri: string;
  readonly remoteUri: string;
  readonly #local: string;
  readonly #remote: string;
  #state: DialogState;
  #remoteTarget: string;
  #routeSet: readonly string[];
  #localSequence: number | undefined;
  #remoteSequence: number | undefined;
  /** The last ones, by CSeq number. */
  readonly #acks = new Map<number, SipRequest>();

  /** Use {@link createUacDialog} or {@link createUasDialog}. */
  constructor(start: DialogStart) {
    this.id = start.id;
    this.secure = start.secure;
    this.ownsCallId = start.ownsCallId;
    this.localUri = parseNameAddr(start.local, 'From').uri;
    this.remoteUri = parseNameAddr(start.remote, 'To').uri;
    this.#local = start.local;
    this.#remote = start.remote;
    this.#state = start.state;
    this.#remoteTarget = start.remoteTarget;
    this.#routeSet = start.routeSet;
    this.#localSequence = start.localSequence;
    this.#remoteSequence = start.remoteSequence;
  }

  get state(): DialogState {
    return this.#state;
  }

  /** URI of the far end, as its last Contact said. */
  get remoteTarget(): string {
    return this.#remoteTarget;
  }

  /** Values for Route, topmost first. */
  get routeSet(): readonly string[] {
    return this.#routeSet;
  }

  get localSequence(): number | undefined {
    return this.#localSequence;
  }

  get remoteSequence(): number | undefined {
    return this.#remoteSequence;
  }

  /**
   * The next request of this end, without Via (RFC 3261 12.2.1.1). An INVITE or UPDATE wants a Contact in `headers`.
   *
   * @throws {TypeError} ACK (see {@link createAck}) and CANCEL (see `TransactionLayer.cancel`) are not made here; nor is
   * anything after number 2^31 - 1.
   */
  createRequest(method: string, options: DialogRequestOptions = {}): SipRequest {
    if (method === 'ACK' || method === 'CANCEL') throw new TypeError(`expected a method other than ${method}`);
    if (this.#localSequence === maxSequence) throw new TypeError('expected a dialog with numbers left');
    // 12.2.1.1: an empty sequence starts at any number below 2^31.
    this.#localSequence = (this.#localSequence ?? 0) + 1;
    return this.#create(method, this.#localSequence, options);
  }

  /**
   * The ACK for a 2xx to `invite`, which this end sent: its CSeq number and its credentials (RFC 3261 13.2.2.4).
   * The answer goes in here where the 2xx brought the offer.
   */
  createAck(invite: SipRequest, options: DialogRequestOptions = {}): SipRequest {
    const credentials = ['Authorization', 'Proxy-Authorization'].flatMap((name) =>
      invite.headers.all(name).map((value) => [name, value] as const),
    );
    const headers = [...credentials, ...(options.headers ?? [])];
    const number = numberOf(invite);
    const ack = this.#create('ACK', number, { ...options, headers });
    this.#acks.set(number, ack);
    const [oldest] = this.#acks.keys();
    if (this.#acks.size > maxAcks && oldest !== undefined) this.#acks.delete(oldest);
    return ack;
  }

  /** The ACK that answered an earlier copy of this 2xx: it goes out again for each (RFC 3261 13.2.2.4). */
  findAck(response: SipResponse): SipRequest | undefined {
    return this.#acks.get(numberOf(response));
  }

  /**
   * Takes a request of the far end (RFC 3261 12.2.2): checks the order, moves the remote target, ends with BYE.
   * ACK is let through as it is; CANCEL belongs to no dialog. Who may yet refuse the request uses
   * {@link takeSequence}, and {@link refreshTarget} once it is accepted.
   *
   * @throws {RequestOutOfOrder} @throws {HeaderMalformed} the Contact is broken; nothing has changed then.
   */
  receiveRequest(request: SipRequest): void {
    this.takeSequence(request);
    this.refreshTarget(request);
    if (request.method === 'BYE') this.#state = 'terminated';
  }

  /**
   * Checks the order of a request of the far end, and that its Contact can be read, before anything is done with it.
   *
   * @throws {RequestOutOfOrder} @throws {HeaderMalformed} the Contact is broken; nothing has changed then.
   */
  takeSequence(request: SipRequest): void {
    if (request.method === 'ACK' || request.method === 'CANCEL') return;
    const number = numberOf(request);
    // Numbers rise strictly (12.2.1.1), so an equal one is no new request either; transactions absorb retransmissions.
    if (this.#remoteSequence !== undefined && number <= this.#remoteSequence) throw new RequestOutOfOrder();
    if (targetRefreshing.has(request.method)) findTarget(request);
    this.#remoteSequence = number;
  }

  /**
   * The request is accepted: its Contact, if it may have one, is the remote target. One that fails moves nothing
   * (RFC 6141 4.4).
   *
   * @throws {HeaderMalformed}
   */
  refreshTarget(request: SipRequest): void {
    if (targetRefreshing.has(request.method)) this.#remoteTarget = findTarget(request) ?? this.#remoteTarget;
  }

  /**
   * Takes a response to a request of this end (RFC 3261 12.2.1.2, 13.2.2.4): a 2xx to INVITE confirms an early dialog
   * and moves the remote target, which a reliable provisional response does as well (RFC 6141 4.3); 481, 408, the answer
   * to BYE, or a failure of the first INVITE end it.
   *
   * @throws {HeaderMalformed} Contact or Record-Route is broken. @throws {HeaderMissing} no Contact to confirm with.
   * Nothing has changed then.
   */
  receiveResponse(response: SipResponse): void {
    const { statusCode } = response;
    const { method } = readCSeq(response.headers);
    if (statusCode < 200) this.#receiveProvisional(response);
    else if (statusCode >= 300) this.#receiveFailure(statusCode, method);
    else if (method === 'BYE') this.terminate();
    else if (targetRefreshing.has(method)) this.#receiveSuccess(response, method);
  }

  /** The 2xx to the INVITE that made an early dialog has gone out (RFC 3261 13.3.1.4). */
  confirm(): void {
    if (this.#state === 'early') this.#state = 'confirmed';
  }

  /** The user ends it: after BYE, or when nothing comes back (RFC 3261 12.3, 15). */
  terminate(): void {
    this.#state = 'terminated';
  }

  #receiveProvisional(response: SipResponse): void {
    if (response.headers.has('RSeq')) this.#remoteTarget = findTarget(response) ?? this.#remoteTarget;
  }

  #receiveSuccess(response: SipResponse, method: string): void {
    const target = findTarget(response);
    if (method === 'INVITE' && this.#state === 'early') {
      if (target === undefined) throw new HeaderMissing('Contact', 0);
      // 13.2.2.4: only now is the route set final.
      this.#routeSet = readRouteSet(response).toReversed();
      this.#state = 'confirmed';
    }
    this.#remoteTarget = target ?? this.#remoteTarget;
  }

  #receiveFailure(statusCode: number, method: string): void {
    const isFirstInvite = method === 'INVITE' && this.#state === 'early';
    // 12.2.1.2: the far end knows no such dialog, or is gone. 15.1.1: a BYE ends it whatever comes back.
    if (isFirstInvite || statusCode === 481 || statusCode === 408 || method === 'BYE') this.terminate();
  }

  #create(method: string, number: number, { headers = [], body = noBody }: DialogRequestOptions): SipRequest {
    const { requestUri, routes } = routeRequest(this.#remoteTarget, this.#routeSet);
    return {
      method,
      requestUri,
      headers: Headers.of(
        ['Max-Forwards', '70'],
        ...routes.map((route) => ['Route', route] as const),
        ['From', this.#local],
        ['To', this.#remote],
        ['Call-ID', this.id.callId],
        ['CSeq', `${number} ${method}`],
        ...headers,
      ),
      body,
    };
  }
}

function numberOf({ headers }: SipRequest | SipResponse): number {
  return readCSeq(headers).number;
}

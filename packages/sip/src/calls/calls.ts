/**
 * The calls of one user agent, on one transaction layer (RFC 3261 8.2, 12.2, 13).
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import type { DialogId } from '../dialogs/dialog-id.ts';
import { Dialogs } from '../dialogs/dialogs.ts';
import { SipError } from '../errors.ts';
import { readCSeq } from '../headers/cseq.ts';
import type { InfoPackage } from '../headers/info-package.ts';
import { readNameAddr } from '../headers/name-addr.ts';
import { MergedRequests } from '../inspection/merged-requests.ts';
import { createRefusal, type Refusal, refuse } from '../inspection/refusal.ts';
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import { decideReliability, type ReliabilityPolicy } from '../provisional-responses/reliability.ts';
import type { SessionTimerWish } from '../session-timers/session-interval.ts';
import type { Callback } from '../transactions/callback.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction, TransactionLayer, TransactionUser } from '../transactions/transaction-layer.ts';
import type { CallContext } from './call-context.ts';
import type { CallDialog } from './call-dialog.ts';
import type { CallUser } from './call-user.ts';
import { capabilitiesOf, inspectOutside } from './capabilities.ts';
import type { CallTarget } from './create-invite.ts';
import { attempt, guard, guardUser } from './guard-user.ts';
import { IncomingCall } from './incoming-call.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { answerFaults, respond } from './respond.ts';

/** What a user agent is like. */
export interface CallsOptions<F extends Flow = Flow> {
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Value of Contact, e.g. `<sip:alice@192.0.2.1;transport=tcp>`. */
  readonly contact: string;
  /** Somebody calls. Name a user by `call.use`, and answer now or later; without `use` the call gets 480. */
  readonly onCall: Callback<[call: IncomingCall<F>]>;
  /**
   * A request that belongs to no call. Unless given, OPTIONS gets 200, what names a dialog or has a place only in one
   * 481, and all else 405 or 501.
   */
  readonly onRequest?: Callback<[transaction: ServerTransaction<F>]>;
  /** Of 100rel; `supported` unless given. */
  readonly reliability?: ReliabilityPolicy;
  /** No session timer of our own unless given; that of the far end is kept all the same. */
  readonly sessionTimer?: SessionTimerWish;
  /** The packages that calls take; none unless given. */
  readonly infoPackages?: readonly InfoPackage[];
  /** Option tags beside `100rel` and `timer`. */
  readonly supported?: readonly string[];
  /** Of a Request-URI, in lower case; `sip`, `sips` and `tel` unless given (416). Emergency centres add `urn`. */
  readonly schemes?: readonly string[];
  /** The request with credentials for the challenge in `response`; undefined where there are none. */
  readonly authorize?: (request: SipRequest, response: SipResponse) => SipRequest | undefined;
  /** Where a request in a dialog goes; the flow of the INVITE unless given (RFC 3261 8.1.2). */
  readonly selectFlow?: (request: SipRequest, flow: F) => F;
  /**
   * What one of these functions, or of a {@link CallUser}, threw, or what its promise was rejected with. The call goes
   * on; the request in question gets a 500. Unless given, it becomes the unhandled rejection of a promise.
   */
  readonly onFault?: (error: unknown) => void;
  /** How many calls may come in and live; 10,000 unless given. Others get 486. */
  readonly maxCalls?: number;
  /** How long a call may ring, in milliseconds; 180,000 unless given. Then it gets 480 here, and CANCEL there. */
  readonly ringTimeoutMs?: number;
}

const defaultRingTimeoutMs = 180_000;

/**
 * The user of a transaction layer that makes and takes calls. It answers what comes by itself as far as the RFCs leave no
 * choice: PRACK, ACK, CANCEL, UPDATE, re-INVITE, refreshes, BYE; the rest is for {@link CallsOptions.onCall} and the
 * {@link CallUser} of each call.
 *
 * @example
 * const calls = new Calls({ clock, random, contact: '<sip:me@192.0.2.1>', onCall: (call) => {
 *   call.use({ media });
 *   void call.accept();
 * } });
 * const layer = new TransactionLayer({ clock, createToken, user: calls });
 * calls.attach(layer);
 * const call = await calls.call({ requestUri: 'sip:bob@example.com', from: '<sip:me@example.com>' }, { media }, flow);
 */
export class Calls<F extends Flow = Flow> implements TransactionUser<F> {
  readonly #options: CallsOptions<F>;
  readonly #dialogs = new Dialogs();
  readonly #calls = new Map<Dialog, CallDialog<F>>();
  readonly #outgoing = new Map<string, OutgoingCall<F>>();
  readonly #incoming = new Map<SipRequest, IncomingCall<F>>();
  readonly #merged: MergedRequests;
  readonly #report: (error: unknown) => void;
  #context: CallContext<F> | undefined;

  constructor(options: CallsOptions<F>) {
    this.#options = options;
    this.#merged = new MergedRequests({ clock: options.clock });
    this.#report = options.onFault ?? ((error) => void Promise.reject(error));
  }

  /** How many dialogs live. */
  get size(): number {
    return this.#calls.size;
  }

  /**
   * The call whose dialog `id` names, seen from this end; undefined where none lives. For Replaces (RFC 3891 3):
   * `matchReplaces(replaces, (id) => calls.find(id)?.parts.dialog)`.
   */
  find(id: DialogId): CallDialog<F> | undefined {
    const dialog = this.#dialogs.get(id);
    return dialog && this.#calls.get(dialog);
  }

  /** Names the layer whose user this is; once, before anything else. */
  attach(layer: TransactionLayer<F>): void {
    const { clock, random, contact } = this.#options;
    this.#context = {
      clock,
      random,
      contact,
      layer,
      reliability: this.#options.reliability ?? 'supported',
      sessionTimer: this.#options.sessionTimer,
      infoPackages: this.#options.infoPackages ?? [],
      supported: this.#options.supported ?? [],
      schemes: this.#options.schemes ?? ['sip', 'sips', 'tel'],
      authorize: (request, response) => this.#authorize(request, response),
      selectFlow: (request, flow) => guard(() => this.#options.selectFlow?.(request, flow), this.#report) ?? flow,
      report: this.#report,
    };
  }

  /** Makes a call by `flow`. Rejects where the media make no offer. */
  async call(target: CallTarget, user: CallUser, flow: F): Promise<OutgoingCall<F>> {
    const context = this.#readContext();
    const offer = target.hasOffer === false ? undefined : await user.media.createOffer(undefined);
    const call: OutgoingCall<F> = new OutgoingCall(
      {
        context,
        flow,
        target,
        user: guardUser(user, this.#report, context.clock),
        ringTimeoutMs: this.#options.ringTimeoutMs ?? defaultRingTimeoutMs,
        onDialog: (dialog, isAlive) => (isAlive ? this.#add(dialog) : this.#delete(dialog)),
        onForgotten: () => this.#outgoing.delete(call.callId),
      },
      offer,
    );
    this.#outgoing.set(call.callId, call);
    return call;
  }

  onRequest(transaction: ServerTransaction<F>): void {
    const { request } = transaction;
    answerFaults(transaction, () => {
      if (request.method === 'CANCEL') this.#onCancel(transaction);
      else if (readNameAddr(request.headers, 'To').params.has('tag')) this.#onInDialog(transaction);
      else this.#onOutside(transaction, this.#readContext().layer.createToken());
    });
  }

  onAck(ack: SipRequest): void {
    this.#findCall(ack)?.receiveAck(ack);
  }

  /** A 2xx whose transaction is over: the ACK goes out again (RFC 6026 8.1). */
  onStrayResponse(response: SipResponse): void {
    const { statusCode, headers } = response;
    if (statusCode < 200 || statusCode >= 300 || readCSeq(headers).method !== 'INVITE') return;
    const isLate = this.#findCall(response)?.receiveLateSuccess(response) === true;
    if (!isLate) this.#outgoing.get(headers.first('Call-ID') ?? '')?.receiveLateSuccess(response);
  }

  #onCancel(transaction: ServerTransaction<F>): void {
    const { layer } = this.#readContext();
    const invite = layer.findCancelled(transaction.request);
    if (invite === undefined) {
      respond(transaction, 481, { toTag: layer.createToken() });
      return;
    }
    const call = this.#incoming.get(invite.request);
    // RFC 3261 9.2: with the tag of the responses to the INVITE, also where its call is over.
    const toTag = call?.dialog.parts.dialog.id.localTag ?? tagOf(invite.response) ?? layer.createToken();
    respond(transaction, 200, { toTag });
    if (call !== undefined) call.cancel(transaction.request);
    else this.#findCall(invite.request)?.cancel(invite.request);
  }

  #onInDialog(transaction: ServerTransaction<F>): void {
    const call = this.#findCall(transaction.request);
    if (call !== undefined) call.receive(transaction);
    else if (this.#options.onRequest !== undefined) this.#hand(transaction, this.#options.onRequest);
    else respond(transaction, 481);
  }

  #onOutside(transaction: ServerTransaction<F>, toTag: string): void {
    const handle = (): void => {
      if (transaction.request.method === 'INVITE') this.#onInvite(transaction, toTag);
      else this.#onOther(transaction, toTag);
    };
    answerFaults(transaction, handle, toTag);
  }

  #onInvite(transaction: ServerTransaction<F>, toTag: string): void {
    const { request } = transaction;
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      transaction.respond(refuse(request, refusal, toTag));
      return;
    }
    const call: IncomingCall<F> = new IncomingCall({
      context: this.#readContext(),
      transaction,
      answerTimeoutMs: this.#options.ringTimeoutMs ?? defaultRingTimeoutMs,
      onEnded: () => {
        this.#incoming.delete(request);
        this.#delete(call.dialog);
      },
    });
    this.#incoming.set(request, call);
    this.#add(call.dialog);
    attempt(
      () => this.#options.onCall(call),
      this.#report,
      () => call.reject(500),
    );
    if (!call.hasUser) call.reject(480);
  }

  /** RFC 3261 8.2, in its order, and RFC 3262 3. */
  #refusalOf(request: SipRequest): Refusal | undefined {
    const context = this.#readContext();
    const refusal = inspectOutside(request, context);
    if (refusal !== undefined) return refusal;
    const reliability = decideReliability(request, context.reliability);
    if (reliability.type === 'refuse') return createRefusal(reliability.statusCode, reliability.header);
    if (this.#incoming.size >= (this.#options.maxCalls ?? 10_000)) return createRefusal(486);
    return this.#merged.inspect(request);
  }

  /** Credentials that cannot be made are none. */
  #authorize(request: SipRequest, response: SipResponse): SipRequest | undefined {
    try {
      return this.#options.authorize?.(request, response);
    } catch (error) {
      if (!(error instanceof SipError)) this.#report(error);
      return undefined;
    }
  }

  #onOther(transaction: ServerTransaction<F>, toTag: string): void {
    const { request } = transaction;
    const { onRequest } = this.#options;
    const merged = this.#merged.inspect(request);
    const context = this.#readContext();
    const refusal = merged ?? (onRequest === undefined ? inspectOutside(request, context) : undefined);
    if (refusal !== undefined) transaction.respond(refuse(request, refusal, toTag));
    else if (onRequest !== undefined) this.#hand(transaction, onRequest, toTag);
    else if (request.method === 'OPTIONS') respond(transaction, 200, { toTag, headers: capabilitiesOf(context) });
    else respond(transaction, 481, { toTag });
  }

  #hand(transaction: ServerTransaction<F>, onRequest: Callback<[transaction: ServerTransaction<F>]>, tag = ''): void {
    const failed = (): void => respond(transaction, 500, tag === '' ? {} : { toTag: tag });
    attempt(() => onRequest(transaction), this.#report, failed);
  }

  #findCall(message: SipMessage): CallDialog<F> | undefined {
    const dialog = this.#dialogs.find(message);
    return dialog && this.#calls.get(dialog);
  }

  #add(call: CallDialog<F>): void {
    const { dialog } = call.parts;
    this.#dialogs.add(dialog);
    this.#calls.set(dialog, call);
  }

  #delete(call: CallDialog<F>): void {
    const { dialog } = call.parts;
    this.#dialogs.delete(dialog);
    this.#calls.delete(dialog);
  }

  #readContext(): CallContext<F> {
    if (this.#context === undefined) throw new TypeError('expected attach() before the first message');
    return this.#context;
  }
}

function tagOf(response: SipResponse | undefined): string | undefined {
  return response && readNameAddr(response.headers, 'To').params.get('tag');
}

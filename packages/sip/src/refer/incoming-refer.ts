/**
 * A REFER that came in: nothing is sent for it before the user accepts it (RFC 3515 2.4.2).
 *
 * @module
 */
import { createUasDialog } from '../dialogs/create-dialog.ts';
import { createDialogResponse } from '../dialogs/create-dialog-response.ts';
import type { Dialog } from '../dialogs/dialog.ts';
import { parseCSeq } from '../headers/cseq.ts';
import { formatReferredBy, type ReferredBy } from '../headers/referred-by.ts';
import { formatReplaces } from '../headers/replaces.ts';
import type { TargetDialog } from '../headers/target-dialog.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import { NotifierSubscription } from '../subscriptions/notifier-subscription.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import { T1 } from '../transactions/timers.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { Authorize } from '../usages/send-authorized.ts';
import type { SendRequest } from '../usages/send-request.ts';
import { TimerGroup } from '../usages/timer-group.ts';
import type { ReferTarget } from './refer-target.ts';
import { formatSipfrag, sipfragContentType } from './sipfrag.ts';

/** What was asked: claims of a peer. Its Contact has been read. */
export interface ReferRequest {
  readonly target: ReferTarget;
  readonly referredBy: ReferredBy | undefined;
  readonly targetDialog: TargetDialog | undefined;
  /** How the asker wants to hear of it: by NOTIFY, not at all (RFC 4488), or not at all (RFC 7614). */
  readonly reporting: 'NOTIFY' | 'Refer-Sub: false' | 'nosub';
}

/** The REFER, and how answer and NOTIFYs leave. */
export interface IncomingReferOptions<F extends Flow = Flow> {
  readonly clock: Clock;
  readonly createToken: () => string;
  /** Value of Contact. */
  readonly contact: string;
  readonly send: SendRequest;
  readonly authorize: Authorize | undefined;
  readonly transaction: ServerTransaction<F>;
  readonly asked: ReferRequest;
  /** The dialog that the REFER came in, if any, its order checked. */
  readonly dialog: Dialog | undefined;
  /** How long NOTIFYs may go on. */
  readonly expiresSeconds: number;
  /** Once, when no more NOTIFY leaves for it. */
  readonly onEnd: (refer: IncomingRefer<F>) => void;
}

/** Well before the asker gives up waiting for an answer (RFC 3261 17.1.2.2, timer F; RFC 4320). */
const answerMs = 40 * T1;

/** One REFER, from the question to the user until nobody listens any more. */
export class IncomingRefer<F extends Flow = Flow> {
  readonly request: SipRequest;
  readonly asked: ReferRequest;
  readonly #options: IncomingReferOptions<F>;
  readonly #timers: TimerGroup<'answer'>;
  #subscription: NotifierSubscription | undefined;
  #body: Uint8Array = formatSipfrag(100);
  #state: 'asked' | 'accepted' | 'ended' = 'asked';

  /** Declined with 603 where the user says nothing within 20 s. */
  constructor(options: IncomingReferOptions<F>) {
    this.#options = options;
    this.request = options.transaction.request;
    this.asked = options.asked;
    this.#timers = new TimerGroup(options.clock);
    this.#timers.start('answer', answerMs, () => this.decline(603));
  }

  get state(): 'asked' | 'accepted' | 'ended' {
    return this.#state;
  }

  /** The subscription that the asker has; undefined where it wants none. */
  get subscription(): NotifierSubscription | undefined {
    return this.#subscription;
  }

  /** Header fields for the request that goes to the target: Replaces, Referred-By and what the policy allowed. */
  get referredHeaders(): readonly (readonly [name: string, value: string])[] {
    const { target, referredBy } = this.asked;
    const headers: (readonly [string, string])[] = [];
    if (target.replaces !== undefined) headers.push(['Replaces', formatReplaces(target.replaces)]);
    if (target.requiresReplaces) headers.push(['Require', 'replaces']);
    if (referredBy !== undefined) headers.push(['Referred-By', formatReferredBy(referredBy)]);
    return [...headers, ...target.headers];
  }

  /**
   * The user will do what was asked: answers, and tells 100 by NOTIFY where the asker listens. Where it does not, that
   * is all, and {@link report} has nobody to tell. Twice: nothing.
   */
  accept(): void {
    if (this.#state !== 'asked') return;
    if (this.asked.reporting === 'NOTIFY') this.#acceptWithSubscription();
    else this.#acceptSilently();
  }

  /** The user will not. After {@link accept} say so by {@link report}. */
  decline(statusCode = 603): void {
    if (this.#state !== 'asked') return;
    const { transaction, createToken } = this.#options;
    this.#end();
    transaction.respond(createResponse(transaction.request, statusCode, { toTag: createToken() }));
  }

  /** Tells how the request to the target fares; a final status ends it (RFC 3515 2.4.5). */
  report(statusCode: number, reasonPhrase?: string): void {
    if (this.#state !== 'accepted') return;
    this.#body = formatSipfrag(statusCode, reasonPhrase);
    if (statusCode < 200) this.#subscription?.change();
    else this.#subscription?.end('noresource');
  }

  #acceptSilently(): void {
    const { transaction, createToken, contact } = this.#options;
    const { reporting } = this.asked;
    const refused = reporting === 'nosub' ? [] : [['Refer-Sub', 'false'] as const];
    const headers = [['Contact', contact] as const, ...refused];
    this.#end();
    transaction.respond(createResponse(transaction.request, 200, { toTag: createToken(), headers }));
  }

  #acceptWithSubscription(): void {
    const { clock, transaction, createToken, contact, send, authorize, expiresSeconds } = this.#options;
    const { request } = transaction;
    const headers = [['Expires', String(expiresSeconds)]] as const;
    const response = createDialogResponse(request, 202, { toTag: createToken(), contact, headers });
    const dialog = this.#options.dialog ?? createUasDialog(request, response);
    // 2.4.6: a dialog of its own has one REFER; in another one the number tells them apart.
    const isShared = this.#options.dialog !== undefined;
    const id = isShared ? String(parseCSeq(request.headers.first('CSeq') ?? '').number) : undefined;
    this.#timers.stopAll();
    this.#state = 'accepted';
    this.#subscription = new NotifierSubscription({
      clock,
      send,
      authorize,
      dialog,
      event: { type: 'refer', id, params: new Map() },
      request,
      contact,
      state: 'active',
      createBody: () => ({ contentType: sipfragContentType, body: this.#body }),
      notifyDelayMs: () => 0,
      onEnd: () => this.#end(),
    });
    transaction.respond(response);
    this.#subscription.start(expiresSeconds);
  }

  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#timers.stopAll();
    this.#options.onEnd(this);
  }
}

/**
 * A REFER that this end sent, and what its NOTIFYs tell of it (RFC 3515 2.4).
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import { SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { Subscriber } from '../subscriptions/subscriber.ts';
import type { SubscriptionEnd } from '../subscriptions/subscription-end.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { Authorize } from '../usages/send-authorized.ts';
import type { SendRequest } from '../usages/send-request.ts';
import { parseSipfrag, type SipfragStatus, sipfragType } from './sipfrag.ts';

/** What came of a REFER. */
export type ReferralEnd =
  /** The final response to what the receiver sent for us. */
  | { readonly type: 'done'; readonly status: SipfragStatus }
  /** The receiver took it and will tell nothing (RFC 4488). */
  | { readonly type: 'accepted'; readonly response: SipResponse }
  | { readonly type: 'refused'; readonly response: SipResponse }
  /** The subscription ended before a final response was told. */
  | { readonly type: 'unknown'; readonly end: SubscriptionEnd };

/** The REFER, how it leaves, and who hears of it. */
export interface ReferralOptions {
  readonly clock: Clock;
  readonly send: SendRequest;
  readonly authorize?: Authorize;
  /** The REFER, without Via: see `createRefer`, and `referHeaders` for one inside a dialog. */
  readonly request: SipRequest;
  /** The dialog the REFER is sent in, if any. */
  readonly dialog?: Dialog;
  /** Value of Contact. */
  readonly contact: string;
  /** Each status that is told, final ones too. */
  readonly onProgress: (status: SipfragStatus) => void;
  /** Once. */
  readonly onEnd: (end: ReferralEnd) => void;
}

/** What is asked for where this end has to renew it; the receiver sets the first (RFC 3515 2.4.4). */
const expiresSeconds = 180;

/** Sends one REFER and follows it to its end, which {@link ReferralOptions.onEnd} tells once. */
export class Referral {
  readonly #options: ReferralOptions;
  readonly #subscriber: Subscriber;
  #status: SipfragStatus | undefined;
  #hasEnded = false;

  /** Sends the REFER. */
  constructor(options: ReferralOptions) {
    const { onEnd: _onEnd, onProgress: _onProgress, ...shared } = options;
    this.#options = options;
    this.#subscriber = new Subscriber({
      ...shared,
      event: { type: 'refer', id: undefined, params: new Map() },
      expiresSeconds,
      refreshes: false,
      forks: 'first',
      onNotify: (_, { contentType, body }) => this.#onNotify(contentType, body),
      onEnd: (_, end) => this.#end(end),
    });
  }

  /** The last status that was told. */
  get status(): SipfragStatus | undefined {
    return this.#status;
  }

  /** Takes a NOTIFY and answers it; false where it belongs to something else. */
  receive(transaction: ServerTransaction<Flow>): boolean {
    return this.#subscriber.receive(transaction);
  }

  /** No more NOTIFYs, please; what was asked for goes on. */
  unsubscribe(): void {
    this.#subscriber.unsubscribe();
  }

  /** Forgets it without a word. */
  close(): void {
    this.#subscriber.close();
  }

  #onNotify(contentType: string | undefined, body: Uint8Array): void {
    const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
    if (type !== sipfragType) return;
    try {
      this.#status = parseSipfrag(body);
    } catch (error) {
      // A body that cannot be read tells nothing.
      if (!(error instanceof SipError)) throw error;
      return;
    }
    this.#options.onProgress(this.#status);
  }

  #end(end: SubscriptionEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { onEnd } = this.#options;
    const status = this.#status;
    if (status !== undefined && status.statusCode >= 200) onEnd({ type: 'done', status });
    else if (end.type === 'refused') onEnd(end);
    else if (end.type === 'not subscribed') onEnd({ type: 'accepted', response: end.response });
    else onEnd({ type: 'unknown', end });
  }
}

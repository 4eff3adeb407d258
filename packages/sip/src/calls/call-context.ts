/**
 * What the parts of a call share.
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import type { InviteExchange } from '../dialogs/invite-exchange.ts';
import type { InfoPackage } from '../headers/info-package.ts';
import type { InfoPackages } from '../info-packages/info-packages.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { OfferAnswer } from '../offer-answer/offer-answer.ts';
import type { ReliabilityPolicy } from '../provisional-responses/reliability.ts';
import type { SessionTimerWish } from '../session-timers/session-interval.ts';
import type { SessionTimer } from '../session-timers/session-timer.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import type { TransactionLayer } from '../transactions/transaction-layer.ts';
import type { CallEnd, CallUser } from './call-user.ts';

/** Of all calls of one user agent. */
export interface CallContext<F extends Flow = Flow> {
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly layer: TransactionLayer<F>;
  /** Value of Contact. */
  readonly contact: string;
  readonly reliability: ReliabilityPolicy;
  readonly sessionTimer: SessionTimerWish | undefined;
  readonly infoPackages: readonly InfoPackage[];
  /** Option tags beside `100rel` and `timer`. */
  readonly supported: readonly string[];
  /** Of a Request-URI, in lower case. */
  readonly schemes: readonly string[];
  /** The request with credentials for the challenge in `response`; undefined where there are none. */
  readonly authorize: (request: SipRequest, response: SipResponse) => SipRequest | undefined;
  /** Where a request inside a dialog goes, whose INVITE went or came by `flow` (RFC 3261 8.1.2). */
  readonly selectFlow: (request: SipRequest, flow: F) => F;
  /** Hears of what a callback of the program threw. */
  readonly report: (error: unknown) => void;
}

/** Of one dialog of a call. */
export interface CallParts<F extends Flow = Flow> {
  readonly context: CallContext<F>;
  readonly flow: F;
  readonly dialog: Dialog;
  readonly session: OfferAnswer;
  readonly exchange: InviteExchange;
  readonly timer: SessionTimer;
  readonly infoPackages: InfoPackages;
  readonly user: CallUser;
  readonly isOver: () => boolean;
  /** Reads Allow and Recv-Info of a message of the far end. */
  readonly learn: (message: SipRequest | SipResponse) => void;
  /** Ends the call here, and tells the far end by BYE. */
  readonly hangUp: (end: CallEnd) => void;
}

/**
 * What a program gives to a call, and hears of it.
 *
 * @module
 */
import type { DialogId } from '../dialogs/dialog-id.ts';
import type { SipError } from '../errors.ts';
import type { Reason } from '../headers/reason.ts';
import type { ReceivedInfo } from '../info-packages/info-packages.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Callback } from '../transactions/callback.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';

type Soon<T> = T | Promise<T>;

/**
 * Where session descriptions come from and go to, as octets of application/sdp. `dialog` tells the forks of a call
 * apart. A function that throws, or takes longer than 180 s, refuses: an offer of the far end then gets 488, its answer a
 * BYE.
 */
export interface CallMedia {
  /** For the first offer there is no dialog yet. */
  createOffer(dialog: DialogId | undefined): Soon<Uint8Array>;
  createAnswer(offer: Uint8Array, dialog: DialogId): Soon<Uint8Array>;
  acceptAnswer(answer: Uint8Array, dialog: DialogId): Soon<void>;
  /** What an unreliable provisional response shows of the answer to come. */
  preview?(description: Uint8Array, dialog: DialogId): void;
  /** The last offer, of whichever end, is void (RFC 3264 4, RFC 3261 14.1). */
  rollback?(dialog: DialogId): void;
}

/** Why a call is over. */
export type CallEnd =
  /** We hung up, or cancelled; the BYE or CANCEL says why where there is a reason (RFC 3326). */
  | { readonly by: 'local'; readonly reason?: Reason | undefined }
  /** BYE, or CANCEL; its Reason, if it has one, says why. */
  | { readonly by: 'remote'; readonly request: SipRequest }
  /** The INVITE was refused; a timeout is a 408, a broken flow a 503 (RFC 3261 8.1.3.1). */
  | { readonly by: 'refusal'; readonly response: SipResponse }
  /** The dialog is gone at the far end, or nothing comes from it any more: ACK, PRACK, refresh. */
  | { readonly by: 'silence' }
  /** Offer and answer do not fit, or `media` threw. */
  | { readonly by: 'fault'; readonly error: SipError | Error };

/**
 * What a program does for one call, and hears of it. What its functions throw goes to `onFault` of the calls,
 * as does what a promise that they return is rejected with.
 */
export interface CallUser {
  readonly media: CallMedia;
  /** A provisional response from 101 up, new and in order; of a call we make. */
  readonly onProgress?: Callback<[response: SipResponse]>;
  /** The 2xx has come and the media have what it brought; or the ACK for ours has come. */
  readonly onAnswered?: Callback<[]>;
  /** Once; nothing comes after it. */
  readonly onEnded?: Callback<[end: CallEnd]>;
  /** An INFO that is taken; it is answered with the final status code that comes back, 200 unless one does. */
  onInfo?(request: SipRequest, info: ReceivedInfo): number | undefined;
  /** A request in the dialog that a call does not know, such as REFER: answer it. It gets 405 unless this is there. */
  readonly onRequest?: Callback<[transaction: ServerTransaction]>;
}

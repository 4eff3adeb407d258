/**
 * Requests inside a dialog that answer the challenges they meet (RFC 3261 12.2.1, 22.2).
 *
 * @module
 */
import type { Dialog, DialogRequestOptions } from '../dialogs/dialog.ts';
import { parseCSeq } from '../headers/cseq.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import { type Authorize, sendAuthorized } from './send-authorized.ts';
import type { SendRequest } from './send-request.ts';

/** How a request leaves, and who answers its challenges. */
export interface InDialogSending {
  readonly send: SendRequest;
  readonly authorize: Authorize | undefined;
  /** As in {@link sendAuthorized}. */
  readonly isWanted?: () => boolean;
}

/** Sends the next request of `dialog`; each further try has a CSeq number of its own. */
export function sendInDialog(
  dialog: Dialog,
  method: string,
  options: DialogRequestOptions,
  sending: InDialogSending,
  inform: (event: ClientEvent) => void,
): void {
  const nextSequence = (): number => parseCSeq(dialog.createRequest(method).headers.first('CSeq') ?? '').number;
  sendAuthorized(dialog.createRequest(method, options), { ...sending, nextSequence }, inform);
}

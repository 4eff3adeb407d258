/**
 * The BYE of a dialog (RFC 3261 15.1.1).
 *
 * @module
 */
import { type Dialog, TransportFailed } from '@wicgate/sip';
import type { Access } from './access.ts';

/**
 * Resolves when it is answered, whatever the answer. Rejects with a TransportFailed: it did not get through.
 * `reason` is a value of Reason.
 */
export async function sendBye(access: Access, dialog: Dialog, reason?: string): Promise<void> {
  if (access.registered === undefined) throw new TransportFailed('there is no registered flow');
  const response = await access.line.ask(
    dialog.createRequest('BYE', reason === undefined ? {} : { headers: [['Reason', reason]] }),
  );
  dialog.receiveResponse(response);
}

/**
 * One re-INVITE with its answer and its ACK (RFC 3261 14.1).
 *
 * @module
 */
import {
  type ClientEvent,
  type Dialog,
  encodeUtf8,
  type SipRequest,
  type SipResponse,
  T1,
  TransportFailed,
} from '@wicgate/sip';
import { type Access, capabilities, descriptionType } from './access.ts';

/** After a provisional response no timer of the transaction runs any more. */
const patienceMs = 64 * T1;

/**
 * The final response, acknowledged. 408 for silence is the transaction's, or ours. Rejects with a TransportFailed.
 *
 * Copies of a 2xx are acknowledged again for as long as the transaction lives.
 */
export function sendReinvite(access: Access, dialog: Dialog, sdp: string): Promise<SipResponse> {
  const request = dialog.createRequest('INVITE', {
    headers: [['Contact', access.contact], ...capabilities, ['Content-Type', descriptionType]],
    body: encodeUtf8(sdp),
  });
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new TransportFailed('nobody answered'));
    const stop = access.platform.clock.after(patienceMs, giveUp);
    const inform = (event: ClientEvent): void => {
      if (event.type === 'response' && event.response.statusCode < 200) return;
      stop();
      if (event.type === 'transport error') reject(event.error);
      else if (event.type === 'timeout') {
        dialog.terminate();
        giveUp();
      } else {
        try {
          takeFinal(access, dialog, request, event.response);
          resolve(event.response);
        } catch (error) {
          reject(error);
        }
      }
    };
    access.line.request(request, inform);
  });
}

function takeFinal(access: Access, dialog: Dialog, request: SipRequest, response: SipResponse): void {
  dialog.receiveResponse(response);
  if (response.statusCode >= 300) return;
  const { flow, layer } = access.line;
  const ack = dialog.findAck(response) ?? dialog.createAck(request);
  if (flow !== undefined) layer.sendAck(ack, flow);
}

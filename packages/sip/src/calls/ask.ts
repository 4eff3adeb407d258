/**
 * Requests in the dialog of a call and their final responses (RFC 3261 12.2.1, 22.2).
 *
 * @module
 */
import { readCSeq } from '../headers/cseq.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import { sendAuthorized } from '../usages/send-authorized.ts';
import type { SendRequest } from '../usages/send-request.ts';
import type { CallParts } from './call-context.ts';

/**
 * The final response to `request`, which the dialog made; silence is a 408, a broken flow a 503 (8.1.3.1). Challenges are
 * answered on the way.
 */
export function ask<F extends Flow>(parts: CallParts<F>, request: SipRequest): Promise<SipResponse> {
  const { context, flow } = parts;
  const send: SendRequest = (sent, inform) => {
    context.layer.request(sent, context.selectFlow(sent, flow), inform);
  };
  return new Promise((resolve) => {
    sendInCall(parts, request, send, (event) => {
      const response = finalOf(event, request);
      if (response !== undefined) resolve(response);
    });
  });
}

/**
 * Sends `request`, which the dialog made, by `send`, and again with credentials and the next number of the dialog where
 * it is challenged. Of a call that is over only the BYE goes out again.
 */
export function sendInCall<F extends Flow>(
  { context, dialog, isOver }: CallParts<F>,
  request: SipRequest,
  send: SendRequest,
  inform: (event: ClientEvent) => void,
): void {
  const { method } = request;
  const authorize = (sent: SipRequest, response: SipResponse): SipRequest | undefined =>
    isOver() && method !== 'BYE' ? undefined : context.authorize(sent, response);
  const nextSequence = (): number => readCSeq(dialog.createRequest(method).headers).number;
  sendAuthorized(request, { send, authorize, nextSequence }, inform);
}

/** What an event amounts to; undefined for a provisional response. */
export function finalOf(event: ClientEvent, request: SipRequest): SipResponse | undefined {
  if (event.type === 'timeout') return createResponse(request, 408);
  if (event.type === 'transport error') return createResponse(request, 503);
  return event.response.statusCode < 200 ? undefined : event.response;
}

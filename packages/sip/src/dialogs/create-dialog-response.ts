/**
 * A response that makes or keeps a dialog (RFC 3261 12.1.1).
 *
 * @module
 */
import { createResponse, type ResponseOptions } from '../messages/create-response.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** What a response in a dialog has beside the copied header fields. */
export interface DialogResponseOptions extends ResponseOptions {
  /** The To tag of this end. */
  readonly toTag: string;
  /** Value of Contact: where requests of the far end shall go. */
  readonly contact: string;
}

/** As {@link createResponse}, with every Record-Route of the request, in order, and a Contact. */
export function createDialogResponse(
  request: SipRequest,
  statusCode: number,
  { contact, headers = [], ...options }: DialogResponseOptions,
): SipResponse {
  const routes = request.headers.all('Record-Route').map((route) => ['Record-Route', route] as const);
  return createResponse(request, statusCode, { ...options, headers: [...routes, ['Contact', contact], ...headers] });
}

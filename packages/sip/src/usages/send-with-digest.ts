/**
 * Requests with Digest credentials from the first try on, and answers whose proof is checked (RFC 7616 3.5, 3.6).
 *
 * @module
 */
import type { DigestClient } from '../digest/digest-client.ts';
import { SipError } from '../errors.ts';
import type { SipRequest } from '../messages/message.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { SendRequest } from './send-request.ts';

/**
 * `send`, with credentials of `client` for the realms it knows; a refresh then costs no challenge. Challenges come
 * through as they are: `client.retry` answers them. Of every other final response the server's proof is checked and its
 * next nonce taken; one whose proof is wrong (or missing where `client` requires it) is told as a transport error with
 * {@link ServerNotAuthenticated}: whoever sent it is not who knows the password.
 */
export function sendWithDigest(send: SendRequest, client: DigestClient): SendRequest {
  return (request, inform) => {
    const sent = hasCredentials(request) ? request : client.authorize(request);
    send(sent, (event) => inform(confirmed(client, sent, event)));
  };
}

/** Those of a retry count already. */
function hasCredentials({ headers }: SipRequest): boolean {
  return headers.has('Authorization') || headers.has('Proxy-Authorization');
}

function confirmed(client: DigestClient, sent: SipRequest, event: ClientEvent): ClientEvent {
  if (event.type !== 'response') return event;
  try {
    client.confirm(sent, event.response);
    return event;
  } catch (error) {
    if (error instanceof SipError) return { type: 'transport error', error };
    throw error;
  }
}

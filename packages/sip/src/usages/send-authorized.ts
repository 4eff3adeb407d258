/**
 * Requests that answer the challenges they meet (RFC 3261 22.2, 22.3).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { formatCSeq } from '../headers/cseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { SendRequest } from './send-request.ts';

/**
 * The request with credentials for the challenges of a 401 or 407, such as `DigestClient.retry` makes it; undefined or a
 * SipError where there are none. Its CSeq number is set afterwards.
 */
export type Authorize = (request: SipRequest, response: SipResponse) => SipRequest | undefined;

/** How a request leaves, and who answers its challenges. */
export interface AuthorizedSending {
  readonly send: SendRequest;
  /** Without it a challenge is an answer like any other. */
  readonly authorize: Authorize | undefined;
  /** The CSeq number of a further try. */
  readonly nextSequence: () => number;
  /** False once nobody waits for the outcome: no challenge is answered any more. Always true unless given. */
  readonly isWanted?: () => boolean;
}

/** A first challenge of each of two hops, and a stale nonce. */
const maxChallenges = 3;

/** Tells `inform` what comes of `request`, but for the challenges that could be answered. */
export function sendAuthorized(
  request: SipRequest,
  { send, authorize, nextSequence, isWanted = () => true }: AuthorizedSending,
  inform: (event: ClientEvent) => void,
): void {
  let challenges = 0;
  const transmit = (sent: SipRequest): void =>
    send(sent, (event) => {
      const again =
        authorize !== undefined && isChallenge(event) && challenges < maxChallenges && isWanted()
          ? tryAuthorize(authorize, sent, event.response)
          : undefined;
      if (again === undefined) {
        inform(event);
        return;
      }
      challenges += 1;
      transmit(withSequence(again, nextSequence()));
    });
  transmit(request);
}

function tryAuthorize(authorize: Authorize, request: SipRequest, response: SipResponse): SipRequest | undefined {
  try {
    return authorize(request, response);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

function isChallenge(event: ClientEvent): event is Extract<ClientEvent, { type: 'response' }> {
  return event.type === 'response' && (event.response.statusCode === 401 || event.response.statusCode === 407);
}

function withSequence(request: SipRequest, number: number): SipRequest {
  return { ...request, headers: request.headers.set('CSeq', formatCSeq({ number, method: request.method })) };
}

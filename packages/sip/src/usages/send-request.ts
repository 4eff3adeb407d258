/**
 * The way out of what uses transactions: it says what to send, somebody else on which flow.
 *
 * @module
 */
import type { SipRequest } from '../messages/message.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';

/**
 * Sends a request that has no Via yet, in a transaction of its own, and tells what comes of it. Over one flow:
 * `(request, inform) => layer.request(request, flow, inform, keepOffer)`; to wherever its URI leads:
 * `(request, inform) => requestSender.send(request, inform)`; with Digest credentials from the first try on, and the
 * server's proof checked: `sendWithDigest` around either.
 */
export type SendRequest = (request: SipRequest, inform: (event: ClientEvent) => void) => void;

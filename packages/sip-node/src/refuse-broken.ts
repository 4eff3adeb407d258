/**
 * Answers for requests that are not carried out, without a transaction (RFC 3261 8.2.7 and 16.3 step 1).
 *
 * @module
 */
import { answerBroken, createResponse, SipError, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { FlowPeer } from './node-flow.ts';
import { withReceived } from './received.ts';

export interface RefusalOptions {
  readonly error: SipError;
  readonly peer: FlowPeer;
  readonly toTag: string;
}

/** The answer to octets that begin with a broken request; undefined where there can be none. */
export function refuseBroken(octets: Uint8Array, { error, peer, toTag }: RefusalOptions): SipResponse | undefined {
  return tryOr(() => {
    const response = answerBroken(octets, error, { toTag });
    return response === undefined ? undefined : withReceived(response, peer);
  });
}

/** The answer to a sound request that comes at a bad time; undefined for an ACK, which is never answered. */
export function refuseSound(request: SipRequest, { error, peer, toTag }: RefusalOptions): SipResponse | undefined {
  if (request.method === 'ACK') return undefined;
  return tryOr(() => createResponse(withReceived(request, peer), error.statusCode, { toTag }));
}

function tryOr(create: () => SipResponse | undefined): SipResponse | undefined {
  try {
    return create();
  } catch (unanswerable) {
    if (!(unanswerable instanceof SipError)) throw unanswerable;
    return undefined;
  }
}

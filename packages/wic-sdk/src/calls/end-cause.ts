/**
 * Why a call did not come about, in the words of the page (RFC 3261 21).
 *
 * @module
 */
import type { SipResponse } from '@wicgate/sip';
import type { CallEndCause } from '../wic.ts';

const causes: Readonly<Record<number, CallEndCause>> = {
  401: 'not allowed',
  403: 'not allowed',
  404: 'unknown user',
  407: 'not allowed',
  408: 'no answer',
  410: 'unknown user',
  // The flow of the callee is gone (RFC 5626 11.6), which the registrar may not have noticed yet.
  430: 'not registered',
  433: 'not allowed',
  480: 'not registered',
  484: 'unknown user',
  486: 'busy',
  // Ours was cancelled, and not by us: somebody on the way gave up.
  487: 'no answer',
  // The far end could not take the call: no microphone, or nothing to talk in.
  488: 'media refused',
  600: 'busy',
  603: 'declined',
  604: 'unknown user',
  606: 'media refused',
  607: 'declined',
};

/** The cause in a final response to our INVITE, from 300 to 699. */
export function endCauseOf({ statusCode }: SipResponse): CallEndCause {
  return causes[statusCode] ?? 'server error';
}

/** Why the caller, or a proxy on the way, took back an INVITE to us (RFC 3326 3). */
export function cancelCauseOf(reasons: readonly string[]): CallEndCause {
  const isElsewhere = reasons.some((reason) => /^SIP\b.*;\s*cause\s*=\s*200\b/iu.test(reason));
  return isElsewhere ? 'answered elsewhere' : 'cancelled';
}

const failures: ReadonlySet<CallEndCause> = new Set([
  'busy',
  'not registered',
  'unknown user',
  'not allowed',
  'server error',
  'connection lost',
  'media refused',
  'media failed',
  'no relay',
]);

/** Whether a call that ends so counts as failed: one that was never talked in, and by nobody's will. */
export function isFailure(cause: CallEndCause, wasConnected: boolean): boolean {
  return !wasConnected && failures.has(cause);
}

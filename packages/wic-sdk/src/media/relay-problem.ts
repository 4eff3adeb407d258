/**
 * What the answer of a TURN server to an Allocate means (RFC 8656 7.2, RFC 8489 14.8).
 *
 * @module
 */

/** The server has answered, and gives none. */
export type RelayRefusal = 'refused' | 'full';

const problems: ReadonlyMap<number, RelayRefusal> = new Map([
  [401, 'refused'],
  [403, 'refused'],
  [437, 'refused'],
  [438, 'refused'],
  [441, 'refused'],
  [486, 'full'],
  [508, 'full'],
]);

/** Undefined where the server has not said why: it was not reached (W3C webrtc icecandidateerror, 701), or did not answer. */
export function relayProblemOf(errorCode: number | undefined): RelayRefusal | undefined {
  return errorCode === undefined ? undefined : problems.get(errorCode);
}

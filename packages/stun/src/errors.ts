/**
 * Everything that can be wrong with the octets of STUN and TURN.
 *
 * Decide on `code`: it is stable; class names and messages are not.
 *
 * @module
 */

export abstract class StunError extends Error {
  /** The discriminant of {@link AnyStunError}. */
  abstract readonly code: `ERR_STUN_${string}`;
}

/** Octets are no STUN message. They are dropped, nobody is answered (RFC 8489 6.3). */
export class StunMalformed extends StunError {
  readonly code = 'ERR_STUN_MALFORMED';

  constructor(expected: string) {
    super(`STUN message: expected ${expected}`);
  }
}

/** An attribute of a well-formed message departs from its format. */
export class AttributeMalformed extends StunError {
  readonly code = 'ERR_STUN_ATTRIBUTE_MALFORMED';

  constructor(attribute: string, expected: string) {
    super(`${attribute}: expected ${expected}`);
  }
}

/** A byte stream departs from the framing of RFC 8656 12.5 and cannot be followed any further. */
export class StreamOutOfStep extends StunError {
  readonly code = 'ERR_STUN_STREAM_OUT_OF_STEP';

  constructor(expected: string) {
    super(`TURN over a stream: expected ${expected}`);
  }
}

export type AnyStunError = StunMalformed | AttributeMalformed | StreamOutOfStep;

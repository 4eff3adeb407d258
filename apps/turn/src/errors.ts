/**
 * Everything that can go wrong inside the TURN server.
 *
 * Decide on `code`: it is stable; class names and messages are not.
 *
 * @module
 */
import type { StunAttribute } from '@wicgate/stun';

export abstract class TurnError extends Error {
  /** The discriminant of {@link AnyTurnError}. */
  abstract readonly code: `ERR_TURN_${string}`;
}

/** No port of the relay range could be opened. */
export class RelayPortsExhausted extends TurnError {
  readonly code = 'ERR_TURN_RELAY_PORTS_EXHAUSTED';

  constructor() {
    super('no free port in the relay range');
  }
}

/** Another program was to be the TURN server and does not answer. */
export class EngineNotStarted extends TurnError {
  readonly code = 'ERR_TURN_ENGINE_NOT_STARTED';

  constructor(engine: string, end: string, lines: readonly string[]) {
    super([`${engine}: expected an answer to a Binding request; ${end}; it said last:`, ...lines].join('\n  '));
  }
}

/** ERROR-CODE and reason phrase of each refusal (RFC 8489 14.8, RFC 8656 19). */
const refusals = {
  ERR_TURN_TRY_ALTERNATE: [300, 'Try Alternate'],
  ERR_TURN_BAD_REQUEST: [400, 'Bad Request'],
  ERR_TURN_UNAUTHENTICATED: [401, 'Unauthenticated'],
  ERR_TURN_FORBIDDEN: [403, 'Forbidden'],
  ERR_TURN_UNKNOWN_ATTRIBUTE: [420, 'Unknown Attribute'],
  ERR_TURN_ALLOCATION_MISMATCH: [437, 'Allocation Mismatch'],
  ERR_TURN_STALE_NONCE: [438, 'Stale Nonce'],
  ERR_TURN_ADDRESS_FAMILY_NOT_SUPPORTED: [440, 'Address Family not Supported'],
  ERR_TURN_WRONG_CREDENTIALS: [441, 'Wrong Credentials'],
  ERR_TURN_UNSUPPORTED_TRANSPORT: [442, 'Unsupported Transport Protocol'],
  ERR_TURN_PEER_ADDRESS_FAMILY_MISMATCH: [443, 'Peer Address Family Mismatch'],
  ERR_TURN_ALLOCATION_QUOTA_REACHED: [486, 'Allocation Quota Reached'],
  ERR_TURN_INSUFFICIENT_CAPACITY: [508, 'Insufficient Capacity'],
} as const;

export type RefusalCode = keyof typeof refusals;

/** Each refusal's code and the ERROR-CODE that goes with it. */
export const refusalStatusCodes: ReadonlyMap<RefusalCode, number> = new Map(
  Object.entries(refusals).map(([code, [statusCode]]) => [code as RefusalCode, statusCode]),
);

/** A request gets an error response. */
export class RequestRefused extends TurnError {
  readonly code: RefusalCode;
  /** The ERROR-CODE for the client. */
  readonly statusCode: number;
  readonly reasonPhrase: string;
  /** For UNKNOWN-ATTRIBUTES. */
  readonly unknownAttributes: readonly number[];
  /** What else the error response carries. */
  readonly attributes: readonly StunAttribute[];

  constructor(
    code: RefusalCode,
    because: string,
    unknownAttributes: readonly number[] = [],
    attributes: readonly StunAttribute[] = [],
  ) {
    super(because);
    this.code = code;
    [this.statusCode, this.reasonPhrase] = refusals[code];
    this.unknownAttributes = unknownAttributes;
    this.attributes = attributes;
  }
}

export type AnyTurnError = EngineNotStarted | RelayPortsExhausted | RequestRefused;

/**
 * Everything that can go wrong between ISIM and HSS.
 *
 * Decide on `code`: it is stable; class names and messages are not. No message repeats a value.
 * That the network's MAC or sequence number is wrong is no error but an outcome of AUTHENTICATE.
 *
 * @module
 */

export abstract class AkaError extends Error {
  /** The discriminant of {@link AnyAkaError}. */
  abstract readonly code: `ERR_AKA_${string}`;
}

/** A nonce is not base64 of RAND, AUTN and server data (RFC 3310 3.2). */
export class AkaNonceMalformed extends AkaError {
  readonly code = 'ERR_AKA_NONCE_MALFORMED';

  constructor(expected: string) {
    super(`nonce: expected ${expected}`);
  }
}

/** A parameter `auts` is not base64 of 14 octets (RFC 3310 3.4). */
export class AutsMalformed extends AkaError {
  readonly code = 'ERR_AKA_AUTS_MALFORMED';

  constructor() {
    super('auts: expected base64 of 14 octets');
  }
}

/** MAC-S is not what this subscriber's ISIM makes for this RAND (TS 33.102 6.3.5). */
export class AutsRejected extends AkaError {
  readonly code = 'ERR_AKA_AUTS_REJECTED';

  constructor() {
    super('AUTS: expected the MAC-S of this RAND');
  }
}

/** The last sequence number has been used; there is no wrap (TS 33.102 C.2.1). The subscriber needs a new K. */
export class SqnExhausted extends AkaError {
  readonly code = 'ERR_AKA_SQN_EXHAUSTED';

  constructor() {
    super('SQN: expected a SEQ below its maximum');
  }
}

/** What the store gave is not the state of an ISIM's sequence numbers. */
export class SequenceStateMalformed extends AkaError {
  readonly code = 'ERR_AKA_SEQUENCE_STATE_MALFORMED';

  constructor(expected: string) {
    super(`sequence state: expected ${expected}`);
  }
}

/** Too many commands wait for the soft ISIM. */
export class IsimBusy extends AkaError {
  readonly code = 'ERR_AKA_ISIM_BUSY';

  constructor(limit: number) {
    super(`AUTHENTICATE: expected at most ${limit} commands at once`);
  }
}

export type AnyAkaError =
  | AkaNonceMalformed
  | AutsMalformed
  | AutsRejected
  | IsimBusy
  | SequenceStateMalformed
  | SqnExhausted;

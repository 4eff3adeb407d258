/**
 * AKA of 3GPP without I/O: Milenage, vectors, sequence numbers, digest passwords, a soft ISIM.
 *
 * @module
 */
export {
  type AkaDigestAlgorithm,
  type AkaDigestAnswer,
  type AkaSession,
  akaDigestAnswer,
  akaDigestPassword,
  findAkaDigestAlgorithm,
} from './aka-digest.ts';
export { type AkaNonce, formatAkaNonce, parseAkaNonce } from './aka-nonce.ts';
export {
  type Authenticated,
  type AuthenticateInput,
  type AuthenticateResult,
  authenticate,
} from './authenticate.ts';
export {
  type AuthenticationVector,
  type AuthenticationVectorSource,
  createAuthenticationVector,
} from './authentication-vector.ts';
export { createAuts, openAuts } from './auts.ts';
export { formatAuts, parseAuts } from './auts-parameter.ts';
export {
  AkaError,
  AkaNonceMalformed,
  type AnyAkaError,
  AutsMalformed,
  AutsRejected,
  IsimBusy,
  SequenceStateMalformed,
  SqnExhausted,
} from './errors.ts';
export { nextSqn, type Resynchronisation, resynchroniseSqn } from './home-sequence.ts';
export { createMilenage, deriveOpc, type F2345, type Milenage, type MilenageKeys } from './milenage.ts';
export {
  decodeSqn,
  encodeSqn,
  indexCount,
  joinSqn,
  maxSeq,
  type SequenceNumber,
  splitSqn,
} from './sequence-number.ts';
export {
  acceptSqn,
  checkSqn,
  createSequenceState,
  defaultDelta,
  highestSqn,
  readSequenceState,
  type SequenceRules,
  type SequenceState,
  type SqnVerdict,
} from './sequence-state.ts';
export { type SequenceStore, SoftIsim, type SoftIsimOptions } from './soft-isim.ts';

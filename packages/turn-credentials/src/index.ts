/**
 * TURN credentials of TS 33.203 X.5.2: made by the eP-CSCF, read by the WIC, recomputed by the TURN server.
 *
 * @module
 */
export {
  type AnyTurnCredentialError,
  TurnCredentialError,
  TurnUsernameMalformed,
} from './errors.ts';
export {
  createTurnCredential,
  type TurnCredential,
  type TurnCredentialSource,
  turnPassword,
} from './turn-credential.ts';
export { formatTurnUsername, parseTurnUsername, type TurnUsername } from './turn-username.ts';

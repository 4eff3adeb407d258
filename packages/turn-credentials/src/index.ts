/**
 * TURN credentials of TS 33.203 X.5: those of X.5.2 made by the eP-CSCF, read by the WIC, recomputed by the TURN
 * server; access tokens of X.5.3 made by the WAF and read by the TURN server.
 *
 * @module
 */
export { type AsRsKey, parseAsRsKeys } from './as-rs-key.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export {
  type AnyTurnCredentialError,
  AsRsKeysMalformed,
  TurnAccessTokenExpired,
  TurnAccessTokenMalformed,
  TurnAccessTokenNotAuthentic,
  TurnCredentialError,
  TurnUsernameMalformed,
} from './errors.ts';
export { integrityKeyOf, type TurnKeying } from './integrity-key.ts';
export {
  createTurnAccess,
  readTurnAccessToken,
  type TurnAccess,
  type TurnAccessSource,
  type TurnAccessToken,
  type TurnAccessTokenReader,
  turnAccessGraceSeconds,
  turnAccessTokenId,
} from './turn-access.ts';
export {
  createTurnCredential,
  type TurnCredential,
  type TurnCredentialSource,
  type TurnHash,
  turnPassword,
} from './turn-credential.ts';
export { formatTurnUsername, parseTurnUsername, type TurnUsername } from './turn-username.ts';

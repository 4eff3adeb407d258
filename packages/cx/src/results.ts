/**
 * Results of Cx commands (TS 29.229 6.2), by name, with their numbers.
 *
 * There are two spaces of numbers that overlap: Result-Code of the Diameter base protocol and Experimental-Result of
 * 3GPP. An answer carries one or the other, never both: `kind` says which.
 *
 * @module
 */

/** Result-Code values of the base protocol that Cx uses (RFC 6733 7.1). */
export const baseResultCodes = {
  DIAMETER_SUCCESS: 2001,
  DIAMETER_LIMITED_SUCCESS: 2002,
  DIAMETER_AUTHORIZATION_REJECTED: 5003,
  DIAMETER_MISSING_AVP: 5005,
  DIAMETER_AVP_OCCURS_TOO_MANY_TIMES: 5009,
  DIAMETER_UNABLE_TO_COMPLY: 5012,
} as const;

/** Experimental-Result-Code values of vendor 10415 (TS 29.229 6.2.1 and 6.2.2). */
export const experimentalResultCodes = {
  DIAMETER_FIRST_REGISTRATION: 2001,
  DIAMETER_SUBSEQUENT_REGISTRATION: 2002,
  DIAMETER_UNREGISTERED_SERVICE: 2003,
  DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED: 2004,
  DIAMETER_ERROR_USER_UNKNOWN: 5001,
  DIAMETER_ERROR_IDENTITIES_DONT_MATCH: 5002,
  DIAMETER_ERROR_IDENTITY_NOT_REGISTERED: 5003,
  DIAMETER_ERROR_ROAMING_NOT_ALLOWED: 5004,
  DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED: 5005,
  DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED: 5006,
  DIAMETER_ERROR_IN_ASSIGNMENT_TYPE: 5007,
  DIAMETER_ERROR_TOO_MUCH_DATA: 5008,
  DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA: 5009,
  DIAMETER_ERROR_FEATURE_UNSUPPORTED: 5011,
  DIAMETER_ERROR_SERVING_NODE_FEATURE_UNSUPPORTED: 5012,
} as const;

export type BaseResultName = keyof typeof baseResultCodes;
export type ExperimentalResultName = keyof typeof experimentalResultCodes;

/** A Result-Code; `Name` may be a union. */
export interface BaseResult<Name extends BaseResultName = BaseResultName> {
  readonly kind: 'result';
  readonly name: Name;
}

/** An Experimental-Result; `Name` may be a union. */
export interface ExperimentalResult<Name extends ExperimentalResultName = ExperimentalResultName> {
  readonly kind: 'experimental';
  readonly name: Name;
}

/** What every Cx answer carries. No name occurs in both spaces, so `name` alone tells answers apart. */
export type CxResult = BaseResult | ExperimentalResult;

export function baseResult<Name extends BaseResultName>(name: Name): BaseResult<Name> {
  return { kind: 'result', name };
}

export function experimentalResult<Name extends ExperimentalResultName>(name: Name): ExperimentalResult<Name> {
  return { kind: 'experimental', name };
}

/** The number on the wire; it means nothing without `kind`. */
export function resultNumber(result: CxResult): number {
  return result.kind === 'result' ? baseResultCodes[result.name] : experimentalResultCodes[result.name];
}

/** Whether the command was carried out: numbers from 2000 to 2999 (RFC 6733 7.1). */
export function isSuccess(result: CxResult): boolean {
  return Math.floor(resultNumber(result) / 1000) === 2;
}

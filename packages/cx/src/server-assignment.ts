/**
 * SAR and SAA: the S-CSCF says what became of a registration and downloads the profile (TS 29.228 6.1.2).
 *
 * @module
 */
import type { BaseResult, ExperimentalResult } from './results.ts';
import type { AllowedWafWwsfIdentities, UserProfile } from './user-profile.ts';

/** Server-Assignment-Type (TS 29.229 6.3.15). */
export const serverAssignmentTypes = {
  NO_ASSIGNMENT: 0,
  REGISTRATION: 1,
  RE_REGISTRATION: 2,
  UNREGISTERED_USER: 3,
  TIMEOUT_DEREGISTRATION: 4,
  USER_DEREGISTRATION: 5,
  TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME: 6,
  USER_DEREGISTRATION_STORE_SERVER_NAME: 7,
  ADMINISTRATIVE_DEREGISTRATION: 8,
  AUTHENTICATION_FAILURE: 9,
  AUTHENTICATION_TIMEOUT: 10,
  DEREGISTRATION_TOO_MUCH_DATA: 11,
} as const;

export type ServerAssignmentType = keyof typeof serverAssignmentTypes;

export interface ServerAssignmentRequest {
  /** May be undefined for `NO_ASSIGNMENT` and `UNREGISTERED_USER` only, and in a deregistration that names identities. */
  readonly impi: string | undefined;
  /** One identity; a deregistration may name several, or none, which means all of `impi`. */
  readonly impus: readonly string[];
  /** SIP URI of the asking S-CSCF. */
  readonly serverName: string;
  readonly serverAssignmentType: ServerAssignmentType;
  /** True keeps the profile from being sent again (TS 29.228 6.6). */
  readonly userDataAlreadyAvailable: boolean;
}

/** What comes with success. */
interface AssignedUser {
  /** Undefined only where the request named several or no identities. */
  readonly impi: string | undefined;
  /** Undefined when the S-CSCF already has it, and on deregistration. */
  readonly userProfile: UserProfile | undefined;
  /** Undefined when the user has no such list, the S-CSCF already has it, and on deregistration. */
  readonly allowedWafWwsfIdentities: AllowedWafWwsfIdentities | undefined;
}

export type ServerAssignmentAnswer =
  | (BaseResult<'DIAMETER_SUCCESS'> & AssignedUser)
  /** Deregistered, though the S-CSCF wanted its name kept. */
  | (ExperimentalResult<'DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED'> & AssignedUser)
  | ExperimentalResult<
      | 'DIAMETER_ERROR_USER_UNKNOWN'
      | 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH'
      | 'DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED'
      | 'DIAMETER_ERROR_IN_ASSIGNMENT_TYPE'
    >
  | BaseResult<'DIAMETER_MISSING_AVP' | 'DIAMETER_AVP_OCCURS_TOO_MANY_TIMES' | 'DIAMETER_UNABLE_TO_COMPLY'>;

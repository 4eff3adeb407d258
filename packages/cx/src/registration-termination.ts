/**
 * RTR and RTA: the HSS has the S-CSCF deregister identities (TS 29.228 6.1.3).
 *
 * @module
 */
import type { BaseResult } from './results.ts';

/** Reason-Code of Deregistration-Reason (TS 29.229 6.3.17). */
export const deregistrationReasonCodes = {
  PERMANENT_TERMINATION: 0,
  NEW_SERVER_ASSIGNED: 1,
  SERVER_CHANGE: 2,
  REMOVE_S_CSCF: 3,
} as const;

export type DeregistrationReasonCode = keyof typeof deregistrationReasonCodes;

export interface RegistrationTerminationRequest {
  readonly impi: string;
  /** None means every identity of `impi`. With each goes its implicit registration set. */
  readonly impus: readonly string[];
  readonly reasonCode: DeregistrationReasonCode;
  /** Reason-Info: a text for people. */
  readonly reasonInfo: string | undefined;
}

/** Identity-with-Emergency-Registration (TS 29.229 6.3.57). */
export interface EmergencyRegistration {
  readonly impi: string;
  readonly impu: string;
}

/**
 * Pairs that are registered for an emergency stay so, where the reason is `PERMANENT_TERMINATION` or `REMOVE_S_CSCF`
 * (TS 29.228 6.1.3.1): `DIAMETER_LIMITED_SUCCESS` where others ended, `DIAMETER_UNABLE_TO_COMPLY` where none did. The
 * latter without any pair says that the S-CSCF failed.
 */
export type RegistrationTerminationAnswer =
  | BaseResult<'DIAMETER_SUCCESS'>
  | (BaseResult<'DIAMETER_LIMITED_SUCCESS' | 'DIAMETER_UNABLE_TO_COMPLY'> & {
      readonly identitiesWithEmergencyRegistration: readonly EmergencyRegistration[];
    });

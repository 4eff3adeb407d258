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

export type RegistrationTerminationAnswer = BaseResult<
  'DIAMETER_SUCCESS' | 'DIAMETER_LIMITED_SUCCESS' | 'DIAMETER_UNABLE_TO_COMPLY'
>;

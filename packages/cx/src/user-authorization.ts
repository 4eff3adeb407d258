/**
 * UAR and UAA: the I-CSCF asks whether, and at which S-CSCF, a user may register (TS 29.228 6.1.1).
 *
 * @module
 */
import type { BaseResult, ExperimentalResult } from './results.ts';
import type { ServerCapabilities } from './server-capabilities.ts';

/** User-Authorization-Type (TS 29.229 6.3.24). */
export const userAuthorizationTypes = {
  REGISTRATION: 0,
  DE_REGISTRATION: 1,
  REGISTRATION_AND_CAPABILITIES: 2,
} as const;

export type UserAuthorizationType = keyof typeof userAuthorizationTypes;

export interface UserAuthorizationRequest {
  /** User-Name: the private user identity. */
  readonly impi: string;
  /** Public-Identity: the To of the REGISTER. */
  readonly impu: string;
  /** Visited-Network-Identifier: domain name of the network the user registers from. */
  readonly visitedNetworkIdentifier: string;
  /** `DE_REGISTRATION` for expires 0; `REGISTRATION_AND_CAPABILITIES` when the assigned S-CSCF does not answer. */
  readonly userAuthorizationType: UserAuthorizationType;
  /** UAR-Flags bit 0: barring and roaming do not stop an emergency registration. */
  readonly emergencyRegistration: boolean;
}

export type UserAuthorizationAnswer =
  /** Nobody serves the user yet: select by the capabilities. */
  | (ExperimentalResult<'DIAMETER_FIRST_REGISTRATION'> & { readonly serverCapabilities: ServerCapabilities })
  /** The S-CSCF at `serverName` serves the subscription. */
  | (ExperimentalResult<'DIAMETER_SUBSEQUENT_REGISTRATION'> & { readonly serverName: string })
  /** To `DE_REGISTRATION`: the S-CSCF to deregister at. */
  | (BaseResult<'DIAMETER_SUCCESS'> & {
      readonly serverName: string | undefined;
      /** To `REGISTRATION_AND_CAPABILITIES`: the user may register; select another S-CSCF by these. */
      readonly serverCapabilities: ServerCapabilities | undefined;
    })
  | ExperimentalResult<
      | 'DIAMETER_ERROR_USER_UNKNOWN'
      | 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH'
      | 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED'
      | 'DIAMETER_ERROR_ROAMING_NOT_ALLOWED'
    >
  | BaseResult<'DIAMETER_AUTHORIZATION_REJECTED' | 'DIAMETER_UNABLE_TO_COMPLY'>;

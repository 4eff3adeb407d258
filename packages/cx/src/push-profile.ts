/**
 * PPR and PPA: the HSS gives the S-CSCF a changed profile (TS 29.228 6.2.2).
 *
 * @module
 */
import type { DigestAuthDataItem } from './multimedia-auth.ts';
import type { BaseResult, ExperimentalResult } from './results.ts';
import type { AllowedWafWwsfIdentities, UserProfile } from './user-profile.ts';

export interface PushProfileRequest {
  readonly impi: string;
  /** Replaces what the S-CSCF has for the implicit registration set; undefined changes nothing. */
  readonly userProfile: UserProfile | undefined;
  /** Replaces the list (TS 29.228 6.5.2.5); undefined changes nothing. */
  readonly allowedWafWwsfIdentities: AllowedWafWwsfIdentities | undefined;
  /** SIP-Auth-Data-Item: the H(A1)s of a new password (TS 33.203 N.2.5); undefined changes nothing. */
  readonly authData: DigestAuthDataItem | undefined;
}

export type PushProfileAnswer =
  | BaseResult<'DIAMETER_SUCCESS' | 'DIAMETER_UNABLE_TO_COMPLY'>
  | ExperimentalResult<
      'DIAMETER_ERROR_USER_UNKNOWN' | 'DIAMETER_ERROR_TOO_MUCH_DATA' | 'DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA'
    >;

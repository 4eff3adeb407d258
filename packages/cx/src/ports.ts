/**
 * The two ends of Cx (TS 29.228 6).
 *
 * A refusal is an answer. Calls reject with a CxError only where no answer came.
 *
 * @module
 */
import type { LocationInfoAnswer, LocationInfoRequest } from './location-info.ts';
import type { MultimediaAuthAnswer, MultimediaAuthRequest } from './multimedia-auth.ts';
import type { PushProfileAnswer, PushProfileRequest } from './push-profile.ts';
import type { RegistrationTerminationAnswer, RegistrationTerminationRequest } from './registration-termination.ts';
import type { ServerAssignmentAnswer, ServerAssignmentRequest } from './server-assignment.ts';
import type { UserAuthorizationAnswer, UserAuthorizationRequest } from './user-authorization.ts';

/** The HSS as the CSCFs see it. */
export interface CxHss {
  /** UAR (I-CSCF). */
  userAuthorization(request: UserAuthorizationRequest): Promise<UserAuthorizationAnswer>;
  /** MAR (S-CSCF). */
  multimediaAuth(request: MultimediaAuthRequest): Promise<MultimediaAuthAnswer>;
  /** SAR (S-CSCF). */
  serverAssignment(request: ServerAssignmentRequest): Promise<ServerAssignmentAnswer>;
  /** LIR (I-CSCF). */
  locationInfo(request: LocationInfoRequest): Promise<LocationInfoAnswer>;
}

/** The S-CSCF as the HSS sees it. */
export interface CxSCscf {
  /** RTR. */
  registrationTermination(request: RegistrationTerminationRequest): Promise<RegistrationTerminationAnswer>;
  /** PPR. */
  pushProfile(request: PushProfileRequest): Promise<PushProfileAnswer>;
}

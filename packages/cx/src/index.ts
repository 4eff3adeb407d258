export { type Avp, type AvpName, avps, findAvpName, vendors } from './avps.ts';
export { type AnyCxError, CxError, CxPeerFailed, CxPeerUnreachable, CxTimeout, CxTooBusy } from './errors.ts';
export { createInProcessCx, type InProcessCx, type InProcessCxOptions } from './in-process-cx.ts';
export type { LocationInfoAnswer, LocationInfoRequest } from './location-info.ts';
export type {
  AkaAuthDataItem,
  AlternateDigest,
  DigestAuthDataItem,
  MultimediaAuthAnswer,
  MultimediaAuthRequest,
  NassBundledAuthDataItem,
  SipAuthDataItem,
  SipAuthenticationScheme,
} from './multimedia-auth.ts';
export type { CxHss, CxSCscf } from './ports.ts';
export type { PushProfileAnswer, PushProfileRequest } from './push-profile.ts';
export {
  type DeregistrationReasonCode,
  deregistrationReasonCodes,
  type EmergencyRegistration,
  type RegistrationTerminationAnswer,
  type RegistrationTerminationRequest,
} from './registration-termination.ts';
export {
  type BaseResult,
  type BaseResultName,
  baseResult,
  baseResultCodes,
  type CxResult,
  type ExperimentalResult,
  type ExperimentalResultName,
  experimentalResult,
  experimentalResultCodes,
  isSuccess,
  resultNumber,
} from './results.ts';
export {
  type ServerAssignmentAnswer,
  type ServerAssignmentRequest,
  type ServerAssignmentType,
  serverAssignmentTypes,
} from './server-assignment.ts';
export type { ServerCapabilities } from './server-capabilities.ts';
export {
  type UserAuthorizationAnswer,
  type UserAuthorizationRequest,
  type UserAuthorizationType,
  userAuthorizationTypes,
} from './user-authorization.ts';
export {
  type AllowedWafWwsfIdentities,
  findDefaultImpu,
  type PublicIdentity,
  type UserProfile,
} from './user-profile.ts';

export { anonymousPeer, isAnonymous } from './calls/anonymous-peer.ts';
export { type CreateWicOptions, createWic } from './create-wic.ts';
export {
  type AnyWicError,
  CameraRefused,
  DescriptionRefused,
  MediaRefused,
  SignedOut,
  TargetInvalid,
  WicError,
} from './errors.ts';
export type { Platform } from './platform.ts';
export type { BearerSyntax } from './registration/bearer-authentication.ts';
export type {
  DigestHa1,
  DigestPassword,
  WebCredentials,
  WicCredentials,
} from './registration/wic-credentials.ts';
export type {
  Activity,
  Call,
  CallEnd,
  CallEndCause,
  CallState,
  CallStatus,
  Observable,
  Peer,
  RefusalDetail,
  RegistrationFailure,
  RegistrationState,
  Wic,
  WicOptions,
} from './wic.ts';

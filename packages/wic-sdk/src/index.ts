export { anonymousPeer, isAnonymous } from './calls/anonymous-peer.ts';
export { type CreateWicOptions, createWic } from './create-wic.ts';
export {
  AccessNotGranted,
  type AnyWicError,
  CameraRefused,
  DescriptionRefused,
  MediaRefused,
  SignedOut,
  SimUnavailable,
  TargetInvalid,
  WicError,
} from './errors.ts';
export type { Platform } from './platform.ts';
export type {
  CameraStep,
  Concern,
  Device,
  DeviceProblem,
  Grade,
  LoopbackStep,
  Measured,
  MicrophoneStep,
  PreCallState,
  PreCallTest,
  RelayStep,
  RelayTestProblem,
  SignallingStep,
  SpeakerStep,
  StepStatus,
  Verdict,
} from './pre-call/pre-call-test.ts';
export type { AkaCredentials, SimAnswer } from './registration/aka-credentials.ts';
export type { BearerSyntax } from './registration/bearer-authentication.ts';
export { chooseWay, type WayIn } from './registration/choose-way.ts';
export { describeFailure } from './registration/registration-failure.ts';
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
  FailureDetail,
  IceTransportPolicy,
  MediaPath,
  NetworkEnd,
  Observable,
  Peer,
  RefusalDetail,
  RegistrationDetails,
  RegistrationFailed,
  RegistrationFailure,
  RegistrationFailureCode,
  RegistrationRemedy,
  RegistrationScheme,
  RegistrationState,
  Relay,
  RelayProblem,
  SimProblem,
  Wic,
  WicOptions,
} from './wic.ts';

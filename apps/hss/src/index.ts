export { type Config, configSchema, readConfig } from './config.ts';
export {
  type AnyHssError,
  BrowserRefused,
  HostMisdirected,
  HssError,
  ImpuTaken,
  type InputFault,
  InputInvalid,
  RangeMember,
  RangesOverlap,
  RangesTooMany,
  RangeUnknown,
  SubscriptionBusy,
  SubscriptionExists,
  SubscriptionUnknown,
} from './errors.ts';
export type { IdentityRangeInput, RangeReplacementInput } from './provisioning/identity-range-input.ts';
export type { ChangedRange, IdentityRanges } from './provisioning/identity-ranges.ts';
export type { Notification } from './provisioning/s-cscf-notifier.ts';
export type {
  ChangeInput,
  DeregistrationInput,
  PageInput,
  ReplacementInput,
  SubscriptionInput,
} from './provisioning/subscription-input.ts';
export type { Changed, Subscriptions } from './provisioning/subscriptions.ts';
export { type HssWiring, type RunningHss, start } from './start.ts';
export type { IdentityRange } from './subscriptions/identity-range.ts';
export type {
  AkaCredential,
  DigestCredential,
  Identity,
  RegistrationState,
  Subscription,
} from './subscriptions/subscription.ts';
export type { SubscriptionPage } from './subscriptions/subscription-store.ts';

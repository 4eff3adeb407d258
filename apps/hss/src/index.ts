export { type Config, configSchema, readConfig } from './config.ts';
export {
  type AnyHssError,
  BrowserRefused,
  HostMisdirected,
  HssError,
  ImpuTaken,
  type InputFault,
  InputInvalid,
  SubscriptionBusy,
  SubscriptionExists,
  SubscriptionUnknown,
} from './errors.ts';
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
export type { DigestCredential, Identity, RegistrationState, Subscription } from './subscriptions/subscription.ts';
export type { SubscriptionPage } from './subscriptions/subscription-store.ts';

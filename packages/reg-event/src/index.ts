export { type AnyReginfoError, ReginfoError, ReginfoMalformed, ReginfoTooLarge } from './errors.ts';
export { encodeReginfo, formatReginfo } from './format-reginfo.ts';
export { decodeReginfo, parseReginfo } from './parse-reginfo.ts';
export {
  type ContactEvent,
  type ContactState,
  contactEvents,
  type Reginfo,
  type ReginfoContact,
  type ReginfoRegistration,
  type RegistrationState,
  reginfoContentType,
  type TempGruu,
} from './reginfo.ts';
export { defaultReginfoLimits, type ReginfoLimits } from './reginfo-limits.ts';
export { type ReginfoOutcome, ReginfoView } from './reginfo-view.ts';

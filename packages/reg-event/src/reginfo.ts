/**
 * What `application/reginfo+xml` says (RFC 3680 5, RFC 5628 5): the state of a user's registrations.
 *
 * @module
 */

/** `init`: no contact is registered yet; `terminated`: none is any more. */
export type RegistrationState = 'init' | 'active' | 'terminated';

export type ContactState = 'active' | 'terminated';

/**
 * What brought a contact into its state (RFC 3680 5.1). `deactivated` asks the user agent to register again at once,
 * `probation` later, `rejected` not to.
 */
export type ContactEvent = (typeof contactEvents)[number];

export const contactEvents = [
  'registered',
  'created',
  'refreshed',
  'shortened',
  'expired',
  'deactivated',
  'probation',
  'unregistered',
  'rejected',
] as const;

/** One contact address of an address-of-record. */
export interface ReginfoContact {
  /** Names it within one subscription. */
  readonly id: string;
  readonly state: ContactState;
  readonly event: ContactEvent;
  /** What is left of it; the schema wants it after `shortened`. */
  readonly expiresSeconds: number | undefined;
  /** After `probation`: when to register again. */
  readonly retryAfterSeconds: number | undefined;
  readonly durationRegisteredSeconds: number | undefined;
  /** 0 to 1. */
  readonly q: number | undefined;
  /** Of the last REGISTER that changed it. */
  readonly callId: string | undefined;
  readonly cseq: number | undefined;
  readonly uri: string;
  readonly displayName: string | undefined;
  /** Parameters of Contact that have no place of their own, as written: `+sip.instance` with its quotes, `reg-id`. */
  readonly unknownParams: ReadonlyMap<string, string>;
  /** RFC 5628 5.1. */
  readonly pubGruu: string | undefined;
  readonly tempGruu: TempGruu | undefined;
}

export interface TempGruu {
  readonly uri: string;
  /** CSeq number of the REGISTER after which the temporary GRUUs made since are valid. */
  readonly firstCseq: number;
}

/** One address-of-record. */
export interface ReginfoRegistration {
  readonly aor: string;
  /** Names it within one subscription. */
  readonly id: string;
  readonly state: RegistrationState;
  readonly contacts: readonly ReginfoContact[];
}

export interface Reginfo {
  /** Of one subscription: 0, then one more each document. */
  readonly version: number;
  /** `partial`: only the registrations that changed. */
  readonly state: 'full' | 'partial';
  readonly registrations: readonly ReginfoRegistration[];
}

/** Content-Type of NOTIFY, and Accept of SUBSCRIBE (RFC 3680 4.4). */
export const reginfoContentType = 'application/reginfo+xml';

export const reginfoNamespace = 'urn:ietf:params:xml:ns:reginfo';
export const gruuNamespace = 'urn:ietf:params:xml:ns:gruuinfo';

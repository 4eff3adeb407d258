/**
 * A subscription as the HSS holds it: identities, what they may do, and what became of their registration.
 *
 * Values; changing one means making another.
 *
 * @module
 */
import type { AllowedWafWwsfIdentities, PublicIdentity, ServerCapabilities, UserProfile } from '@wicgate/cx';

/** `unregistered`: served by an S-CSCF for a call or by its wish, without being registered (TS 23.228 5.2.1). */
export type RegistrationState = 'not-registered' | 'registered' | 'unregistered';

export interface Identity extends PublicIdentity {
  /** Identities with the same number register and deregister together (TS 23.228 5.2.1a). */
  readonly implicitRegistrationSet: number;
  readonly state: RegistrationState;
  /** Authentication data were given out and nothing was heard of the outcome (TS 29.228 6.3.1). */
  readonly authPending: boolean;
}

/** What a user proves who they are by with SIP Digest; the password itself is nowhere (TS 33.203 N.2.1.1). Secret. */
export interface DigestCredential {
  /** H(A1) of MD5, 32 hexadecimal digits in lower case. */
  readonly md5: string;
  /** H(A1) of SHA-256, 64 of them. */
  readonly sha256: string | undefined;
}

/** What a user's ISIM and the HSS share for AKA (TS 33.102 6.3.1); OP itself is nowhere. Secret but for `amf`. */
export interface AkaCredential {
  /** 32 hexadecimal digits in lower case. */
  readonly k: string;
  /** 32 of them. */
  readonly opc: string;
  /** 4 of them. */
  readonly amf: string;
  /** SQN_HE: the last sequence number that was given out, below 2^48. */
  readonly sqn: number;
}

/** What an operator decides about a subscription. */
export interface SubscriptionData {
  /** Bars every identity, whatever is said of each. */
  readonly barred: boolean;
  /** At least one; the order is kept, and decides which is the default of its implicit registration set. */
  readonly impus: readonly (PublicIdentity & { readonly implicitRegistrationSet: number })[];
  /** Domain names of the visited networks the user may register from; the home domain needs no mention. */
  readonly roamingNetworks: readonly string[];
  /** Calls to the user find an S-CSCF even where the user is not registered. */
  readonly unregisteredServices: boolean;
  readonly serverCapabilities: ServerCapabilities;
  readonly allowedWafWwsfIdentities: AllowedWafWwsfIdentities | undefined;
  /** Undefined where the user has no password here. */
  readonly digestCredential: DigestCredential | undefined;
  /** Undefined where the user has no ISIM. */
  readonly akaCredential: AkaCredential | undefined;
}

export interface Subscription extends Omit<SubscriptionData, 'impus'> {
  readonly impi: string;
  /** Pattern of the range that the user is a member of; undefined for a user of their own. */
  readonly range: string | undefined;
  readonly identities: readonly Identity[];
  /** SIP URI of the S-CSCF that serves the subscription. */
  readonly sCscfName: string | undefined;
  /** The S-CSCF is being replaced: another may take over (TS 29.228 6.1.1.1, TS 23.380 4.2). */
  readonly reassignmentPending: boolean;
}

export function newSubscription(impi: string, data: SubscriptionData): Subscription {
  const fresh = { impi, range: undefined, identities: [], sCscfName: undefined, reassignmentPending: false };
  return withData({ ...fresh, ...withoutImpus(data) }, data);
}

/** The subscription as the operator now wants it. An identity that joins a registered set is registered with it. */
export function withData(subscription: Subscription, data: SubscriptionData): Subscription {
  const identities = data.impus.map((identity) => {
    const set = setOf(subscription, identity.implicitRegistrationSet);
    const known = set.find(({ impu }) => impu === identity.impu);
    return { ...identity, state: set[0]?.state ?? 'not-registered', authPending: known?.authPending ?? false };
  });
  const akaCredential = withoutGoingBack(data.akaCredential, subscription.akaCredential);
  return withoutIdleServer({ ...subscription, ...withoutImpus(data), akaCredential, identities });
}

/** With the same keys, no sequence number is used twice (TS 33.102 6.3.2). */
function withoutGoingBack(
  wanted: AkaCredential | undefined,
  current: AkaCredential | undefined,
): AkaCredential | undefined {
  if (wanted === undefined || current === undefined || hasOtherKeys(wanted, current)) return wanted;
  return { ...wanted, sqn: Math.max(wanted.sqn, current.sqn) };
}

export function hasOtherKeys(one: AkaCredential, other: AkaCredential): boolean {
  return one.k !== other.k || one.opc !== other.opc;
}

/** The implicit registration set of that number, the first identity first. */
export function setOf(subscription: Subscription, implicitRegistrationSet: number): readonly Identity[] {
  return subscription.identities.filter((identity) => identity.implicitRegistrationSet === implicitRegistrationSet);
}

/** Numbers of the implicit registration sets, in order. */
export function setNumbers(subscription: Subscription): readonly number[] {
  return [...new Set(subscription.identities.map((identity) => identity.implicitRegistrationSet))].sort(
    (a, b) => a - b,
  );
}

export function findIdentity(subscription: Subscription, impu: string): Identity | undefined {
  return subscription.identities.find((identity) => identity.impu === impu);
}

/** What an S-CSCF gets to know of one set (TS 29.228 6.5.1.4). */
export function profileOf(subscription: Subscription, implicitRegistrationSet: number): UserProfile {
  const set = setOf(subscription, implicitRegistrationSet);
  return {
    impi: subscription.impi,
    implicitRegistrationSet: set.map(({ impu, barred }) => ({ impu, barred: barred || subscription.barred })),
  };
}

/** A barred identity registers only for the sake of another in its set (TS 29.228 6.1.1.1 step 5). */
export function isSetBarred(subscription: Subscription, implicitRegistrationSet: number): boolean {
  return profileOf(subscription, implicitRegistrationSet).implicitRegistrationSet.every(({ barred }) => barred);
}

/** Whether any identity has the state. */
export function isAny(subscription: Subscription, state: RegistrationState): boolean {
  return subscription.identities.some((identity) => identity.state === state);
}

/** The sets of the named identities in another state, as one (TS 29.228 6.5); nothing is pending for them any more. */
export function withState(
  subscription: Subscription,
  impus: readonly string[],
  state: RegistrationState,
): Subscription {
  const sets = new Set(impus.map((impu) => findIdentity(subscription, impu)?.implicitRegistrationSet));
  const identities = subscription.identities.map((identity) =>
    sets.has(identity.implicitRegistrationSet) ? { ...identity, state, authPending: false } : identity,
  );
  return { ...subscription, identities };
}

/** Whether no identity is served, nor about to be. */
export function isIdle({ identities }: Subscription): boolean {
  return identities.every(({ state, authPending }) => state === 'not-registered' && !authPending);
}

/** Forgets the S-CSCF once no identity needs it. */
export function withoutIdleServer(subscription: Subscription): Subscription {
  return isIdle(subscription) ? { ...subscription, sCscfName: undefined, reassignmentPending: false } : subscription;
}

function withoutImpus({ impus: _impus, ...rest }: SubscriptionData): Omit<SubscriptionData, 'impus'> {
  return rest;
}

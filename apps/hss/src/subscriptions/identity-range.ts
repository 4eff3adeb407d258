/**
 * A range of identities that exist without being stored one by one: the extension of TS 33.203 X.4.1, where a third
 * party manages an unbounded number of them (TS 23.228 U.2.1.4).
 *
 * A pattern has one `*`, which stands for one run of letters, digits, `.`, `_` and `-`. Private and public identity of
 * a member have the same run.
 *
 * @module
 */
import type { AllowedWafWwsfIdentities } from '@wicgate/cx';
import { canonicalImpi, findCanonicalImpu } from './identities.ts';
import { newSubscription, type Subscription, type SubscriptionData } from './subscription.ts';

export interface IdentityRange {
  /** Pattern of private identities, e.g. `visitor-*@ims.example`; names the range. */
  readonly impi: string;
  /** Pattern of public identities, e.g. `sip:visitor-*@ims.example`. */
  readonly impu: string;
  /** How many members may be registered at a time. */
  readonly maxRegistered: number;
  readonly allowedWafWwsfIdentities: AllowedWafWwsfIdentities | undefined;
}

const run = /^[A-Za-z0-9._-]{1,128}$/;

/** The pattern with one `*`, in the part before the `@`, in canonical form; undefined for anything else. */
export function canonicalImpiPattern(text: string): string | undefined {
  return checkPattern(canonicalImpi(text));
}

/** The same of public identities; `sip:` and `sips:` only. */
export function canonicalImpuPattern(text: string): string | undefined {
  return checkPattern(findCanonicalImpu(text));
}

function checkPattern(pattern: string | undefined): string | undefined {
  return pattern !== undefined && /^[^*@]*\*[^*@]*@[^*@]*$/.test(pattern) ? pattern : undefined;
}

/** What the `*` stands for in `identity`, both in canonical form; undefined where the identity is not of the pattern. */
export function findRun(pattern: string, identity: string): string | undefined {
  const [start, end] = partsOf(pattern);
  if (identity.length < start.length + end.length || !identity.startsWith(start) || !identity.endsWith(end)) {
    return undefined;
  }
  const middle = identity.slice(start.length, identity.length - end.length);
  return run.test(middle) ? middle : undefined;
}

/** Whether an identity could be of both patterns. It may say so also where none is. */
export function areOverlapping(one: string, other: string): boolean {
  const [[start, end], [otherStart, otherEnd]] = [partsOf(one), partsOf(other)];
  const isStart = start.startsWith(otherStart) || otherStart.startsWith(start);
  return isStart && (end.endsWith(otherEnd) || otherEnd.endsWith(end));
}

/** The member as it is while nobody serves it; undefined where that run makes no identities. */
export function memberOf(range: IdentityRange, middle: string): Subscription | undefined {
  const impi = range.impi.replace('*', () => middle);
  const impu = range.impu.replace('*', () => middle);
  if (canonicalImpi(impi) !== impi || findCanonicalImpu(impu) !== impu) return undefined;
  const impus = [{ impu, barred: false, implicitRegistrationSet: 0 }];
  return { ...newSubscription(impi, { impus, ...memberDataOf(range) }), range: range.impi };
}

/** What every member has. */
export function memberDataOf({ allowedWafWwsfIdentities }: IdentityRange): Omit<SubscriptionData, 'impus'> {
  return {
    barred: false,
    roamingNetworks: [],
    unregisteredServices: false,
    serverCapabilities: { mandatory: [], optional: [], serverNames: [] },
    allowedWafWwsfIdentities,
    digestCredential: undefined,
    akaCredential: undefined,
  };
}

function partsOf(pattern: string): readonly [start: string, end: string] {
  const star = pattern.indexOf('*');
  return [pattern.slice(0, star), pattern.slice(star + 1)];
}

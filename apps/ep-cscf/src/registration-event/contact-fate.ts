/**
 * What a notification of the registration event says of one contact of ours (TS 24.229 5.2.3, RFC 3680 5.1).
 *
 * @module
 */
import type { ContactEvent, Reginfo, ReginfoContact, ReginfoRegistration, ReginfoView } from '@wicgate/reg-event';
import { canonicalImpu, formatUri, isSameUri, parseUri, quoted, SipError } from '@wicgate/sip';
import { isEmergencyContact } from '../emergency/emergency-contact.ts';

/** One registration of a flow, as the registrar knows it. */
export interface FlowContact {
  readonly uri: string;
  readonly instance: string;
  /** 0 where the contact names no flow: its URI is its name. */
  readonly regId: number;
  /** The public identities that it was registered with. */
  readonly impus: readonly string[];
}

/** Why a contact is gone; `missing`: the full state does not name it, and nobody has said why. */
export type GoneEvent =
  | Extract<ContactEvent, 'expired' | 'deactivated' | 'probation' | 'unregistered' | 'rejected'>
  | 'missing';

export type ContactFate =
  | {
      readonly type: 'stands';
      /** What is left of it where it was cut short. */
      readonly shortenedSeconds: number | undefined;
      /** Identities that it is not registered with any more. */
      readonly withdrawn: readonly string[];
    }
  | { readonly type: 'gone'; readonly event: GoneEvent }
  /** Nothing was said of it. */
  | { readonly type: 'untold' };

/** `document` has been taken by `view` already. */
export function fateOf(contact: FlowContact, document: Reginfo, view: ReginfoView): ContactFate {
  const told = document.registrations.map((registration) => ({
    aor: registration.aor,
    contact: findContact(registration, contact),
  }));
  const ended = told.filter((each) => each.contact?.state === 'terminated');
  if (isActive(contact, view)) {
    return { type: 'stands', shortenedSeconds: shortest(told), withdrawn: withdrawnOf(contact, ended, view) };
  }
  const events = ended.map((each) => each.contact?.event);
  // Where identities differ, what ends the most counts.
  const event = goneEvents.find((each) => events.includes(each)) ?? (ended.length > 0 ? 'expired' : undefined);
  if (event !== undefined) return { type: 'gone', event };
  return document.state === 'full' && isToldWithout(contact, document) ? { type: 'gone', event: 'missing' } : untold;
}

/** Whether any registration still has it (TS 24.229 5.2.3): it can leave one identity and stay with another. */
export function isActive(contact: FlowContact, { registrations }: ReginfoView): boolean {
  return registrations.some((registration) => findContact(registration, contact) !== undefined);
}

const goneEvents = ['rejected', 'deactivated', 'probation', 'unregistered', 'expired'] as const;
const untold = { type: 'untold' } as const;

interface Told {
  readonly aor: string;
  readonly contact: ReginfoContact | undefined;
}

function shortest(told: readonly Told[]): number | undefined {
  const seconds = told.flatMap(({ contact }) =>
    contact?.state === 'active' && contact.event === 'shortened' ? [contact.expiresSeconds ?? 0] : [],
  );
  return seconds.length === 0 ? undefined : Math.min(...seconds);
}

function withdrawnOf(contact: FlowContact, ended: readonly Told[], view: ReginfoView): readonly string[] {
  const kept = view.registrations.filter((registration) => findContact(registration, contact) !== undefined);
  const keptImpus = new Set(kept.map(({ aor }) => canonical(aor)));
  return ended.map(({ aor }) => canonical(aor)).filter((impu) => !keptImpus.has(impu));
}

/** A document that is short of room names the contacts of some identities only: whose it names none of says nothing. */
function isToldWithout({ impus }: FlowContact, { registrations }: Reginfo): boolean {
  const own = new Set(impus.map(canonical));
  const about = registrations.filter(({ aor }) => own.has(canonical(aor)));
  return about.some(({ contacts, state }) => contacts.length > 0 || state === 'terminated');
}

function findContact({ contacts }: ReginfoRegistration, contact: FlowContact): ReginfoContact | undefined {
  const found = contacts.filter((each) => isSame(each, contact));
  // One that is there once more under another id stands.
  return found.find(({ state }) => state === 'active') ?? found[0];
}

/** By its URI and, where both have one, its flow: a page that is loaded anew has the same flow under another URI. */
function isSame({ uri, unknownParams }: ReginfoContact, contact: FlowContact): boolean {
  if (!isSameContactUri(uri, contact.uri)) return false;
  const [instance, regId] = [unknownParams.get('+sip.instance'), unknownParams.get('reg-id')];
  if (contact.regId === 0 || instance === undefined || regId === undefined) return true;
  return instance === quoted(`<${contact.instance}>`) && Number(regId) === contact.regId;
}

/** A registrar keeps no header fields of the URI; what is not readable is not ours. */
function isSameContactUri(left: string, right: string): boolean {
  try {
    return (
      isEmergencyContact(left) === isEmergencyContact(right) && isSameUri(withoutHeaders(left), withoutHeaders(right))
    );
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}

function withoutHeaders(text: string): string {
  const uri = parseUri(text);
  return uri.scheme === 'tel' || uri.headers === '' ? text : formatUri({ ...uri, headers: '' });
}

/** An identity that cannot be read is nobody's. */
function canonical(impu: string): string {
  try {
    return canonicalImpu(impu);
  } catch (error) {
    if (error instanceof SipError) return impu;
    throw error;
  }
}

/**
 * What a 2xx to REGISTER says (RFC 3261 10.2.4, 10.3 step 8).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { type Contact, parseContact } from '../headers/contact.ts';
import { parseFlowTimer } from '../headers/flow-timer.ts';
import type { Headers } from '../headers/headers.ts';
import { findNumber } from '../headers/number-header.ts';
import type { SipResponse } from '../messages/message.ts';
import { isOutboundInUse } from '../outbound/outbound-contact.ts';
import { readKeep } from '../outbound/via-keep.ts';
import { isSameUri } from '../uris/is-same-uri.ts';

/** What stands at the registrar, by its last word. */
export interface Registered {
  /** Every binding of the address of record. */
  readonly contacts: readonly Contact[];
  /** Those of this end, in the order in which it named them. */
  readonly own: readonly Contact[];
  /** The shortest of its own: 0 where it has none. */
  readonly expiresSeconds: number;
  /** Values as written (RFC 3608), for the Route of later requests. */
  readonly serviceRoute: readonly string[];
  /** Values as written (RFC 7315 4.1). */
  readonly associatedUris: readonly string[];
  /** Values as written (RFC 3327). */
  readonly path: readonly string[];
  /** RFC 5626 4.4: how long the first hop keeps a silent flow. */
  readonly flowTimerSeconds: number | undefined;
  /** RFC 6223: see `readKeep`. */
  readonly keepSeconds: number | undefined;
  /** RFC 5626 4.2.1: the registrar tells flows apart. */
  readonly usesOutbound: boolean;
  readonly response: SipResponse;
}

/** A contact as it was sent. */
export type SentContact = Pick<Contact, 'uri' | 'instanceId' | 'regId'>;

const maxValues = 64;

/**
 * Reads a 2xx for `sent`, which asked for `askedSeconds`.
 *
 * What other devices have bound is none of this end's business: a Contact that cannot be read is left out.
 *
 * @throws {HeaderMalformed} Expires or Via is broken.
 */
export function readRegistered(response: SipResponse, sent: readonly SentContact[], askedSeconds: number): Registered {
  const { headers } = response;
  const found = readContacts(headers);
  const fallback = findNumber(headers, 'Expires') ?? askedSeconds;
  const own = sent.flatMap((contact) => found.find((each) => isSameContact(each, contact)) ?? []);
  const flowTimer = headers.first('Flow-Timer') ?? '';
  const lifetimes = own.map(({ expiresSeconds }) => expiresSeconds ?? fallback);
  return {
    contacts: found,
    own,
    expiresSeconds: lifetimes.length === 0 ? 0 : Math.min(...lifetimes),
    serviceRoute: headers.all('Service-Route').slice(0, maxValues),
    associatedUris: headers.all('P-Associated-URI').slice(0, maxValues),
    path: headers.all('Path').slice(0, maxValues),
    flowTimerSeconds: readIfWhole(() => parseFlowTimer(flowTimer)),
    keepSeconds: readKeep(response),
    usesOutbound: isOutboundInUse(headers),
    response,
  };
}

/** By instance and flow where both say them (RFC 5626 6), else by URI (RFC 3261 10.2.4). */
function isSameContact(left: SentContact, right: SentContact): boolean {
  if (left.instanceId !== undefined && right.instanceId !== undefined) {
    return left.instanceId === right.instanceId && left.regId === right.regId;
  }
  // A binding of another device may have another scheme, such as mailto.
  return left.uri === right.uri || readIfWhole(() => isSameUri(left.uri, right.uri)) === true;
}

function readContacts(headers: Headers): readonly Contact[] {
  const values = headers.all('Contact').slice(0, maxValues);
  return values.flatMap((value) => readIfWhole(() => parseContact(value)) ?? []);
}

function readIfWhole<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

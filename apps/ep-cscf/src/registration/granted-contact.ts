/**
 * The contact of a REGISTER: which flow it names, and what the registrar granted for it (RFC 3261 10.3, RFC 5626 4.2).
 *
 * @module
 */
import {
  findNumber,
  formatUri,
  HeaderMalformed,
  type NameAddr,
  parseNameAddr,
  parseUri,
  type SipRequest,
  type SipResponse,
  unquote,
} from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';

export type RequestedContact =
  /** A query, or `*`: no contact of its own. */
  | { readonly kind: 'query' | 'all' }
  | {
      readonly kind: 'one';
      readonly address: NameAddr;
      /** Undefined where it names no flow: instance and reg-id go together. */
      readonly flow: { readonly instance: string; readonly regId: number } | undefined;
    };

/** Where the registrar names no time (RFC 3261 10.2.1.1). */
const defaultExpiresSeconds = 3_600;
const maxInstanceCharacters = 128;
const maxRegId = 2_147_483_647;

/**
 * The one contact of a REGISTER: a WIC has one flow, and registers it.
 *
 * @throws {RequestRefused} there are several. @throws {HeaderMalformed}
 */
export function readContact({ headers }: SipRequest): RequestedContact {
  const [value, ...rest] = headers.all('Contact');
  if (value === undefined) return { kind: 'query' };
  if (rest.length > 0) throw new RequestRefused('several contacts');
  if (value === '*') return { kind: 'all' };
  const address = parseNameAddr(value, 'Contact');
  parseUri(address.uri, 'Contact');
  return { kind: 'one', address, flow: findFlow(address) };
}

function findFlow({ params }: NameAddr): { instance: string; regId: number } | undefined {
  const instance = params.get('+sip.instance');
  const regId = params.get('reg-id');
  if (instance === undefined || regId === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/u.test(regId) || Number(regId) > maxRegId) throw new HeaderMalformed('Contact', 0, 'reg-id');
  const name = readInstance(instance);
  if (name === '' || name.length > maxInstanceCharacters) throw new HeaderMalformed('Contact', 0, '+sip.instance');
  return { instance: name, regId: Number(regId) };
}

/** `"<urn:uuid:…>"` without quotes and brackets. */
function readInstance(value: string): string {
  return unquote(value).replace(/^<(.*)>$/su, '$1');
}

/** Seconds that a 200 grants the contact; undefined: it is not, or no longer, registered. */
export function findGrantedSeconds(requested: RequestedContact, { headers }: SipResponse): number | undefined {
  if (requested.kind !== 'one') return undefined;
  for (const value of headers.all('Contact')) {
    const granted = parseNameAddr(value, 'Contact');
    if (!isSame(requested, granted)) continue;
    const seconds = readSeconds(granted) ?? findNumber(headers, 'Expires') ?? defaultExpiresSeconds;
    return seconds > 0 ? seconds : undefined;
  }
  return undefined;
}

/** A contact with a flow is known by it (RFC 5626 6), another by its URI (RFC 3261 10.2.4). */
function isSame({ address, flow }: Extract<RequestedContact, { kind: 'one' }>, granted: NameAddr): boolean {
  if (flow === undefined) return spellingOf(address) === spellingOf(granted);
  const instance = granted.params.get('+sip.instance');
  return instance !== undefined && readInstance(instance) === flow.instance && hasRegId(granted, flow.regId);
}

function hasRegId({ params }: NameAddr, regId: number): boolean {
  return params.get('reg-id') === String(regId);
}

function spellingOf({ uri }: NameAddr): string {
  return formatUri(parseUri(uri, 'Contact'));
}

function readSeconds({ params }: NameAddr): number | undefined {
  const expires = params.get('expires');
  return expires !== undefined && /^\d{1,10}$/u.test(expires) ? Number(expires) : undefined;
}

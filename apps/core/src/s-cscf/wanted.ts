/**
 * What a REGISTER asks for, read before anybody is told of it (RFC 3261 10.3, RFC 5626 6, TS 24.229 5.4.1.2).
 *
 * @module
 */
import {
  canonicalImpu,
  findNumber,
  HeaderMalformed,
  parseCSeq,
  parseNameAddr,
  parseUri,
  type SipRequest,
} from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';
import { type RequestedContact, readContacts } from './contact.ts';
import { readVouching, type Vouched } from './trusted-node-authentication.ts';

/** The interval that a registrar grants, in seconds. */
export interface ExpiryRange {
  readonly minExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
}

export interface Granted {
  readonly contact: RequestedContact;
  /** 0 removes the contact. */
  readonly seconds: number;
}

export interface Wanted {
  readonly vouched: Vouched;
  /** Canonical. */
  readonly impu: string;
  /** `all`: every contact shall go. None: the sender only asks. */
  readonly granted: readonly Granted[] | 'all';
  readonly request: SipRequest;
  /** Topmost first. */
  readonly path: readonly string[];
  readonly callId: string;
  readonly cseq: number;
}

const supported = new Set(['path', 'outbound']);

/** @throws {RequestRefused} 400, 403, 420, 423 or 439. @throws {HeaderMalformed} */
export function readWanted(arrived: ArrivedRequest, range: ExpiryRange): Wanted {
  const { request } = arrived;
  const { headers } = request;
  const vouched = readVouching(arrived);
  checkRequire(request);
  const impu = readImpu(request, 'To');
  // RFC 3261 10.3 step 3: nobody registers for another here.
  if (readImpu(request, 'From') !== impu) throw new RequestRefused('FROM_OF_ANOTHER');
  const path = headers.all('Path');
  const contacts = readContacts(request);
  checkOutbound(contacts, path);
  return {
    vouched,
    impu,
    granted: contacts === 'all' ? readAll(request) : contacts.map((contact) => grant(contact, request, range)),
    request,
    path,
    callId: headers.first('Call-ID') ?? '',
    cseq: parseCSeq(headers.first('CSeq') ?? '').number,
  };
}

/** RFC 3261 8.2.2.3. */
function checkRequire({ headers }: SipRequest): void {
  const unknown = headers.all('Require').filter((tag) => !supported.has(tag.toLowerCase()));
  if (unknown.length > 0) throw new RequestRefused('UNSUPPORTED_EXTENSION', [['Unsupported', unknown.join(', ')]]);
}

function readImpu({ headers }: SipRequest, name: 'From' | 'To'): string {
  const { uri } = parseNameAddr(headers.first(name) ?? '', name);
  const { scheme } = parseUri(uri, name);
  if (scheme === 'sips') throw new HeaderMalformed(name, 0, 'sip: or tel:');
  return canonicalImpu(uri);
}

/** RFC 3261 10.2.2. */
function readAll({ headers }: SipRequest): 'all' {
  if (findNumber(headers, 'Expires') !== 0) throw new RequestRefused('EXPIRES_MISSING');
  return 'all';
}

function grant(
  contact: RequestedContact,
  { headers }: SipRequest,
  { minExpiresSeconds, maxExpiresSeconds }: ExpiryRange,
): Granted {
  const wanted = contact.expiresSeconds ?? findNumber(headers, 'Expires') ?? maxExpiresSeconds;
  if (wanted > 0 && wanted < minExpiresSeconds) {
    throw new RequestRefused('INTERVAL_TOO_BRIEF', [['Min-Expires', String(minExpiresSeconds)]]);
  }
  return { contact, seconds: Math.min(wanted, maxExpiresSeconds) };
}

/** RFC 5626 6: a flow can be kept only where the first hop, the edge proxy, supports outbound. */
function checkOutbound(contacts: readonly RequestedContact[] | 'all', path: readonly string[]): void {
  const uris = path.map((value) => parseUri(parseNameAddr(value, 'Path').uri, 'Path'));
  if (contacts === 'all' || !contacts.some(({ regId, instance }) => regId !== undefined && instance !== undefined))
    return;
  if (uris.at(-1)?.params.has('ob') !== true) throw new RequestRefused('NO_OUTBOUND');
}

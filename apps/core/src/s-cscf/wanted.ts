/**
 * What a REGISTER asks for, read before anybody is told of it (RFC 3261 10.3, RFC 5626 6, TS 24.229 5.4.1.2).
 *
 * @module
 */
import {
  type Capabilities,
  canonicalImpu,
  decideRegistrarOutbound,
  findNumber,
  HeaderMalformed,
  inspectRequest,
  parseNameAddr,
  parseUri,
  readCSeq,
  readNameAddr,
  type SipRequest,
} from '@wicgate/sip';
import { RequestRefused, RequestUnfit } from '../errors.ts';
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

/** Of a registrar; a body says nothing to it and is passed over. */
const capabilities: Capabilities = {
  methods: ['REGISTER'],
  schemes: ['sip', 'sips'],
  extensions: ['path', 'outbound'],
  contentTypes: ['*/*'],
  contentEncodings: [],
};

/**
 * @throws {RequestRefused} 400, 403, 423 or 439. @throws {RequestUnfit} 400, 415, 416 or 420.
 * @throws {HeaderMalformed}
 */
export function readWanted(arrived: ArrivedRequest, range: ExpiryRange): Wanted {
  const { request } = arrived;
  const { headers } = request;
  const vouched = readVouching(arrived);
  const refusal = inspectRequest(request, capabilities);
  if (refusal !== undefined) throw new RequestUnfit(refusal);
  const impu = readImpu(request, 'To');
  // RFC 3261 10.3 step 3: nobody registers for another here.
  if (readImpu(request, 'From') !== impu) throw new RequestRefused('FROM_OF_ANOTHER');
  const path = headers.all('Path');
  for (const value of path) parseUri(parseNameAddr(value, 'Path').uri, 'Path');
  const contacts = readContacts(request, isOutbound(request));
  return {
    vouched,
    impu,
    granted: contacts === 'all' ? readAll(request) : contacts.map((contact) => grant(contact, request, range)),
    request,
    path,
    callId: headers.first('Call-ID') ?? '',
    cseq: readCSeq(headers).number,
  };
}

function readImpu({ headers }: SipRequest, name: 'From' | 'To'): string {
  const { uri } = readNameAddr(headers, name);
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

/** Whether a contact is bound to its flow (RFC 5626 6). @throws {RequestRefused} 400 or 439. @throws {HeaderMalformed} */
function isOutbound(request: SipRequest): boolean {
  const outbound = decideRegistrarOutbound(request);
  if (outbound.type !== 'refuse') return outbound.type === 'outbound';
  throw new RequestRefused(outbound.statusCode === 439 ? 'NO_OUTBOUND' : 'SEVERAL_FLOWS');
}

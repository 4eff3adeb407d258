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
import { type AuthenticationScheme, decideScheme } from '../authentication/authentication-scheme.ts';
import { readImpi } from '../authentication/private-identity.ts';
import { RequestRefused, RequestUnfit } from '../errors.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';
import { refuseVouching } from '../mw/refuse-vouching.ts';
import { type RequestedContact, readContacts } from './contact.ts';
import { noThirdParties, readThirdParties, type ThirdParties } from './trusted-node-authentication.ts';

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
  /** With its realm in lower case, as the HSS writes it. */
  readonly impi: string;
  /** `vouch`: a trusted node has authenticated the user; `challenge`: they are still to prove who they are. */
  readonly procedure: 'vouch' | 'challenge';
  readonly scheme: AuthenticationScheme;
  readonly thirdParties: ThirdParties;
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
  const { procedure, scheme } = readScheme(arrived);
  const refusal = inspectRequest(request, capabilities);
  if (refusal !== undefined) throw new RequestUnfit(refusal);
  const impu = readImpu(request, 'To');
  // RFC 3261 10.3 step 3: nobody registers for another here.
  if (readImpu(request, 'From') !== impu) throw new RequestRefused('FROM_OF_ANOTHER');
  const impi = readImpi(request, impu);
  if (impi === '') throw new RequestRefused('NO_AUTHENTICATION_SCHEME');
  const path = headers.all('Path');
  for (const value of path) parseUri(parseNameAddr(value, 'Path').uri, 'Path');
  const contacts = readContacts(request, isOutbound(arrived));
  return {
    impi,
    procedure,
    scheme,
    thirdParties: procedure === 'vouch' ? readThirdParties(request) : noThirdParties,
    impu,
    granted: contacts === 'all' ? readAll(request) : contacts.map((contact) => grant(contact, request, range)),
    request,
    path,
    callId: headers.first('Call-ID') ?? '',
    cseq: readCSeq(headers).number,
  };
}

/** RFC 5626 6: the contact is bound to the flow it came by. */
export function makesFlow({ contact: { instance, regId }, seconds }: Granted): boolean {
  return seconds > 0 && instance !== undefined && regId !== undefined;
}

/** Contacts are named, and all of them are to go. */
export function takesAwayOnly(granted: readonly Granted[]): boolean {
  return granted.length > 0 && granted.every(({ seconds }) => seconds === 0);
}

/** Strangers prove who they are, and nobody else says it for them (TS 33.203 U.2 step 4). */
function readScheme({ request, isTrusted }: ArrivedRequest): Pick<Wanted, 'procedure' | 'scheme'> {
  if (!isTrusted) refuseVouching(request);
  const { procedure, scheme } = decideScheme(request);
  if (typeof procedure === 'object') throw new RequestRefused(procedure.refuse);
  return { procedure, scheme };
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

/**
 * Whether a contact is bound to its flow (RFC 5626 6). Those of strangers are not: their listener keeps none, and the
 * 200 without `Require: outbound` tells them so.
 *
 * @throws {RequestRefused} 400 or 439. @throws {HeaderMalformed}
 */
function isOutbound({ request, isTrusted }: ArrivedRequest): boolean {
  if (!isTrusted) return false;
  const outbound = decideRegistrarOutbound(request);
  if (outbound.type !== 'refuse') return outbound.type === 'outbound';
  throw new RequestRefused(outbound.statusCode === 439 ? 'NO_OUTBOUND' : 'SEVERAL_FLOWS');
}

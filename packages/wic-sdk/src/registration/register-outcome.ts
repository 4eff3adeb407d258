/**
 * What the answer to a REGISTER means (RFC 3261 10.2.8, TS 24.229 5.1.1.2, TS 33.203 X.3.2.3 step 8).
 *
 * @module
 */
import { extTurnCredHeader, findNumber, type NameAddr, parseNameAddr, SipError, type SipResponse } from '@wicgate/sip';
import type { RefusalDetail } from '../wic.ts';
import { findRefusalDetail, namesTokenFault } from './refusal-detail.ts';
import { parseTurnCredential, type TurnCredential } from './turn-credential.ts';

/** A registration as the network granted it. */
export interface Registered {
  /** The default public identity: the first P-Associated-URI (TS 24.229 5.1.1.2.1). */
  readonly impu: string;
  /** All of P-Associated-URI, or what was asked for. */
  readonly impus: readonly string[];
  readonly displayName: string | undefined;
  /** Values for Route of requests outside dialogs (RFC 3608). */
  readonly serviceRoute: readonly string[];
  readonly expiresAtMs: number;
  readonly turnCredential: TurnCredential | undefined;
}

export type RegisterOutcome =
  | { readonly type: 'registered'; readonly registered: Registered }
  /** The credentials are at fault: fresh ones may help. */
  | { readonly type: 'try afresh'; readonly detail?: RefusalDetail }
  | { readonly type: 'too brief'; readonly minSeconds: number }
  | { readonly type: 'refused'; readonly detail?: RefusalDetail }
  | { readonly type: 'try again'; readonly afterMs: number | undefined };

/** What was asked for. */
export interface Asked {
  readonly impu: string;
  readonly contactUri: string;
  readonly instanceId: string;
  readonly expiresSeconds: number;
  readonly nowMs: number;
}

const maxRetryAfterSeconds = 3_600;
const maxRoutes = 10;
const maxIdentities = 50;

export function readRegisterOutcome(response: SipResponse, asked: Asked): RegisterOutcome {
  try {
    return readOutcome(response, asked);
  } catch (error) {
    if (error instanceof SipError) return { type: 'try again', afterMs: undefined };
    throw error;
  }
}

function readOutcome(response: SipResponse, asked: Asked): RegisterOutcome {
  const { statusCode, headers } = response;
  if (statusCode < 300) return readSuccess(response, asked);
  if (statusCode === 401 || statusCode === 403) {
    if (namesTokenFault(response, 'invalid_token')) return { type: 'try afresh', detail: 'token refused' };
    if (statusCode === 401) return { type: 'try afresh' };
  }
  if (statusCode === 423) {
    const minSeconds = findNumber(headers, 'Min-Expires');
    return minSeconds === undefined ? { type: 'refused' } : { type: 'too brief', minSeconds };
  }
  if (!isPassing(statusCode)) {
    const detail = findRefusalDetail(response);
    return { type: 'refused', ...(detail !== undefined && { detail }) };
  }
  const seconds = findNumber(headers, 'Retry-After');
  const afterMs = seconds === undefined ? undefined : Math.min(seconds, maxRetryAfterSeconds) * 1_000;
  return { type: 'try again', afterMs };
}

/** Timeouts, overload and failures of servers and flows go by; all else stays as it is. */
function isPassing(statusCode: number): boolean {
  return statusCode === 408 || statusCode === 430 || statusCode === 480 || (statusCode >= 500 && statusCode < 600);
}

function readSuccess({ headers }: SipResponse, asked: Asked): RegisterOutcome {
  const seconds = findExpires(
    headers.all('Contact').map((value) => parseNameAddr(value, 'Contact')),
    asked,
  );
  const expiresSeconds = seconds ?? findNumber(headers, 'Expires') ?? asked.expiresSeconds;
  // A success that holds no binding for us is none.
  if (expiresSeconds <= 0) return { type: 'try again', afterMs: undefined };
  const associated = headers
    .all('P-Associated-URI')
    .slice(0, maxIdentities)
    .map((value) => parseNameAddr(value, 'P-Associated-URI'));
  const [first] = associated;
  const turn = headers.first(extTurnCredHeader);
  const registered: Registered = {
    impu: first?.uri ?? asked.impu,
    impus: first === undefined ? [asked.impu] : associated.map(({ uri }) => uri),
    displayName: first?.displayName,
    serviceRoute: headers.all('Service-Route').slice(0, maxRoutes),
    expiresAtMs: asked.nowMs + expiresSeconds * 1_000,
    turnCredential: turn === undefined ? undefined : parseTurnCredential(turn),
  };
  return { type: 'registered', registered };
}

/** Of the Contact that is ours, among those of other browsers of the user. */
function findExpires(contacts: readonly NameAddr[], asked: Asked): number | undefined {
  const own =
    contacts.find(({ params }) => params.get('+sip.instance')?.includes(`<${asked.instanceId}>`)) ??
    contacts.find(({ uri }) => uri === asked.contactUri);
  if (contacts.length > 0 && own === undefined) return 0;
  const expires = own?.params.get('expires');
  return expires !== undefined && /^\d{1,10}$/u.test(expires) ? Number(expires) : undefined;
}

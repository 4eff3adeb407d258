/**
 * Why a CSCF does not carry out a request.
 *
 * @module
 */
import type { Refusal } from '@wicgate/sip';

export abstract class CoreError extends Error {
  abstract readonly code: `ERR_CORE_${string}`;
  /** Status code for the peer. */
  abstract readonly statusCode: number;
}

/** The request is against a rule of this network; `code` says which, the peer reads the reason phrase. */
export class RequestRefused extends CoreError {
  readonly code: `ERR_CORE_${RefusalReason}`;
  readonly statusCode: number;
  readonly reasonPhrase: string;
  /** Header fields of the answer. */
  readonly headers: readonly (readonly [name: string, value: string])[];

  constructor(reason: RefusalReason, headers: readonly (readonly [string, string])[] = []) {
    super(`request: ${reason.toLowerCase().replaceAll('_', ' ')}`);
    this.code = `ERR_CORE_${reason}`;
    [this.statusCode, this.reasonPhrase] = refusals[reason];
    this.headers = headers;
  }
}

/** Who asks for users of ours learns nothing from which of these it was. */
const registrationNotAllowed = [403, 'Registration not allowed'] as const;

const refusals = {
  LOOP: [482, 'Loop Detected'],
  TOO_MANY_ROUTES: [400, 'Too Many Routes'],
  TOO_MANY_REQUESTS: [503, 'Too Many Requests'],
  UNTRUSTED_DIALOG: [403, 'Requests in a dialog need a trusted peer'],
  UNTRUSTED_ORIGIN: [403, 'Originating requests need a trusted peer'],
  UNTRUSTED_HOME_USER: [403, 'From of this network needs a trusted peer'],
  UNTRUSTED_VOUCHING: [403, 'Trusted node authentication needs a trusted peer'],
  NO_AUTHENTICATION_SCHEME: registrationNotAllowed,
  GIBA_NOT_SUPPORTED: [403, 'GPRS-IMS-bundled authentication not supported'],
  NBA_NOT_SUPPORTED: [403, 'NASS-IMS-bundled authentication not supported'],
  AUTHENTICATION_FAILED: registrationNotAllowed,
  SCHEME_CHANGED: [403, 'Registered by another authentication scheme'],
  OTHER_S_CSCF: registrationNotAllowed,
  REGISTRATION_LOST: [500, 'Registration lost'],
  REQUEST_NOT_AUTHENTICATED: [403, 'Authentication of the request failed'],
  ASSERTED_IDENTITY_OF_ANOTHER: [403, 'Asserted identity is not of the authenticated user'],
  PROXY_AUTHENTICATION_REQUIRED: [407, 'Proxy Authentication Required'],
  CREDENTIALS_UNFIT: [400, 'Credentials do not fit the request'],
  REGISTRATION_USER_UNKNOWN: registrationNotAllowed,
  REGISTRATION_IDENTITIES_DONT_MATCH: registrationNotAllowed,
  REGISTRATION_IDENTITY_NOT_REGISTERED: registrationNotAllowed,
  REGISTRATION_ROAMING_NOT_ALLOWED: registrationNotAllowed,
  REGISTRATION_BARRED: registrationNotAllowed,
  REGISTRATION_REFUSED_BY_HSS: registrationNotAllowed,
  FROM_OF_ANOTHER: [403, 'From and To differ'],
  EXPIRES_MISSING: [400, "Contact '*' needs Expires: 0"],
  INTERVAL_TOO_BRIEF: [423, 'Interval Too Brief'],
  SEVERAL_FLOWS: [400, 'Several contacts with reg-id'],
  NO_OUTBOUND: [439, 'First Hop Lacks Outbound Support'],
  OUT_OF_ORDER: [500, 'REGISTER out of order'],
  TOO_MANY_REGISTRATIONS: [503, 'Too many registrations'],
  WATCHING_NOT_ALLOWED: [403, 'Registrations of another user'],
  DOCUMENT_NOT_ACCEPTABLE: [406, 'Not Acceptable'],
  TOO_MANY_SUBSCRIPTIONS: [503, 'Too many subscriptions'],
  THIRD_PARTY_BARRED: [403, 'Authorization entity or web server barred'],
  THIRD_PARTY_NOT_ALLOWED: [403, 'Authorization entity or web server not allowed for this subscription'],
  HSS_FAILED: [500, 'The HSS could not answer'],
  S_CSCF_UNREACHABLE: [504, 'S-CSCF not reachable'],
  CALLER_NOT_REGISTERED: [403, 'Caller not registered'],
  NOT_HERE: [404, 'Not a user of this network'],
  NO_ROUTE_TO_NETWORK: [404, 'No route to that network'],
  USER_UNKNOWN: [404, 'User unknown'],
  USER_BARRED: [404, 'Identity barred'],
  USER_NOT_REGISTERED: [480, 'User not registered'],
  USER_NOT_REACHABLE: [480, 'User not reachable'],
  DIALOG_ELSEWHERE: [481, 'Dialog does not pass here'],
} as const satisfies Readonly<Record<string, readonly [statusCode: number, reasonPhrase: string]>>;

export type RefusalReason = keyof typeof refusals;

/** SIP forbids to carry the request out or on (RFC 3261 8.2, 16.3); the peer reads how to do better. */
export class RequestUnfit extends CoreError {
  readonly code: `ERR_CORE_${UnfitReason}`;
  readonly statusCode: number;
  readonly reasonPhrase: Refusal['reasonPhrase'];
  readonly headers: Refusal['headers'];

  constructor({ statusCode, reasonPhrase, headers }: Refusal) {
    const reason = unfit.get(statusCode) ?? 'UNFIT';
    super(`request: ${reason.toLowerCase().replaceAll('_', ' ')}`);
    this.code = `ERR_CORE_${reason}`;
    this.statusCode = statusCode;
    this.reasonPhrase = reasonPhrase;
    this.headers = headers;
  }
}

const unfitReasons = [
  [400, 'MALFORMED'],
  [415, 'UNSUPPORTED_BODY'],
  [416, 'UNSUPPORTED_SCHEME'],
  [420, 'UNSUPPORTED_EXTENSION'],
  [482, 'MERGED'],
  [483, 'TOO_MANY_HOPS'],
] as const;

const unfit: ReadonlyMap<number, UnfitReason> = new Map(unfitReasons);

type UnfitReason = (typeof unfitReasons)[number][1] | 'UNFIT';

/** The next hop is none of the Mw peers: nothing is ever sent elsewhere. */
export class NoRoute extends CoreError {
  readonly code = 'ERR_CORE_NO_ROUTE';
  readonly statusCode = 404;

  constructor() {
    super('next hop: expected one of the Mw peers');
  }
}

export type AnyCoreError = RequestRefused | RequestUnfit | NoRoute;

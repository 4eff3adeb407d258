/**
 * User registration query and S-CSCF selection for a REGISTER (TS 24.229 5.3.1, TS 29.228 6.1.1).
 *
 * @module
 */
import type { CxHss, UserAuthorizationType } from '@wicgate/cx';
import {
  canonicalImpu,
  findContacts,
  findNumber,
  parsePVisitedNetworkId,
  readNameAddr,
  type SipRequest,
} from '@wicgate/sip';
import { decideScheme } from '../authentication/authentication-scheme.ts';
import { readImpi } from '../authentication/private-identity.ts';
import { RequestRefused } from '../errors.ts';
import type { ArrivedRequest } from '../mw/arrive.ts';
import { isEmergencyContact } from '../mw/emergency-contact.ts';
import { refuseVouching } from '../mw/refuse-vouching.ts';
import type { HssQuestion } from './locate-called-user.ts';

/**
 * SIP URI of the S-CSCF that serves the user; undefined where nobody does yet.
 *
 * @throws {RequestRefused} 403: an untrusted peer vouches for a user, or the HSS refuses.
 * @throws {HeaderMalformed} @throws {CxError}
 */
export async function selectForRegistration(
  { request, isTrusted }: ArrivedRequest,
  { hss, homeDomain, isOther }: HssQuestion,
): Promise<string | undefined> {
  if (!isTrusted) refuseVouching(request);
  const impu = canonicalImpu(readNameAddr(request.headers, 'To').uri);
  const answer = await hss.userAuthorization({
    impi: readImpi(request, impu),
    impu,
    visitedNetworkIdentifier: findVisitedNetwork(request, isTrusted) ?? homeDomain,
    userAuthorizationType: isOther ? 'REGISTRATION_AND_CAPABILITIES' : typeOf(request),
    // UAR-Flags bit 0: neither barring nor roaming stops it (TS 29.228 6.1.1.1).
    emergencyRegistration: isEmergency(request),
  });
  if (isForSCscf(answer, request)) return undefined;
  return serverIn(answer);
}

/**
 * TS 24.229 5.3.1.3 refuses here. But who is to be challenged has proven nothing yet, and shall not learn who exists or
 * is registered: the S-CSCF challenges and refuses them all alike (TS 33.203 N.2.2.1).
 */
function isForSCscf({ name }: Answer, request: SipRequest): boolean {
  const isOfIdentities =
    name === 'DIAMETER_ERROR_USER_UNKNOWN' ||
    name === 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH' ||
    name === 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED';
  return isOfIdentities && decideScheme(request).procedure === 'challenge';
}

type Answer = Awaited<ReturnType<CxHss['userAuthorization']>>;

function serverIn(answer: Answer): string | undefined {
  switch (answer.name) {
    case 'DIAMETER_FIRST_REGISTRATION':
      return answer.serverCapabilities.serverNames[0];
    case 'DIAMETER_SUBSEQUENT_REGISTRATION':
      return answer.serverName;
    case 'DIAMETER_SUCCESS':
      return answer.serverName ?? answer.serverCapabilities?.serverNames[0];
    case 'DIAMETER_UNABLE_TO_COMPLY':
      throw new RequestRefused('HSS_FAILED');
    default:
      throw new RequestRefused(reasons[answer.name]);
  }
}

const reasons = {
  DIAMETER_ERROR_USER_UNKNOWN: 'REGISTRATION_USER_UNKNOWN',
  DIAMETER_ERROR_IDENTITIES_DONT_MATCH: 'REGISTRATION_IDENTITIES_DONT_MATCH',
  DIAMETER_ERROR_IDENTITY_NOT_REGISTERED: 'REGISTRATION_IDENTITY_NOT_REGISTERED',
  DIAMETER_ERROR_ROAMING_NOT_ALLOWED: 'REGISTRATION_ROAMING_NOT_ALLOWED',
  DIAMETER_AUTHORIZATION_REJECTED: 'REGISTRATION_BARRED',
} as const;

function findVisitedNetwork({ headers }: SipRequest, isTrusted: boolean): string | undefined {
  const value = isTrusted ? headers.first('P-Visited-Network-ID') : undefined;
  return value === undefined ? undefined : parsePVisitedNetworkId(value).network;
}

/** Each contact says so (TS 24.229 7.2A.13): an ordinary one beside it is not let past a bar by it. */
function isEmergency({ headers }: SipRequest): boolean {
  const contacts = findContacts(headers);
  return contacts !== '*' && contacts.length > 0 && contacts.every(({ uri }) => isEmergencyContact(uri));
}

function typeOf({ headers }: SipRequest): UserAuthorizationType {
  const contacts = findContacts(headers);
  if (contacts === '*') return 'DE_REGISTRATION';
  const expires = findNumber(headers, 'Expires');
  const isOver = contacts.length > 0 && contacts.every(({ expiresSeconds }) => (expiresSeconds ?? expires) === 0);
  return isOver ? 'DE_REGISTRATION' : 'REGISTRATION';
}

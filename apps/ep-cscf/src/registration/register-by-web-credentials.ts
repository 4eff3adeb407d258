/**
 * Registration of a WIC by web credentials (TS 33.203 X.3.2.3).
 *
 * The WAF has authenticated the user. The eP-CSCF validates the WAF's token and then vouches for the user towards the
 * core, by trusted node authentication (TS 33.203 annex U). Steps 0 to 2 happen at the WWSF and in the WebSocket
 * handshake, step 6 in the S-CSCF.
 *
 * @module
 */
import {
  canonicalImpu,
  findBearerToken,
  formatAuthorization,
  HeaderMalformed,
  parseNameAddr,
  readNameAddr,
  type SipRequest,
  type SipResponse,
  wantsOutboundPath,
} from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import {
  AccessTokenMalformed,
  ConnectionBoundToOther,
  CoreUnreachable,
  IdentityNotGranted,
  RequestRefused,
} from '../errors.ts';
import type { Grant } from './access-token.ts';
import { type FlowName, flowKey } from './flow-name.ts';
import { findGrantedSeconds, type RequestedContact, readContact } from './granted-contact.ts';
import { toCore, toUe } from './mw-register.ts';
import { procedure } from './procedure.ts';
import type { Registration } from './registered-flows.ts';
import type { RegistrationContext } from './registration-context.ts';

/** Takes a REGISTER with Bearer credentials to the answer for the WIC. */
export const registerByWebCredentials = procedure<Arrived>('TS 33.203 X.3.2.3')
  .step('3.1', readAccessToken)
  .step('4.1', validateAccessToken)
  .step('4.1', confineIdentities)
  .step('5.1', vouchForUser)
  .step('5.2', nameThirdParty)
  .step('6.1', askCore)
  .step('7.1', bindToTlsSession)
  .step('8.1', answerWic);

// What is known after each step.
export interface Arrived {
  /** Without what a UE may not say. */
  readonly request: SipRequest;
  readonly connection: NodeFlow;
  /** Names the flow of a contact that names none itself. */
  readonly connectionId: string;
}
interface Presented extends Arrived {
  readonly accessToken: string;
}
interface Authorised extends Arrived {
  readonly grant: Grant;
}
interface Confined extends Authorised {
  readonly aor: string;
  readonly contact: RequestedContact;
  readonly flow: FlowName;
}
interface Vouched extends Confined {
  readonly statement: Readonly<Record<string, string>>;
}
interface Answered extends Confined {
  readonly response: SipResponse;
}

function readAccessToken(arrived: Arrived): Presented {
  try {
    const accessToken = findBearerToken(arrived.request.headers);
    if (accessToken === undefined) throw new AccessTokenMalformed();
    return { ...arrived, accessToken };
  } catch (cause) {
    if (!(cause instanceof HeaderMalformed)) throw cause;
    // The cause says where the credential broke off, never what it was.
    throw new AccessTokenMalformed({ cause });
  }
}

async function validateAccessToken(
  { accessToken, ...arrived }: Presented,
  { waf }: RegistrationContext,
): Promise<Authorised> {
  return { ...arrived, grant: await waf.validate(accessToken) };
}

/**
 * To and From must be granted: the HSS would let a user register any identity of the subscription (TS 33.203 X.3.1
 * REQ 2.4). A connection that is bound stays with its private identity and its flow (O.4.3).
 */
function confineIdentities(authorised: Authorised, { flows }: RegistrationContext): Confined {
  const { request, grant, connection, connectionId } = authorised;
  const aor = readIdentity(request, 'To');
  if (!grant.impus.has(aor)) throw new IdentityNotGranted('To');
  if (!grant.impus.has(readIdentity(request, 'From'))) throw new IdentityNotGranted('From');

  const bound = flows.ofConnection(connection)?.name;
  if (bound !== undefined && bound.impi !== grant.impi) throw new ConnectionBoundToOther();
  const contact = readContact(request);
  const own = contact.kind === 'one' ? (contact.flow ?? { instance: connectionId, regId: 0 }) : undefined;
  const flow = { impi: grant.impi, ...(own ?? bound ?? { instance: connectionId, regId: 0 }) };
  if (bound !== undefined && flowKey(bound) !== flowKey(flow)) throw new RequestRefused('another instance');
  return { ...authorised, aor, contact, flow };
}

function vouchForUser(confined: Confined, { homeDomain }: RegistrationContext): Vouched {
  const statement = {
    'username': confined.grant.impi,
    'realm': homeDomain,
    'uri': `sip:${homeDomain}`,
    'nonce': '',
    'response': '',
    'integrity-protected': 'auth-done',
  };
  return { ...confined, statement };
}

/** Only a WAF outside the operator's domain is named, so that the S-CSCF can check and bar it. */
function nameThirdParty(vouched: Vouched, { waf }: RegistrationContext): Vouched {
  if (waf.thirdParty === undefined) return vouched;
  const third = { 'authorization-entity': waf.thirdParty, 'wwsf': vouched.grant.wwsf };
  return { ...vouched, statement: { ...vouched.statement, ...third } };
}

/** The token goes no further than here. */
async function askCore(
  { statement, ...confined }: Vouched,
  { core, homeDomain, routes }: RegistrationContext,
): Promise<Answered> {
  const authorization = formatAuthorization('Digest', statement);
  const path = routes.path(confined.flow, wantsOutboundPath(confined.request));
  const response = await core.register(toCore(confined.request, { homeDomain, path, authorization }));
  return { ...confined, response };
}

/**
 * From now on requests of these identities come only from connections that themselves registered. Anything but a 200
 * leaves the binding as it was: a failed registration never unregisters a registered user (TS 33.203 6.1.1).
 */
function bindToTlsSession(answered: Answered, { flows, log, hashIdentity }: RegistrationContext): Answered {
  const { response, contact, connection, aor, flow } = answered;
  if (response.statusCode !== 200) return answered;
  const registration = readRegistration(answered);
  if (contact.kind === 'all') flows.unbindAll(flow.impi, aor);
  else if (contact.kind === 'one' && registration === undefined) flows.unbind(flow, aor);
  else if (registration !== undefined && connection.isOpen) {
    flows.bind(flow, connection, registration);
    const { expiresSeconds } = registration;
    log.info({ event: 'flow.bound', impi: hashIdentity(flow.impi), regId: flow.regId, expiresSeconds });
  }
  return answered;
}

/** TURN credentials go to a registered WIC only (TS 33.203 X.5.2.2 steps 3 and 4). */
function answerWic(answered: Answered, { flows, turn }: RegistrationContext): SipResponse {
  const { request, response, connection, flow } = answered;
  const answer = toUe(response);
  const isRegistered = response.statusCode === 200 && flows.ofConnection(connection) !== undefined;
  return isRegistered ? turn.addTo(answer, request, flow.impi) : answer;
}

/**
 * What the 200 says of our contact; undefined: it is not, or no longer, registered. Without P-Associated-URI the one
 * identity that is known to be registered is that of To.
 *
 * @throws {CoreUnreachable} the 200 cannot be read.
 */
function readRegistration({ aor, contact, response }: Answered): Registration | undefined {
  try {
    const expiresSeconds = findGrantedSeconds(contact, response);
    if (expiresSeconds === undefined) return undefined;
    const { headers } = response;
    const associated = headers.all('P-Associated-URI').map((value) => parseNameAddr(value, 'P-Associated-URI').uri);
    const impus = associated.length === 0 ? [aor] : associated;
    for (const impu of impus) canonicalImpu(impu);
    const serviceRoute = headers.all('Service-Route').map((value) => parseNameAddr(value, 'Service-Route').uri);
    return { aor, impus, serviceRoute, expiresSeconds };
  } catch (cause) {
    if (!(cause instanceof HeaderMalformed)) throw cause;
    throw new CoreUnreachable({ cause });
  }
}

function readIdentity({ headers }: SipRequest, name: 'To' | 'From'): string {
  return canonicalImpu(readNameAddr(headers, name).uri);
}

/**
 * What the core's answer to a REGISTER does to the connection it came on, and the answer for the WIC (TS 33.203
 * X.3.2.3 steps 7 and 8, O.2.3 SM11 and SM12).
 *
 * @module
 */
import { canonicalImpu, HeaderMalformed, parseNameAddr, type SipResponse, wantsOutboundPath } from '@wicgate/sip';
import { CoreUnreachable } from '../errors.ts';
import { holderOf } from '../turn/turn-holder.ts';
import type { Arrived } from './arrived.ts';
import type { ConfinedFlow } from './confine-flow.ts';
import { findGrantedSeconds } from './granted-contact.ts';
import { toUe } from './mw-register.ts';
import type { FlowAuthorization, Registration } from './registered-flows.ts';
import type { RegistrationContext } from './registration-context.ts';

export interface Answered extends Arrived, ConfinedFlow {
  /** The identity in To, in canonical spelling. */
  readonly aor: string;
  /** Undefined: the core has authenticated the user. */
  readonly authorization: FlowAuthorization | undefined;
  readonly response: SipResponse;
}

/**
 * From now on requests of these identities come only from connections that themselves registered. Anything but a 200
 * leaves the binding as it was: a failed registration never unregisters a registered user (TS 33.203 6.1.1).
 */
export function bindToTlsSession(answered: Answered, { flows, log, hashIdentity }: RegistrationContext): Answered {
  const { response, contact, connection, aor, flow } = answered;
  if (response.statusCode !== 200) return answered;
  const registration = readRegistration(answered);
  if (contact.kind === 'all') flows.unbindAll(flow.impi, aor);
  else if (contact.kind === 'one' && registration === undefined) flows.unbind(flow, aor);
  else if (registration !== undefined && connection.isOpen) {
    flows.bind(flow, connection, registration, answered.authorization);
    const { expiresSeconds } = registration;
    log.info({ event: 'flow.bound', impi: hashIdentity(flow.impi), regId: flow.regId, expiresSeconds });
  }
  return answered;
}

/** TURN credentials go to a registered WIC only (TS 33.203 X.5.2.2 steps 3 and 4), and to none that takes its leave. */
export function answerWic(answered: Answered, { flows, turn }: RegistrationContext): SipResponse {
  const { request, response, connection } = answered;
  const answer = toUe(response);
  if (response.statusCode !== 200 || isDeregistration(answered)) return answer;
  const registered = flows.anyOf(connection);
  return registered === undefined ? answer : turn.addTo(answer, request, holderOf(registered));
}

function isDeregistration({ contact, response }: Answered): boolean {
  return contact.kind === 'all' || (contact.kind === 'one' && findGrantedSeconds(contact, response) === undefined);
}

/**
 * What the 200 says of our contact; undefined: it is not, or no longer, registered. Without P-Associated-URI the one
 * identity that is known to be registered is that of To.
 *
 * @throws {CoreUnreachable} the 200 cannot be read.
 */
function readRegistration({ aor, contact, request, response }: Answered): Registration | undefined {
  try {
    const expiresSeconds = findGrantedSeconds(contact, response);
    if (expiresSeconds === undefined) return undefined;
    const { headers } = response;
    const associated = headers.all('P-Associated-URI').map((value) => parseNameAddr(value, 'P-Associated-URI').uri);
    const impus = associated.length === 0 ? [aor] : associated;
    for (const impu of impus) canonicalImpu(impu);
    const serviceRoute = headers.all('Service-Route').map((value) => parseNameAddr(value, 'Service-Route').uri);
    const contactUri = contact.kind === 'one' ? contact.uri : '';
    return { aor, impus, serviceRoute, contactUri, isOutbound: wantsOutboundPath(request), expiresSeconds };
  } catch (cause) {
    if (!(cause instanceof HeaderMalformed)) throw cause;
    throw new CoreUnreachable({ cause });
  }
}

/**
 * Which flow a REGISTER is about (RFC 5626 4.2).
 *
 * @module
 */
import { ConnectionBoundToOther, RequestRefused } from '../errors.ts';
import type { Arrived } from './arrived.ts';
import { type FlowName, flowKey } from './flow-name.ts';
import { type RequestedContact, readContact } from './granted-contact.ts';
import type { RegisteredFlows } from './registered-flows.ts';

export interface ConfinedFlow {
  readonly contact: RequestedContact;
  readonly flow: FlowName;
}

/**
 * The flow of `impi` that the request is about. A connection that is bound stays with its private identity and its flow
 * (TS 33.203 O.4.3); an emergency registration on it has a flow of its own (TS 24.229 7.2A.13).
 *
 * @throws {ConnectionBoundToOther} @throws {RequestRefused} @throws {HeaderMalformed}
 */
export function confineFlow(
  { request, connection, connectionId }: Arrived,
  impi: string,
  flows: Pick<RegisteredFlows, 'anyOf' | 'ofConnection' | 'emergencyOf'>,
): ConfinedFlow {
  const holder = flows.anyOf(connection)?.name.impi;
  if (holder !== undefined && holder !== impi) throw new ConnectionBoundToOther();
  const contact = readContact(request);
  const isEmergency = contact.kind === 'one' && contact.isEmergency;
  const bound = (isEmergency ? flows.emergencyOf(connection) : flows.ofConnection(connection))?.name;
  const own = contact.kind === 'one' ? (contact.flow ?? { instance: connectionId, regId: 0 }) : undefined;
  const called = own ?? bound ?? { instance: connectionId, regId: 0 };
  const flow = { impi, ...called, ...(isEmergency && { isEmergency }) };
  if (bound !== undefined && flowKey(bound) !== flowKey(flow)) throw new RequestRefused('another instance');
  return { contact, flow };
}

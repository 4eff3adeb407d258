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
 * (TS 33.203 O.4.3).
 *
 * @throws {ConnectionBoundToOther} @throws {RequestRefused} @throws {HeaderMalformed}
 */
export function confineFlow(
  { request, connection, connectionId }: Arrived,
  impi: string,
  flows: Pick<RegisteredFlows, 'ofConnection'>,
): ConfinedFlow {
  const bound = flows.ofConnection(connection)?.name;
  if (bound !== undefined && bound.impi !== impi) throw new ConnectionBoundToOther();
  const contact = readContact(request);
  const own = contact.kind === 'one' ? (contact.flow ?? { instance: connectionId, regId: 0 }) : undefined;
  const flow = { impi, ...(own ?? bound ?? { instance: connectionId, regId: 0 }) };
  if (bound !== undefined && flowKey(bound) !== flowKey(flow)) throw new RequestRefused('another instance');
  return { contact, flow };
}

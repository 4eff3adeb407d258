/**
 * What becomes of our flows by a notification of the registration event (TS 24.229 5.2.3): what the registrar has ended
 * ends here, and so does the connection where the user shall know at once.
 *
 * @module
 */
import type { Reginfo, ReginfoView } from '@wicgate/reg-event';
import type { Clock } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import type { FlowName } from '../registration/flow-name.ts';
import type { RegisteredFlow, RegisteredFlows, Registration } from '../registration/registered-flows.ts';
import { policyViolation, registerAnew } from '../w2/close-codes.ts';
import { type FlowContact, fateOf, type GoneEvent, isActive } from './contact-fate.ts';

export interface FollowDocumentContext {
  readonly clock: Clock;
  readonly flows: Pick<RegisteredFlows, 'find' | 'endByNetwork' | 'shorten' | 'withdraw'>;
  /** Closes the connection of a flow that has ended. */
  readonly closeConnection: (connection: NodeFlow, code: number) => void;
}

/** The subscription that tells of a registration. */
export interface Watched {
  readonly flows: readonly FlowName[];
  readonly isAbout: (registration: Registration) => boolean;
}

interface Consequence {
  /** The user's own doing, or a race with it: the answer to their REGISTER may still be on its way. */
  readonly waits: boolean;
  /** Undefined: the connection stays, as it does after a deregistration. */
  readonly closeCode: number | undefined;
}

export const consequences: Readonly<Record<GoneEvent, Consequence>> = {
  rejected: { waits: false, closeCode: policyViolation },
  deactivated: { waits: false, closeCode: registerAnew },
  probation: { waits: false, closeCode: registerAnew },
  unregistered: { waits: true, closeCode: undefined },
  expired: { waits: true, closeCode: undefined },
  missing: { waits: true, closeCode: registerAnew },
};

/** In that time what crossed on the way has come. */
const settleMs = 1_500;

/** Carries `document`, which `view` has taken, out on the flows of `watched`. */
export function followDocument(
  document: Reginfo,
  view: ReginfoView,
  watched: Watched,
  context: FollowDocumentContext,
): void {
  for (const name of watched.flows) {
    const flow = context.flows.find(name);
    for (const registration of flow?.registrations ?? []) {
      if (flow === undefined || !watched.isAbout(registration)) continue;
      follow({ flow, registration, document, view }, context);
    }
  }
}

interface Told {
  readonly flow: RegisteredFlow;
  readonly registration: Registration;
  readonly document: Reginfo;
  readonly view: ReginfoView;
}

function follow({ flow, registration, document, view }: Told, context: FollowDocumentContext): void {
  const { name } = flow;
  const { aor, expiresSeconds } = registration;
  const contact = contactOf(name, registration);
  const fate = fateOf(contact, document, view);
  if (fate.type === 'untold') return;
  if (fate.type === 'stands') {
    const seconds = fate.shortenedSeconds;
    if (seconds !== undefined && seconds < expiresSeconds) context.flows.shorten(name, aor, seconds);
    if (fate.withdrawn.length > 0) context.flows.withdraw(name, aor, fate.withdrawn);
    return;
  }
  const { waits, closeCode } = consequences[fate.event];
  const isRejected = fate.event === 'rejected';
  const end = (): void => endRegistration(flow, aor, { isRejected, closeCode }, context);
  if (!waits) end();
  else {
    context.clock.after(settleMs, () => {
      if (isUnchanged(flow, registration, context) && !isActive(contact, view)) end();
    });
  }
}

/** Whether the same contact is registered on the same connection still. */
function isUnchanged(
  { name, connection }: RegisteredFlow,
  held: Registration,
  context: FollowDocumentContext,
): boolean {
  const flow = context.flows.find(name);
  if (flow?.connection !== connection) return false;
  return flow.registrations.some(({ aor, contactUri }) => aor === held.aor && contactUri === held.contactUri);
}

/** A flow with another registration goes on. */
function endRegistration(
  { name, connection }: RegisteredFlow,
  aor: string,
  { isRejected, closeCode }: { readonly isRejected: boolean; readonly closeCode: number | undefined },
  { flows, closeConnection }: FollowDocumentContext,
): void {
  flows.endByNetwork(name, aor, isRejected);
  const isOver = flows.find(name)?.connection !== connection;
  if (isOver && closeCode !== undefined) closeConnection(connection, closeCode);
}

function contactOf({ instance, regId }: FlowName, { contactUri: uri, impus }: Registration): FlowContact {
  return { uri, instance, regId, impus };
}

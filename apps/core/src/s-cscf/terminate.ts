/**
 * Requests to our users at the S-CSCF (TS 24.229 5.4.3.3): they go to every place where the user is registered.
 *
 * @module
 */
import { type SipResponse, TransportFailed } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { NoRoute, RequestRefused } from '../errors.ts';
import type { Arrived, MwElement } from '../mw/mw-element.ts';
import type { Registrar } from './registrar.ts';
import { findTargets, type TerminatingTarget } from './terminating-targets.ts';

export interface TerminateOptions {
  readonly element: MwElement;
  readonly registrar: Registrar;
}

interface ReachableTarget extends TerminatingTarget {
  readonly flow: NodeFlow;
}

/** @throws {RequestRefused} 404 or 480. */
export async function terminate({ transaction, request }: Arrived, options: TerminateOptions): Promise<void> {
  const { element, registrar } = options;
  const targets = findTargets(registrar.registrations, request, element.address);
  const reached = await Promise.all(targets.map((target) => reach(target, element)));
  const reachable = reached.filter((target) => target !== undefined);
  if (reachable.length === 0) throw new RequestRefused('USER_NOT_REACHABLE');
  element.forwardTo(transaction, reachable, {
    onResponse: (response, { request: sent }) => {
      if (response.statusCode !== 430) return response;
      dropFlow(
        reachable.find((target) => target.request === sent),
        registrar,
      );
      return withoutFlowFailed(response);
    },
  });
}

/** Undefined where the edge proxy of that contact is gone; other contacts may still be reached. */
async function reach(target: TerminatingTarget, element: MwElement): Promise<ReachableTarget | undefined> {
  try {
    return { ...target, flow: await element.flowTo(target.nextHop) };
  } catch (error) {
    if (error instanceof TransportFailed || error instanceof NoRoute) return undefined;
    throw error;
  }
}

/** RFC 5626 5.3: the edge proxy has lost the flow. It may have been registered anew meanwhile. */
function dropFlow(target: ReachableTarget | undefined, registrar: Registrar): void {
  if (target === undefined) return;
  const { registration, key, binding } = target;
  if (registration.bindings.get(key) === binding) registrar.dropBinding(registration, key);
}

/** The caller need not know why. */
function withoutFlowFailed(response: SipResponse): SipResponse {
  return { ...response, statusCode: 480, reasonPhrase: 'User not reachable' };
}

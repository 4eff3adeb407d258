/**
 * An endpoint whose user answers 200 and remembers all it was told.
 *
 * @module
 */
import { createResponse, type ServerEvent, type ServerTransaction, type SipError, type SipRequest } from '@wicgate/sip';
import { onTestFinished } from 'vitest';
import { Endpoint } from '../endpoint.ts';
import type { EndpointOptions } from '../endpoint-options.ts';
import type { FlowEndReason } from '../errors.ts';
import type { NodeFlow } from '../node-flow.ts';
import { EventLog } from './event-log.ts';

export type Told =
  | { readonly type: 'request'; readonly transaction: ServerTransaction<NodeFlow> }
  | { readonly type: 'ack'; readonly request: SipRequest; readonly flow: NodeFlow }
  | { readonly type: 'stray'; readonly flow: NodeFlow }
  | { readonly type: 'server event'; readonly event: ServerEvent }
  | { readonly type: 'closed'; readonly flow: NodeFlow; readonly reason: FlowEndReason | undefined }
  | { readonly type: 'fault'; readonly flow: NodeFlow; readonly error: SipError };

export interface TestEndpoint {
  readonly endpoint: Endpoint;
  readonly told: EventLog<Told>;
  /** The next request of that method, or one that came already. */
  request(method: string): Promise<ServerTransaction<NodeFlow>>;
  /** The first fault with that code. */
  fault(code: string): Promise<{ readonly flow: NodeFlow; readonly error: SipError }>;
  closed(): Promise<NodeFlow>;
  /** Why the first one was closed here. */
  endReason(): Promise<FlowEndReason | undefined>;
}

export interface TestEndpointOptions extends Omit<EndpointOptions, 'user' | 'sentBy'> {
  /** Instead of `<transport>.test.example`. */
  readonly sentBy?: EndpointOptions['sentBy'];
  /** Instead of 200. */
  readonly answer?: (transaction: ServerTransaction<NodeFlow>) => void | Promise<void>;
}

/** Stops when the test ends. */
export function startEndpoint({ answer = accept, ...options }: TestEndpointOptions = {}): TestEndpoint {
  const told = new EventLog<Told>();
  const endpoint = new Endpoint({
    sentBy: (transport) => `${transport.toLowerCase()}.test.example`,
    ...options,
    user: {
      onRequest: (transaction) => {
        told.add({ type: 'request', transaction });
        return answer(transaction);
      },
      onAck: (request, flow) => told.add({ type: 'ack', request, flow }),
      onStrayResponse: (_response, flow) => told.add({ type: 'stray', flow }),
      onServerEvent: (_transaction, event) => told.add({ type: 'server event', event }),
      onFlowClosed: (flow, ended) => told.add({ type: 'closed', flow, reason: ended?.reason }),
      onFault: (flow, error) => told.add({ type: 'fault', flow, error }),
    },
  });
  onTestFinished(() => endpoint.stop());
  return {
    endpoint,
    told,
    request: async (method) => {
      const found = await told.when(isA('request', ({ transaction }) => transaction.request.method === method));
      if (found.type !== 'request') throw new TypeError('expected a request');
      return found.transaction;
    },
    fault: async (code) => {
      const found = await told.when(isA('fault', ({ error }) => 'code' in error && error.code === code));
      if (found.type !== 'fault') throw new TypeError('expected a fault');
      return found;
    },
    closed: async () => {
      const found = await told.when(isA('closed'));
      if (found.type !== 'closed') throw new TypeError('expected a closed flow');
      return found.flow;
    },
    endReason: async () => {
      const found = await told.when(isA('closed'));
      return found.type === 'closed' ? found.reason : undefined;
    },
  };
}

export function accept(transaction: ServerTransaction<NodeFlow>): void {
  transaction.respond(createResponse(transaction.request, 200, { toTag: 'accepted' }));
}

function isA<Type extends Told['type']>(
  type: Type,
  matches: (told: Extract<Told, { readonly type: Type }>) => boolean = () => true,
): (told: Told) => boolean {
  return (told) => told.type === type && matches(told as Extract<Told, { readonly type: Type }>);
}

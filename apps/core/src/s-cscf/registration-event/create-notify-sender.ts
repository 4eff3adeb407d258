/**
 * The way of NOTIFYs: along the route of their dialog, to Mw peers only.
 *
 * @module
 */
import {
  type ClientEvent,
  parseNameAddr,
  type SendRequest,
  SipError,
  type SipRequest,
  TransportFailed,
} from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { NoRoute } from '../../errors.ts';
import type { MwElement } from '../../mw/mw-element.ts';

export function createNotifySender(element: MwElement): SendRequest {
  return (request, inform) => {
    reach(request, element).then(
      (flow) => void element.endpoint.layer.request(request, flow, (event) => inform(withoutFlowFailed(event))),
      (cause: unknown) => inform({ type: 'transport error', error: asTransportFailed(cause) }),
    );
  };
}

async function reach({ headers, requestUri }: SipRequest, element: MwElement): Promise<NodeFlow> {
  const route = headers.first('Route');
  return element.flowTo(route === undefined ? requestUri : parseNameAddr(route, 'Route').uri);
}

/** RFC 5626 5.3: where the flow to the subscriber is gone, so is the subscriber (RFC 6665 4.2.2). */
function withoutFlowFailed(event: ClientEvent): ClientEvent {
  if (event.type !== 'response' || event.response.statusCode !== 430) return event;
  return { type: 'response', response: { ...event.response, statusCode: 481 } };
}

function asTransportFailed(cause: unknown): SipError {
  if (cause instanceof SipError) return cause;
  if (cause instanceof NoRoute) return new TransportFailed('expected a Mw peer as next hop', { cause });
  throw cause;
}

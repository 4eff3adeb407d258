/**
 * The way of our own SUBSCRIBEs: the first goes to the entry of the home network, what follows along the dialog, and
 * always to configured peers only (TS 24.229 5.2.3).
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
import { RequestRefused } from '../errors.ts';
import { createChargingVector } from '../mw/charging-vector.ts';
import type { MwPeer, PeerTable } from '../mw/peer-table.ts';
import { isInDialog } from '../sessions/dialogs.ts';

export interface SubscribeSenderOptions {
  readonly entry: MwPeer;
  readonly peers: Pick<PeerTable, 'locate'>;
  readonly homeDomain: string;
  /** @throws {TransportFailed} */
  readonly flowTo: (peer: MwPeer) => Promise<NodeFlow>;
  readonly request: (request: SipRequest, flow: NodeFlow, inform: (event: ClientEvent) => void) => unknown;
}

export function createSubscribeSender(options: SubscribeSenderOptions): SendRequest {
  const { homeDomain, flowTo } = options;
  return (request, inform) => {
    const headers = request.headers.with('P-Charging-Vector', createChargingVector(homeDomain));
    const reach = async (): Promise<NodeFlow> => flowTo(nextHop(request, options));
    reach().then(
      (flow) => void options.request({ ...request, headers }, flow, inform),
      (cause: unknown) => inform({ type: 'transport error', error: asTransportFailed(cause) }),
    );
  };
}

function nextHop(request: SipRequest, { entry, peers }: SubscribeSenderOptions): MwPeer {
  if (!isInDialog(request)) return entry;
  const route = request.headers.first('Route');
  return peers.locate(route === undefined ? request.requestUri : parseNameAddr(route, 'Route').uri);
}

function asTransportFailed(cause: unknown): SipError {
  if (cause instanceof SipError) return cause;
  if (cause instanceof RequestRefused) return new TransportFailed('expected a Mw peer as next hop', { cause });
  throw cause;
}

/**
 * How an endpoint finds servers, and reaches what it found (RFC 3263, RFC 3261 18.1.1 and 18.2.2).
 *
 * @module
 */
import {
  type Clock,
  type LocationOptions,
  locateServers,
  RequestSender,
  type ServerTarget,
  type TransactionLayer,
  type Transport,
  TransportFailed,
} from '@wicgate/sip';
import { hostPort } from './address.ts';
import { createDnsResolver } from './dns-resolver.ts';
import type { EndpointOptions, RequestRouting } from './endpoint-options.ts';
import type { NodeFlow } from './node-flow.ts';
import type { Outgoing } from './outgoing.ts';
import { ResponseRoutes } from './response-routes.ts';

export interface Routing {
  readonly sender: RequestSender<NodeFlow>;
  readonly responses: ResponseRoutes;
}

/** What routing needs of an endpoint. */
interface Ways {
  readonly layer: TransactionLayer<NodeFlow>;
  readonly clock: Clock;
  readonly outgoing: Pick<Outgoing, 'connectTcp' | 'connectTls' | 'connectUdp' | 'connectWebSocket'>;
}

export function createRouting(
  { layer, clock, outgoing }: Ways,
  { routing = {}, responsesTo }: Pick<EndpointOptions, 'routing' | 'responsesTo'>,
): Routing {
  const { families, maxAttempts, deadlineMs } = routing;
  let resolver = routing.resolver;
  const location = (): Omit<LocationOptions, 'transports'> => {
    // Most endpoints know all their peers, and never ask.
    resolver ??= createDnsResolver();
    return { resolver, families, random: Math.random };
  };
  const transports = routing.transports ?? defaultTransports(routing);
  const connect = (target: ServerTarget): Promise<NodeFlow> => connectTo(target, outgoing, routing);
  const sender = new RequestSender<NodeFlow>({
    layer,
    clock,
    locate: (uri) => locateServers(uri, { ...location(), transports }),
    connect,
    viaParams: (flow) => viaParams(flow, routing),
    maxAttempts,
    deadlineMs,
  });
  const responses = new ResponseRoutes({ location: responsesTo === 'sent-by' ? location : undefined, connect });
  return { sender, responses };
}

function defaultTransports({ tls }: RequestRouting): readonly Transport[] {
  return tls === undefined ? ['TCP', 'UDP'] : ['TLS', 'TCP', 'UDP'];
}

async function connectTo(
  target: ServerTarget,
  outgoing: Ways['outgoing'],
  { tls, mayReach }: RequestRouting,
): Promise<NodeFlow> {
  const { transport, address, port, domain } = target;
  if (mayReach?.(target) === false) throw new TransportFailed('the server may not be reached');
  switch (transport) {
    case 'UDP':
      return outgoing.connectUdp({ host: address, port });
    case 'TCP':
      return outgoing.connectTcp({ host: address, port });
    case 'TLS':
      if (tls === undefined) throw new TransportFailed('no certificate authority is known');
      return outgoing.connectTls({ host: address, port, tls, serverName: domain });
    default: {
      const url = `${transport.toLowerCase()}://${hostPort(address, port)}/`;
      return outgoing.connectWebSocket({ url, tls, serverName: domain });
    }
  }
}

/**
 * RFC 5923 5: a connection that both ends have proved their names on
 * may carry requests the other way.
 */
function viaParams(flow: NodeFlow, { tls }: RequestRouting): readonly (readonly [string, string])[] {
  const isMutual = tls?.cert !== undefined && flow.peer.certificateNames.length > 0;
  return flow.transport === 'TLS' && flow.listener === undefined && isMutual ? [['alias', '']] : [];
}

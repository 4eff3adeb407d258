/**
 * Every place where clients reach the server: UDP and TCP on one port, TLS, further ports (TS 33.203 W.3.5); IPv4 and
 * IPv6.
 *
 * @module
 */
import { AddressInUse } from '@wicgate/node-kit';
import type { StreamOutOfStep } from '@wicgate/stun';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { ClientConnections } from './client-connections.ts';
import type { ClientFlow, ClientTransport } from './client-flow.ts';
import type { ListenerPlace } from './open-listener.ts';
import { listenStream } from './stream-listener.ts';
import type { TlsCertificate } from './tls-certificate.ts';
import { listenUdp } from './udp-listener.ts';

/** Where clients reach the server. */
export interface ServedEndpoint {
  readonly transport: ClientTransport;
  readonly host: string;
  readonly port: number;
}

export interface ClientListeners {
  /** The IPv4 ones of TURN_PORT come first. */
  readonly endpoints: readonly ServedEndpoint[];
  close(): Promise<void>;
}

export interface ClientListenersSettings {
  readonly clock: Clock;
  readonly connections: ClientConnections;
  /** For TLS. */
  readonly certificate: TlsCertificate | undefined;
  readonly onMessage: (flow: ClientFlow, octets: Buffer) => void;
  readonly onClose: (flow: ClientFlow) => void;
  readonly onRefused: (flow: ClientFlow, error: StreamOutOfStep) => void;
  readonly onError: (error: Error) => void;
  readonly hasAllocation: (flow: ClientFlow) => boolean;
}

/** Listeners that are on the same port, whichever it is. */
interface PortGroup {
  readonly port: number;
  readonly portSetting: string;
  readonly transports: readonly ClientTransport[];
}

interface OpenListener {
  readonly endpoint: ServedEndpoint;
  close(): Promise<void>;
}

/** With port 0, one listener may find taken what another one was given; so many times another port is asked for. */
const maxPortAttempts = 10;

/** All of them, or none. @throws {AddressInUse} @throws {ConfigInvalid} */
export async function openClientListeners(config: Config, settings: ClientListenersSettings): Promise<ClientListeners> {
  const listeners: OpenListener[] = [];
  const close = async (): Promise<void> => {
    settings.connections.endAll();
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  try {
    for (const group of portGroups(config)) listeners.push(...(await openGroup(group, config, settings)));
  } catch (error) {
    await close();
    throw error;
  }
  return { endpoints: listeners.map(({ endpoint }) => endpoint), close };
}

function portGroups(config: Config): readonly PortGroup[] {
  const { TURN_PORT, TURN_TLS_PORT, TURN_FURTHER_PORTS } = config;
  const further = TURN_FURTHER_PORTS.map(({ transport, port }) => ({
    port,
    portSetting: 'TURN_FURTHER_PORTS',
    transports: [transport],
  }));
  const tls = { portSetting: 'TURN_TLS_PORT', transports: ['TLS'] as const };
  return [
    { port: TURN_PORT, portSetting: 'TURN_PORT', transports: ['TCP', 'UDP'] },
    ...(TURN_TLS_PORT === undefined ? [] : [{ ...tls, port: TURN_TLS_PORT }]),
    ...further,
  ];
}

async function openGroup(group: PortGroup, config: Config, settings: ClientListenersSettings): Promise<OpenListener[]> {
  for (let attempt = 1; ; attempt += 1) {
    const opened: OpenListener[] = [];
    try {
      for (const [transport, place] of placesOf(group, config)) {
        const port = opened[0]?.endpoint.port ?? place.port;
        opened.push(await openOne(transport, { ...place, port }, settings));
      }
      return opened;
    } catch (error) {
      await Promise.all(opened.map((listener) => listener.close()));
      const mayTryAgain = error instanceof AddressInUse && group.port === 0 && attempt < maxPortAttempts;
      if (!mayTryAgain) throw error;
    }
  }
}

function placesOf(
  { port, portSetting, transports }: PortGroup,
  { TURN_HOST, TURN_HOST_IPV6 }: Config,
): readonly (readonly [ClientTransport, ListenerPlace])[] {
  const ipv4 = { host: TURN_HOST, hostSetting: 'TURN_HOST', port, portSetting };
  const places =
    TURN_HOST_IPV6 === undefined ? [ipv4] : [ipv4, { ...ipv4, host: TURN_HOST_IPV6, hostSetting: 'TURN_HOST_IPV6' }];
  return places.flatMap((place) => transports.map((transport) => [transport, place] as const));
}

async function openOne(
  transport: ClientTransport,
  place: ListenerPlace,
  settings: ClientListenersSettings,
): Promise<OpenListener> {
  const { onMessage, onError, certificate } = settings;
  const listener =
    transport === 'UDP'
      ? await listenUdp({ place, onMessage, onError })
      : await listenStream({ ...settings, place, certificate: transport === 'TLS' ? certificate : undefined });
  return { endpoint: { transport, host: place.host, port: listener.port }, close: () => listener.close() };
}

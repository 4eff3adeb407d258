/**
 * The relayed transport addresses that the settings allow.
 *
 * @module
 */
import { randomInt } from 'node:crypto';
import type { Config } from '../config.ts';
import { RelayPortsExhausted } from '../errors.ts';
import { RelayPorts } from './relay-ports.ts';
import type { AddressFamily, Relays } from './relay-socket.ts';
import { openUdpRelay, type RelayPlace } from './udp-relay.ts';

/** @param onFailure hears why a socket could not be opened, unless another program holds the port. */
export function createUdpRelays(config: Config, onFailure: (cause: Error) => void): Relays {
  const range = { min: config.TURN_RELAY_PORT_MIN, max: config.TURN_RELAY_PORT_MAX };
  const places = new Map<AddressFamily, RelayPlace>();
  const { TURN_RELAY_HOST: host, TURN_RELAY_HOST_IPV6: hostIPv6 } = config;
  const publicHost = config.TURN_RELAY_PUBLIC_HOST ?? host;
  places.set('IPv4', { host, publicHost, ports: new RelayPorts(range, randomInt), onFailure });
  if (hostIPv6 !== undefined) {
    const ports = new RelayPorts(range, randomInt);
    places.set('IPv6', { host: hostIPv6, publicHost: hostIPv6, ports, onFailure });
  }
  return {
    families: new Set(places.keys()),
    open: async ({ family, port }) => {
      const place = places.get(family);
      if (place === undefined) throw new RelayPortsExhausted();
      return openUdpRelay(place, port);
    },
  };
}

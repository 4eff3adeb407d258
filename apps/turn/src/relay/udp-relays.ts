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

export function createUdpRelays(config: Config): Relays {
  const range = { min: config.TURN_RELAY_PORT_MIN, max: config.TURN_RELAY_PORT_MAX };
  const places = new Map<AddressFamily, RelayPlace>();
  const { TURN_RELAY_HOST: host, TURN_RELAY_HOST_IPV6: hostIPv6 } = config;
  const publicHost = config.TURN_RELAY_PUBLIC_HOST ?? host;
  places.set('IPv4', { host, publicHost, ports: new RelayPorts(range, randomInt) });
  if (hostIPv6 !== undefined) {
    places.set('IPv6', { host: hostIPv6, publicHost: hostIPv6, ports: new RelayPorts(range, randomInt) });
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

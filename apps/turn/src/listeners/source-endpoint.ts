/**
 * Transport addresses as sockets tell them, in the one form in which this server compares them.
 *
 * @module
 */
import { type Endpoint, formatIPv6, groupsOfIPv6 } from '@wicgate/stun';

/** IPv4-mapped IPv6 addresses (RFC 4291 2.5.5.2) become what they map; a zone is left out. */
export function sourceEndpoint(address: string, port: number): Endpoint {
  if (!address.includes(':')) return { family: 'IPv4', address, port };
  const groups = groupsOfIPv6(address);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (!isMapped) return { family: 'IPv6', address: formatIPv6(groups), port };
  const octets = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]);
  return { family: 'IPv4', address: octets.join('.'), port };
}

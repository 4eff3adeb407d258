/**
 * IPv4 addresses inside IPv6 addresses.
 *
 * @module
 */
import type { Endpoint } from '@wicgate/stun';

/**
 * The IPv4 address that a translator (RFC 6052 2.1, the well-known prefix) or a tunnel (RFC 3056 2, 6to4) would send
 * to; undefined where there is none. The address comes as eight groups.
 */
export function findCarriedIPv4({ family, address, port }: Endpoint): Endpoint | undefined {
  if (family === 'IPv4') return undefined;
  const groups = address.split(':').map((group) => Number.parseInt(group, 16));
  const [first, second] = groups;
  if (first === 0x2002) return ipv4Of(groups.slice(1, 3), port);
  const isTranslated = first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0);
  return isTranslated ? ipv4Of(groups.slice(6), port) : undefined;
}

function ipv4Of(groups: readonly number[], port: number): Endpoint {
  return { family: 'IPv4', address: groups.flatMap((group) => [group >> 8, group & 0xff]).join('.'), port };
}

/**
 * IP addresses as sockets tell them and as SIP writes them (RFC 5118).
 *
 * @module
 */
import { isIPv4, isIPv6, SocketAddress } from 'node:net';

const mapped = '::ffff:';

/** Without what only this machine understands: an IPv4 address stands by itself, and an IPv6 address has no zone. */
export function plainAddress(address: string): string {
  const zone = address.indexOf('%');
  const plain = zone < 0 ? address : address.slice(0, zone);
  return plain.startsWith(mapped) && isIPv4(plain.slice(mapped.length)) ? plain.slice(mapped.length) : plain;
}

/** `host[:port]` with the brackets of RFC 3261 25.1, which a host may have already. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Without the brackets of a URI. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** Whether `host`, out of a Via, is that very address; an IPv6 address has several spellings (RFC 5118 4.5). */
export function isAddress(host: string, address: string): boolean {
  if (host === address) return true;
  const written = withoutBrackets(host);
  if (!isIPv6(written) || !isIPv6(address)) return false;
  return canonical(written) === canonical(address);
}

function canonical(address: string): string {
  return plainAddress(new SocketAddress({ address, family: 'ipv6' }).address);
}

/** Whether it is the address of one host, which a unicast response may go to. */
export function isUnicast(address: string): boolean {
  if (isIPv4(address)) {
    const first = Number(address.slice(0, address.indexOf('.')));
    return first > 0 && first < 224;
  }
  return isIPv6(address) && !address.toLowerCase().startsWith('ff') && canonical(address) !== '::';
}

/**
 * Host and port as they stand in URIs and in Via (RFC 3261 25.1).
 *
 * @module
 */

/** In lower case; an IPv6 address gets its brackets where it has none. */
export function hostPort(host: string, port: number): string {
  const isBareIpv6 = host.includes(':') && !host.startsWith('[');
  return `${(isBareIpv6 ? `[${host}]` : host).toLowerCase()}:${port}`;
}

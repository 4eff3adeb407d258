/**
 * A place to send to, and the transports there are (RFC 3261 18, RFC 7118 5).
 *
 * @module
 */

export type Transport = 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS';

export interface ServerTarget {
  readonly transport: Transport;
  /** An IP address, without brackets. */
  readonly address: string;
  readonly port: number;
  /** Whom the certificate must name (RFC 5922 4): the host that was asked for, not where DNS led. Without brackets. */
  readonly domain: string;
}

/** RFC 3261 19.1.2; RFC 6455 3 for WebSockets. */
export const defaultPorts: Readonly<Record<Transport, number>> = {
  UDP: 5_060,
  TCP: 5_060,
  TLS: 5_061,
  WS: 80,
  WSS: 443,
};

/** Whether the other end proves its name on it. */
export function isSecure(transport: Transport): boolean {
  return transport === 'TLS' || transport === 'WSS';
}

/** Whether `host` is an IP address; an IPv6 address stands in brackets, as in a URI and in Via. */
export function isNumeric(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u.test(host);
}

export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/**
 * A transport address: the address and port of one end.
 *
 * @module
 */

export interface Endpoint {
  readonly family: 'IPv4' | 'IPv6';
  /** Dotted for IPv4; for IPv6 eight groups without compression. */
  readonly address: string;
  /** 0 to 65535. */
  readonly port: number;
}

/**
 * Where a listener listens, and who it says it is.
 *
 * @module
 */

export interface ListenAddress {
  /** The listener's name, which its flows carry. */
  readonly name: string;
  /** An address or a name. `::` takes IPv4 too; a peer's IPv4 address is then told as such. */
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
}

/** The same for TCP and UDP on one port. */
export interface TcpAndUdpAddress extends Omit<ListenAddress, 'name'> {
  /** The listeners' names, which their flows carry. */
  readonly names: { readonly tcp: string; readonly udp: string };
}

/** PEM texts of certificate, key, and the authority that peers' certificates must come from. */
export interface TlsIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
}

/** The same for a client, which may have no certificate of its own. */
export type TlsTrust = Pick<TlsIdentity, 'ca'> & Partial<TlsIdentity>;

export interface TlsListenAddress extends ListenAddress {
  readonly tls: TlsIdentity;
  /** Unless false, clients without a certificate get no further than the handshake. */
  readonly requiresCertificate?: boolean;
}

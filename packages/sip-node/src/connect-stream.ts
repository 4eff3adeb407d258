/**
 * Opens a TCP or TLS connection (RFC 3261 18.1.1, RFC 5922 7).
 *
 * @module
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TransportFailed } from '@wicgate/sip';
import { withoutBrackets } from './address.ts';
import { checkDomain } from './certificate-names.ts';
import type { TlsTrust } from './listen-address.ts';
import type { NodeFlow } from './node-flow.ts';

export interface TcpDestination {
  /** An IPv6 address may stand in brackets, as in a URI. */
  readonly host: string;
  readonly port: number;
  /** How often we ping, in milliseconds; never unless given (RFC 5626 4.4.1). The one who opens it decides. */
  readonly keepAliveMs?: number | undefined;
}

export interface TlsDestination extends TcpDestination {
  readonly tls: TlsTrust;
  /** The name that the peer's certificate must carry. */
  readonly serverName: string;
}

export interface StreamConnecting {
  readonly connectTimeoutMs: number;
  /** Sees each socket before it is connected. */
  readonly track: (socket: Socket) => void;
  /** Makes a flow of a connected socket. */
  readonly accept: (socket: Socket) => NodeFlow;
}

/**
 * `forget` is called when the connection, made or not, has come to its end.
 *
 * @throws {TransportFailed} no connection in time, or a certificate without `serverName`.
 */
export function connectStream(
  destination: TcpDestination | TlsDestination,
  { connectTimeoutMs, track, accept }: StreamConnecting,
  forget: () => void,
): Promise<NodeFlow> {
  return new Promise((resolve, reject) => {
    const socket = openSocket(destination);
    let cause: Error | undefined;
    const late = setTimeout(() => socket.destroy(), connectTimeoutMs);
    track(socket);
    socket.on('error', (error) => {
      cause = error;
    });
    socket.once('close', () => {
      clearTimeout(late);
      forget();
      // Without effect where it was connected.
      const name = 'tls' in destination ? `TLS connection to ${destination.serverName}` : 'TCP connection';
      reject(new TransportFailed(`no ${name}`, { cause }));
    });
    socket.once('tls' in destination ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      resolve(accept(socket));
    });
  });
}

function openSocket(destination: TcpDestination | TlsDestination): Socket {
  const address = { host: withoutBrackets(destination.host), port: destination.port };
  if (!('tls' in destination)) return connectTcp(address);
  const { tls, serverName } = destination;
  return connectTls({
    ...address,
    ...tls,
    // An IP address is no name to ask for (RFC 6066 3), but one to be proved.
    ...(isIP(serverName) === 0 && { servername: serverName }),
    checkServerIdentity: (_host, certificate) => checkDomain(serverName, certificate),
    minVersion: 'TLSv1.2',
  });
}

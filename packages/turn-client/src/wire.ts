/**
 * The way to a TURN server: UDP, TCP or TLS over IPv4 or IPv6 (RFC 8656 3.1).
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TcpFramer } from '@wicgate/stun';
import { Inbox, NothingArrived, patienceMs } from './inbox.ts';

export type Transport = 'UDP' | 'TCP' | 'TLS';

export interface ServerAddress {
  /** A numeric address, unless the system's resolver may be asked. */
  readonly host: string;
  readonly port: number;
  /** Certificates in PEM that TLS trusts besides none; without it those of the system. */
  readonly ca?: string | Buffer;
  /** The name that TLS expects in the certificate, where it is not `host`. */
  readonly serverName?: string;
}

export interface Wire {
  /** Whole messages of the server. */
  readonly inbox: Inbox<Buffer>;
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<unknown>;
  /** Where the server sees it come from, unless a NAT stands between. */
  readonly localPort: number;
  send(octets: Buffer): void;
  /** Stops reading, so that the server's octets pile up. */
  pause(): void;
  close(): void;
}

/** Rejects if the server is not to be had within 5 s, or its certificate is not trusted. */
export function openWire(transport: Transport, address: ServerAddress): Promise<Wire> {
  return transport === 'UDP' ? openUdp(address) : openStream(transport, address);
}

async function openUdp({ host, port }: ServerAddress): Promise<Wire> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const inbox = new Inbox<Buffer>();
  socket.on('message', (octets) => inbox.put(octets));
  socket.connect(port, host);
  await once(socket, 'connect');
  // A server that is gone shows up here; to a client it is a lost datagram.
  socket.on('error', () => undefined);
  return {
    inbox,
    ended: new Promise(() => undefined),
    localPort: socket.address().port,
    send: (octets) => socket.send(octets),
    pause: () => undefined,
    close: () => socket.close(),
  };
}

async function openStream(transport: 'TCP' | 'TLS', address: ServerAddress): Promise<Wire> {
  const socket = transport === 'TLS' ? connectSecurely(address) : connectPlainly(address);
  const timer = setTimeout(() => socket.destroy(new NothingArrived()), patienceMs);
  await once(socket, transport === 'TLS' ? 'secureConnect' : 'connect').finally(() => clearTimeout(timer));
  // Not by `once`, which would reject where the server resets the connection.
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const inbox = new Inbox<Buffer>();
  const framer = new TcpFramer();
  socket.on('data', (chunk: Buffer) => framer.push(chunk, (frame) => inbox.put(frame)));
  socket.on('error', () => undefined);
  return {
    inbox,
    ended,
    localPort: socket.localPort ?? 0,
    send: (octets) => socket.write(octets),
    pause: () => socket.pause(),
    close: () => socket.destroy(),
  };
}

function connectPlainly({ host, port }: ServerAddress): Socket {
  return connect({ host, port, noDelay: true });
}

function connectSecurely({ host, port, ca, serverName }: ServerAddress): Socket {
  const trust = ca === undefined ? {} : { ca };
  const name = serverName === undefined ? {} : { servername: serverName };
  return connectTls({ host, port, ...trust, ...name }).setNoDelay();
}

/**
 * What a client finds where it looks for a TURN server: one behind TLS, or ports that swallow what they get.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { CertificateAuthority } from '@wicgate/certificates';

export interface Front {
  readonly port: number;
  /** Octets that came in so far. */
  readonly octets: () => number;
  readonly stop: () => Promise<void>;
}

/** TLS, and behind it the TCP port `turn`. */
export async function openTlsFront(turn: number): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'wicgate-turn-'));
  const authority = await CertificateAuthority.open(folder);
  const { certFile, keyFile } = await authority.certificate('localhost', ['localhost', '127.0.0.1']);
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  rmSync(folder, { recursive: true, force: true });
  return listen(
    (onSocket) => createTlsServer(tls, onSocket),
    (socket) => {
      const behind = connect(turn, '127.0.0.1');
      const end = (): void => {
        socket.destroy();
        behind.destroy();
      };
      behind.on('error', end).on('close', end);
      socket.on('error', end).on('close', end);
      socket.pipe(behind).pipe(socket);
    },
  );
}

/** Takes every connection and never says a word. */
export function openSilentTcp(): Promise<Front> {
  return listen(createServer, () => undefined);
}

/** Swallows every datagram: no answer, and no ICMP either. */
export async function openSilentUdp(): Promise<Front> {
  let octets = 0;
  const socket = createSocket('udp4');
  socket.on('message', (datagram) => {
    octets += datagram.length;
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const stop = (): Promise<void> => new Promise((resolve) => socket.close(resolve));
  return { port: socket.address().port, octets: () => octets, stop };
}

async function listen(
  create: (onSocket: (socket: Socket) => void) => Server,
  onSocket: (socket: Socket) => void,
): Promise<Front> {
  let octets = 0;
  const sockets = new Set<Socket>();
  const server = create((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      octets += data.length;
    });
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    octets: () => octets,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

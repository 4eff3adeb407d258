/**
 * Sends octets at a listener, a message at a time, opening a new connection whenever the last one was closed.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';

type Send = (messages: Iterable<Buffer>) => Promise<void>;

export function overWebSocket(port: number, origin: string): Send {
  return async (messages) => {
    let socket: WebSocket | undefined;
    for (const message of messages) {
      if (socket?.readyState !== WebSocket.OPEN) {
        socket = new WebSocket(`wss://127.0.0.1:${port}/`, 'sip', { origin, rejectUnauthorized: false });
        socket.on('error', () => {});
        await once(socket, 'open');
      }
      socket.send(message);
    }
    socket?.close();
    if (socket !== undefined && socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
  };
}

export const overTcp = (port: number): Send => overStream(() => connectTcp(port, '127.0.0.1'), 'connect');

/** Mutual TLS with a certificate of the lab's own. */
export function overMutualTls(port: number, stateFolder: string, certificate: string): Send {
  const read = (file: string): Buffer => readFileSync(join(stateFolder, 'certificates', file));
  const identity = { cert: read(`${certificate}.pem`), key: read(`${certificate}.key`), ca: read('ca.pem') };
  const open = () => connectTls({ host: '127.0.0.1', port, ...identity, checkServerIdentity: () => undefined });
  return overStream(open, 'secureConnect');
}

function overStream(open: () => Socket, opened: string): Send {
  return async (messages) => {
    let socket: Socket | undefined;
    for (const message of messages) {
      if (socket === undefined || !socket.writable) {
        socket = open();
        socket.on('error', () => {});
        socket.resume();
        await once(socket, opened);
      }
      const written: Socket = socket;
      await new Promise<void>((resolve) => written.write(message, () => resolve()));
    }
    socket?.destroy();
  };
}

export function overUdp(port: number): Send {
  return async (messages) => {
    const socket = createSocket('udp4');
    for (const message of messages) {
      await new Promise<void>((resolve) => socket.send(message, port, '127.0.0.1', () => resolve()));
    }
    socket.close();
  };
}

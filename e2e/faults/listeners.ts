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

/** An unregistered connection is closed after ten faults: what is to be read must come before. */
const framesEach = 8;

export function overWebSocket(port: number, origin: string): Send {
  return async (messages) => {
    for (const frames of inGroups(messages, framesEach)) {
      const socket = new WebSocket(`wss://127.0.0.1:${port}/`, 'sip', { origin, rejectUnauthorized: false });
      socket.on('error', () => {});
      await once(socket, 'open');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      for (const frame of frames) socket.send(frame);
      socket.close();
      await closed;
    }
  };
}

export const overTcp = (port: number): Send => overStream(() => connectTcp(port, '127.0.0.1'), 'connect');

/** Mutual TLS with a certificate of the lab's own: one connection for all, opened again where it was closed. */
export function overMutualTls(port: number, stateFolder: string, certificate: string): Send {
  const open = mutualTls(port, stateFolder, certificate);
  return async (messages) => {
    let socket: Socket | undefined;
    for (const message of messages) {
      if (socket?.writable !== true) {
        socket = open();
        socket.on('error', () => {});
        socket.resume();
        await once(socket, 'secureConnect');
      }
      const written: Socket = socket;
      await new Promise<void>((resolve) => written.write(message, () => resolve()));
    }
    socket?.destroy();
  };
}

/** The same with a connection for each message. */
export function overMutualTlsAlone(port: number, stateFolder: string, certificate: string): Send {
  return overStream(mutualTls(port, stateFolder, certificate), 'secureConnect');
}

function mutualTls(port: number, stateFolder: string, certificate: string): () => Socket {
  const read = (file: string): Buffer => readFileSync(join(stateFolder, 'certificates', file));
  const identity = { cert: read(`${certificate}.pem`), key: read(`${certificate}.key`), ca: read('ca.pem') };
  return () => connectTls({ host: '127.0.0.1', port, ...identity, checkServerIdentity: () => undefined });
}

/** A connection for each message: after a broken one there is no border left, and nobody would read the next. */
function overStream(open: () => Socket, opened: string): Send {
  return async (messages) => {
    for (const group of inGroups(messages, 8)) {
      await Promise.all(group.map((message) => sendAlone(open(), opened, message)));
    }
  };
}

async function sendAlone(socket: Socket, opened: string, message: Buffer): Promise<void> {
  // A reset is one of the answers that a broken message may get.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  await once(socket, opened);
  socket.end(message);
  await closed;
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

function* inGroups(messages: Iterable<Buffer>, size: number): Generator<readonly Buffer[]> {
  let group: Buffer[] = [];
  for (const message of messages) {
    group.push(message);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

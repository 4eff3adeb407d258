/**
 * Peers that send any octets they like: TCP, TLS and UDP.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTlsSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { EventLog } from './event-log.ts';

export class RawPeer {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly #texts = new EventLog<string>();
  #text = '';

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#texts.add(this.#text);
    });
    onTestFinished(() => void socket.destroy());
  }

  /** Everything that came. */
  get text(): string {
    return this.#text;
  }

  write(octets: string | Uint8Array): void {
    this.socket.write(octets);
  }

  /** Waits until what came holds `part`. */
  async receive(part: string): Promise<string> {
    return this.#texts.when((text) => text.includes(part));
  }

  /** Waits until `part` has come so many times. */
  async receiveTimes(part: string, times: number): Promise<void> {
    await this.#texts.when((text) => text.split(part).length > times);
  }
}

export async function connectPlain(port: number, host = '127.0.0.1'): Promise<RawPeer> {
  const socket = connectTcp({ host, port });
  const peer = new RawPeer(socket);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return peer;
}

/** Not resolved before the handshake has ended; a rejected handshake only closes the peer. */
export async function connectSecure(port: number, options: ConnectionOptions): Promise<RawPeer> {
  const socket = connectTlsSocket({ host: '127.0.0.1', port, ...options });
  const peer = new RawPeer(socket);
  const secured = new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
  await Promise.race([secured, peer.closed]);
  return peer;
}

export interface DatagramPeer {
  readonly port: number;
  readonly texts: EventLog<string>;
  send(octets: string | Uint8Array, toPort: number): void;
}

export async function openDatagramPeer(host = '127.0.0.1'): Promise<DatagramPeer> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const texts = new EventLog<string>();
  socket.on('message', (octets) => texts.add(octets.toString('latin1')));
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  onTestFinished(() => void socket.close());
  return {
    port: socket.address().port,
    texts,
    send: (octets, toPort) => socket.send(octets, toPort, host),
  };
}

/**
 * Clients over TCP.
 *
 * @module
 */

import { createServer, type Socket } from 'node:net';
import { listen } from '@wicgate/node-kit';
import { type Endpoint, StreamOutOfStep, TcpFramer } from '@wicgate/stun';
import type { Clock } from '../clock.ts';
import type { ClientFlow } from './client-flow.ts';

/** How long a connection may stay without an allocation. */
export const idleMs = 30_000;
/** What may wait for a slow client before media is dropped, and before the connection is ended. */
const maxQueuedMediaOctets = 262_144;
const maxQueuedOctets = 524_288;

export interface TcpListener {
  readonly port: number;
  readonly connectionCount: number;
  /** The connection of that flow has lost its allocation: its time without one starts again. */
  watch(flowKey: string): void;
  close(): Promise<void>;
}

export interface TcpListenerSettings {
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly onMessage: (flow: ClientFlow, octets: Buffer) => void;
  readonly onClose: (flow: ClientFlow) => void;
  readonly onRefused: (flow: ClientFlow, error: StreamOutOfStep) => void;
  readonly onError: (error: Error) => void;
  readonly hasAllocation: (flow: ClientFlow) => boolean;
}

/** @throws {AddressInUse} */
export async function listenTcp(settings: TcpListenerSettings): Promise<TcpListener> {
  const flows = new Map<string, TcpFlow>();
  let serial = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    serial += 1;
    accept(socket, flows, serial, settings);
  });
  server.maxConnections = settings.maxConnections;
  await listen(server, { host: settings.host, port: settings.port, setting: 'TURN_PORT' });
  server.on('error', settings.onError);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : settings.port,
    get connectionCount() {
      return flows.size;
    },
    watch: (flowKey) => flows.get(flowKey)?.watch(),
    close: () =>
      new Promise((closed) => {
        for (const flow of flows.values()) flow.end();
        server.close(() => closed());
      }),
  };
}

function accept(socket: Socket, flows: Map<string, TcpFlow>, serial: number, settings: TcpListenerSettings): void {
  const { remoteAddress, remotePort } = socket;
  socket.on('error', () => undefined);
  if (remoteAddress === undefined || remotePort === undefined) {
    socket.destroy();
    return;
  }
  const flow = new TcpFlow(socket, { family: 'IPv4', address: remoteAddress, port: remotePort }, serial, settings);
  flows.set(flow.key, flow);
  socket.on('close', () => {
    flow.forget();
    flows.delete(flow.key);
    settings.onClose(flow);
  });
  const framer = new TcpFramer();
  socket.on('data', (chunk: Buffer) => {
    try {
      framer.push(chunk, (frame) => settings.onMessage(flow, frame));
    } catch (error) {
      if (!(error instanceof StreamOutOfStep)) throw error;
      settings.onRefused(flow, error);
      flow.end();
    }
  });
  flow.watch();
}

class TcpFlow implements ClientFlow {
  readonly transport = 'TCP';
  readonly key: string;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  readonly #settings: TcpListenerSettings;
  #stopTimer: () => void = () => undefined;

  /** @param serial tells the connection from an earlier one of the same source. */
  constructor(socket: Socket, remote: Endpoint, serial: number, settings: TcpListenerSettings) {
    this.#socket = socket;
    this.#settings = settings;
    this.remote = remote;
    this.key = `TCP ${remote.address} ${remote.port} ${serial}`;
  }

  sendResponse(octets: Buffer): void {
    if (this.#socket.writableLength > maxQueuedOctets) this.end();
    else this.#socket.write(octets);
  }

  sendMedia(octets: Buffer): boolean {
    if (!this.#socket.writable || this.#socket.writableLength > maxQueuedMediaOctets) return false;
    this.#socket.write(octets);
    return true;
  }

  /** Ends the connection unless it gets an allocation in time. */
  watch(): void {
    this.#stopTimer();
    this.#stopTimer = this.#settings.clock.after(idleMs, () => {
      if (!this.#settings.hasAllocation(this)) this.end();
    });
  }

  forget(): void {
    this.#stopTimer();
  }

  end(): void {
    this.#socket.destroy();
  }
}

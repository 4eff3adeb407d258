/**
 * A TCP or TLS connection as a flow (RFC 3261 18; keep-alive by RFC 5626 3.5.1).
 *
 * @module
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { formatMessage, SipError, type SipMessage, StreamFramer, TransportFailed } from '@wicgate/sip';
import type { FlowEvents } from './flow-events.ts';
import type { FlowPeer, NodeFlow } from './node-flow.ts';

/** A peer that does not read as fast as we write is cut off with this much waiting, in octets. */
const maxQueuedOctets = 1_048_576;
/** A connection on which nothing moves is closed; core peers open a new one when they need it. */
const idleMs = 600_000;
const crlf = Buffer.from('\r\n');

export interface StreamFlowOptions {
  readonly listener: string | undefined;
  readonly sentBy: string;
  readonly events: FlowEvents;
}

export class StreamFlow implements NodeFlow {
  readonly transport: string;
  readonly reliable = true;
  readonly sentBy: string;
  readonly listener: string | undefined;
  readonly peer: FlowPeer;
  readonly #socket: Socket;
  readonly #events: FlowEvents;
  readonly #framer = new StreamFramer();

  /** Takes over a connected socket. */
  constructor(socket: Socket, { listener, sentBy, events }: StreamFlowOptions) {
    this.transport = socket instanceof TLSSocket ? 'TLS' : 'TCP';
    this.sentBy = sentBy;
    this.listener = listener;
    this.peer = peerOf(socket);
    this.#socket = socket;
    this.#events = events;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // Why it broke does not matter: 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => events.closed(this));
  }

  get isOpen(): boolean {
    return this.#socket.writable;
  }

  async send(message: SipMessage): Promise<void> {
    if (!this.isOpen) throw new TransportFailed('the connection is closed');
    if (this.#socket.writableLength > maxQueuedOctets) {
      this.#socket.destroy();
      throw new TransportFailed('the peer does not read');
    }
    this.#socket.write(formatMessage(message));
  }

  close(): void {
    this.#socket.end();
  }

  #read(chunk: Buffer): void {
    try {
      for (const event of this.#framer.push(chunk)) {
        if (event.type === 'message') this.#events.message(event.message, this);
        else if (event.type === 'ping' && this.isOpen) this.#socket.write(crlf);
      }
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      // No border between messages is left.
      this.#events.fault(this, error);
      this.#socket.destroy();
    }
  }
}

function peerOf(socket: Socket): FlowPeer {
  const address = socket.remoteAddress ?? '';
  const port = socket.remotePort ?? 0;
  if (!(socket instanceof TLSSocket)) return { address, port, certificateNames: [], tlsSession: undefined };
  const certificateNames = socket.authorized ? dnsNames(socket.getPeerX509Certificate()?.subjectAltName) : [];
  return { address, port, certificateNames, tlsSession: tlsSessionOf(socket) };
}

/** Names the TLS session on both ends; session ids no longer do so in TLS 1.3. */
export function tlsSessionOf(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(32, 'EXPORTER-wicgate-tls-session', Buffer.alloc(0)).toString('hex');
}

function dnsNames(subjectAltName: string | undefined): readonly string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice(4).toLowerCase());
}

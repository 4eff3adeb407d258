/**
 * A TCP or TLS connection as a flow (RFC 3261 18; keep-alive by RFC 5626 3.5.1).
 *
 * @module
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  defaultLimits,
  formatMessage,
  type MessageLimits,
  SipError,
  type SipMessage,
  StreamFramer,
  TransportFailed,
} from '@wicgate/sip';
import { readDnsNames } from './dns-names.ts';
import type { FlowEvents } from './flow-events.ts';
import type { FlowPeer, NodeFlow } from './node-flow.ts';

/** With this much waiting for a peer that does not read as fast as we write, further messages are refused, in octets. */
const maxQueuedOctets = 1_048_576;
/** A peer that nobody vouches for is cut off then; one of the network's nodes, which many share, later. */
const maxQueuedOctetsBetweenNodes = 8_388_608;
/** A connection on which nothing moves is closed; core peers open a new one when they need it. */
const idleMs = 600_000;
/** How long what was sent before a close may take to leave. */
const closeTimeoutMs = 2_000;
/**
 * A message that came in within the limits elsewhere grows on its way by what each hop adds. Here it would end a
 * connection that many users share, so these limits leave room for that.
 */
const limitsBetweenNodes: MessageLimits = {
  messageOctets: 2 * defaultLimits.messageOctets,
  headerFields: 2 * defaultLimits.headerFields,
  headerFieldCharacters: 2 * defaultLimits.messageOctets,
};
const crlf = Buffer.from('\r\n');

export interface StreamFlowOptions {
  readonly listener: string | undefined;
  readonly sentBy: string;
  readonly events: FlowEvents;
  /** How long an accepted connection may take to bring its first message, and any to finish one that it began. */
  readonly messageTimeoutMs: number;
}

export class StreamFlow implements NodeFlow {
  readonly transport: string;
  readonly reliable = true;
  readonly sentBy: string;
  readonly listener: string | undefined;
  readonly peer: FlowPeer;
  readonly #socket: Socket;
  readonly #events: FlowEvents;
  readonly #framer: StreamFramer;
  readonly #messageTimeoutMs: number;
  #deadline: NodeJS.Timeout | undefined;
  #isClosing = false;

  /** Takes over a connected socket. */
  constructor(socket: Socket, { listener, sentBy, events, messageTimeoutMs }: StreamFlowOptions) {
    this.transport = socket instanceof TLSSocket ? 'TLS' : 'TCP';
    this.#framer = new StreamFramer(this.transport === 'TLS' ? limitsBetweenNodes : defaultLimits);
    this.sentBy = sentBy;
    this.listener = listener;
    this.peer = peerOf(socket);
    this.#socket = socket;
    this.#events = events;
    this.#messageTimeoutMs = messageTimeoutMs;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // Why it broke does not matter: 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(this.#deadline);
      events.closed(this);
    });
    if (listener !== undefined) this.#expectMessage();
  }

  get isOpen(): boolean {
    return this.#socket.writable && !this.#isClosing;
  }

  async send(message: SipMessage): Promise<void> {
    if (!this.isOpen) throw new TransportFailed('the connection is closed');
    const octets = formatMessage(message);
    // The peer could not read it, and would close the connection that many share.
    if (octets.length > limitsBetweenNodes.messageOctets || message.headers.size > limitsBetweenNodes.headerFields) {
      throw new TransportFailed('the message is larger than the peer takes');
    }
    if (!this.#write(octets)) throw new TransportFailed('the peer does not read');
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.end();
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#socket.destroy(), closeTimeoutMs);
  }

  #write(octets: Uint8Array): boolean {
    const { writableLength } = this.#socket;
    const limit = this.transport === 'TLS' ? maxQueuedOctetsBetweenNodes : maxQueuedOctets;
    if (writableLength > limit) this.#socket.destroy();
    if (writableLength > maxQueuedOctets) return false;
    this.#socket.write(octets);
    return true;
  }

  #read(chunk: Buffer): void {
    let isComplete = false;
    let pings = 0;
    try {
      for (const event of this.#framer.push(chunk)) {
        // What follows on a connection that we gave up is not acted on.
        if (!this.isOpen) return;
        isComplete = true;
        if (event.type === 'message') this.#events.message(event.message, this);
        else if (event.type === 'ping') pings += 1;
      }
      // One write for all: a flood of pings shall not cost us one each.
      if (pings > 0) this.#write(Buffer.alloc(pings * crlf.length, crlf));
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      // No border between messages is left.
      this.#events.fault(this, error);
      this.#socket.destroy();
    }
    if (!this.isOpen) return;
    if (isComplete) this.#stopExpecting();
    else this.#expectMessage();
  }

  /** Octets that come one by one and never make a message hold no connection for long. */
  #expectMessage(): void {
    this.#deadline ??= setTimeout(() => this.#socket.destroy(), this.#messageTimeoutMs);
  }

  #stopExpecting(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }
}

function peerOf(socket: Socket): FlowPeer {
  const address = socket.remoteAddress ?? '';
  const port = socket.remotePort ?? 0;
  if (!(socket instanceof TLSSocket)) return { address, port, certificateNames: [], tlsSession: undefined };
  const certificateNames = socket.authorized ? readDnsNames(socket.getPeerX509Certificate()?.subjectAltName) : [];
  return { address, port, certificateNames, tlsSession: tlsSessionOf(socket) };
}

/** Names the TLS session on both ends; session ids no longer do so in TLS 1.3. */
export function tlsSessionOf(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(32, 'EXPORTER-wicgate-tls-session', Buffer.alloc(0)).toString('hex');
}

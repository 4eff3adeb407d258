/**
 * A TCP or TLS connection as a flow (RFC 3261 18; keep-alive by RFC 5626 4.4.1).
 *
 * @module
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  defaultLimits,
  formatMessage,
  isRequest,
  type MessageLimits,
  SipError,
  type SipMessage,
  type SipResponse,
  StreamFramer,
  TransportFailed,
} from '@wicgate/sip';
import { FlowEnded, type FlowEndReason } from './errors.ts';
import type { FlowEvents } from './flow-events.ts';
import { peerOf } from './flow-peer.ts';
import type { FlowPeer, NodeFlow } from './node-flow.ts';

/** With this much waiting for a peer that does not read as fast as we write, further messages are refused, in octets. */
const maxQueuedOctets = 1_048_576;
/** A peer that nobody vouches for is cut off then; one of the network's nodes, which many share, later. */
const maxQueuedOctetsBetweenNodes = 8_388_608;
/** A pong that has not come by then never will (RFC 5626 4.4.1). */
const pongTimeoutMs = 10_000;
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
  readonly idleTimeoutMs: number;
  /** How often this end pings; never unless given. */
  readonly keepAliveMs?: number | undefined;
  /** Sends a response whose connection has gone (RFC 3261 18.2.2). @throws {TransportFailed} rejects. */
  readonly reroute: (response: SipResponse, flow: NodeFlow) => Promise<void>;
}

export class StreamFlow implements NodeFlow {
  readonly transport: string;
  readonly reliable = true;
  readonly sentBy: string;
  readonly listener: string | undefined;
  readonly peer: FlowPeer;
  readonly #socket: Socket;
  readonly #options: StreamFlowOptions;
  readonly #framer: StreamFramer;
  #deadline: NodeJS.Timeout | undefined;
  #nextPing: NodeJS.Timeout | undefined;
  #pongDeadline: NodeJS.Timeout | undefined;
  #isClosing = false;
  #endReason: FlowEndReason | undefined;

  /** Takes over a connected socket. */
  constructor(socket: Socket, options: StreamFlowOptions) {
    this.transport = socket instanceof TLSSocket ? 'TLS' : 'TCP';
    this.#framer = new StreamFramer(this.transport === 'TLS' ? limitsBetweenNodes : defaultLimits);
    this.sentBy = options.sentBy;
    this.listener = options.listener;
    this.peer = peerOf(socket);
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.setTimeout(options.idleTimeoutMs, () => this.#cut('idle'));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // Why it broke does not matter: 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
    if (this.listener !== undefined) this.#expectMessage();
    this.#schedulePing();
  }

  get isOpen(): boolean {
    return this.#socket.writable && !this.#isClosing;
  }

  async send(message: SipMessage): Promise<void> {
    if (!this.isOpen) {
      if (isRequest(message)) throw new TransportFailed('the connection is closed');
      return this.#options.reroute(message, this);
    }
    const octets = formatMessage(message);
    // The peer could not read it, and would close the connection that many share.
    if (octets.length > limitsBetweenNodes.messageOctets || message.headers.size > limitsBetweenNodes.headerFields) {
      throw new TransportFailed('the message is larger than the peer takes');
    }
    if (!this.#write(octets)) throw new TransportFailed('the peer does not read');
  }

  close(): void {
    if (this.#isClosing || this.#socket.destroyed) return;
    this.#isClosing = true;
    this.#stopTimers();
    this.#socket.end();
    this.#deadline = setTimeout(() => this.#socket.destroy(), closeTimeoutMs);
  }

  #write(octets: Uint8Array): boolean {
    const { writableLength } = this.#socket;
    const limit = this.transport === 'TLS' ? maxQueuedOctetsBetweenNodes : maxQueuedOctets;
    if (writableLength > limit) this.#cut('does not read');
    if (writableLength > maxQueuedOctets) return false;
    this.#socket.write(octets);
    return true;
  }

  #read(chunk: Buffer): void {
    // What follows on a connection that we gave up is not acted on.
    if (!this.isOpen) return;
    let isComplete = false;
    let pings = 0;
    try {
      for (const event of this.#framer.push(chunk)) {
        if (!this.isOpen) return;
        isComplete = true;
        if (event.type === 'message') this.#options.events.message(event.message, this);
        else if (event.type === 'ping') pings += 1;
        else this.#stopWaitingForPong();
      }
      // One write for all: a flood of pings shall not cost us one each.
      if (pings > 0) this.#write(Buffer.alloc(pings * crlf.length, crlf));
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#loseFraming(error);
    }
    if (this.isOpen) this.#judgeProgress(isComplete);
  }

  /** What has come to its end ends the wait for it; a part that is left behind it begins another one. */
  #judgeProgress(isComplete: boolean): void {
    if (isComplete) this.#stopExpecting();
    if (this.#framer.waiting.length > 0) this.#expectMessage();
  }

  /** No border between messages is left: the one that broke is answered where that can be, and nothing after it read. */
  #loseFraming(error: SipError): void {
    this.#endReason ??= 'framing lost';
    this.#options.events.fault(this, error, this.#framer.waiting);
    this.close();
  }

  /** Octets that come one by one and never make a message hold no connection for long. */
  #expectMessage(): void {
    this.#deadline ??= setTimeout(() => this.#cut('message overdue'), this.#options.messageTimeoutMs);
  }

  #stopExpecting(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  /** At 80 to 100 % of the interval, so that not all connections ping at once (RFC 5626 4.4.1). */
  #schedulePing(): void {
    const { keepAliveMs } = this.#options;
    if (keepAliveMs === undefined) return;
    this.#nextPing = setTimeout(
      () => {
        this.#write(Buffer.concat([crlf, crlf]));
        this.#pongDeadline ??= setTimeout(() => this.#cut('silent'), Math.min(pongTimeoutMs, keepAliveMs));
        this.#schedulePing();
      },
      keepAliveMs * (0.8 + 0.2 * Math.random()),
    );
  }

  #stopWaitingForPong(): void {
    clearTimeout(this.#pongDeadline);
    this.#pongDeadline = undefined;
  }

  #cut(reason: FlowEndReason): void {
    this.#endReason ??= reason;
    this.#socket.destroy();
  }

  #stopTimers(): void {
    this.#stopExpecting();
    this.#stopWaitingForPong();
    clearTimeout(this.#nextPing);
  }

  #closed(): void {
    this.#stopTimers();
    this.#options.events.closed(this, this.#endReason === undefined ? undefined : new FlowEnded(this.#endReason));
  }
}

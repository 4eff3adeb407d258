/**
 * A WebSocket connection as a flow, accepted or opened here (RFC 7118).
 *
 * @module
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  decodeUtf8,
  formatMessage,
  MessageTooLarge,
  parseMessage,
  SipError,
  type SipMessage,
  TransportFailed,
} from '@wicgate/sip';
import type { RawData, WebSocket } from 'ws';
import { FlowEnded, type FlowEndReason } from './errors.ts';
import type { FlowEvents } from './flow-events.ts';
import { peerOf } from './flow-peer.ts';
import type { FlowPeer, NodeFlow } from './node-flow.ts';
import { maxFrameOctets } from './websocket-listener.ts';

export interface WebSocketFlowOptions {
  readonly listener: string | undefined;
  readonly sentBy: string;
  /** A peer that answers neither of two pings in a row is gone. */
  readonly pingIntervalMs: number;
  /** How long an accepted connection may take to bring its first message. */
  readonly messageTimeoutMs: number;
  readonly events: FlowEvents;
}

/** A peer that does not read is cut off with this much waiting, in octets. */
const maxQueuedOctets = 1_048_576;
/** How long the close handshake may take. */
const closeTimeoutMs = 2_000;

export class WebSocketFlow implements NodeFlow {
  readonly transport: 'WS' | 'WSS';
  readonly reliable = true;
  readonly sentBy: string;
  readonly listener: string | undefined;
  readonly peer: FlowPeer;
  readonly #socket: WebSocket;
  readonly #events: FlowEvents;
  readonly #pings: NodeJS.Timeout;
  readonly #deadline: NodeJS.Timeout | undefined;
  #closing: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #endReason: FlowEndReason | undefined;

  /** `stream` is the connection under it. */
  constructor(socket: WebSocket, stream: Socket, options: WebSocketFlowOptions) {
    this.#socket = socket;
    this.transport = stream instanceof TLSSocket ? 'WSS' : 'WS';
    this.sentBy = options.sentBy;
    this.listener = options.listener;
    this.#events = options.events;
    this.peer = peerOf(stream);
    this.#pings = setInterval(() => this.#ping(), options.pingIntervalMs);
    if (options.listener !== undefined) {
      this.#deadline = setTimeout(() => this.#cut('message overdue'), options.messageTimeoutMs);
    }
    socket.on('message', (data) => this.#read(data));
    socket.on('pong', () => this.#alive());
    // ws closes by itself, with 1009 or 1007 where that was the fault; 'close' follows.
    socket.on('error', (error) => this.#onError(error));
    socket.on('close', () => {
      clearInterval(this.#pings);
      clearTimeout(this.#deadline);
      clearTimeout(this.#closing);
      this.#events.closed(this, this.#endReason === undefined ? undefined : new FlowEnded(this.#endReason));
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  async send(message: SipMessage): Promise<void> {
    if (!this.isOpen) throw new TransportFailed('the WebSocket is closed');
    // A text frame must be UTF-8 (RFC 6455 5.6); only a body can be something else.
    const isText = message.body.length === 0 || decodeUtf8(message.body) !== undefined;
    if (!this.#write(formatMessage(message), isText)) throw new TransportFailed('the peer does not read');
  }

  close(code = 1_000): void {
    if (this.#closing !== undefined || this.#socket.readyState === this.#socket.CLOSED) return;
    this.#limitClosing();
    this.#socket.close(code);
  }

  #limitClosing(): void {
    this.#closing ??= setTimeout(() => this.#socket.terminate(), closeTimeoutMs);
  }

  #write(data: Uint8Array | string, isText: boolean): boolean {
    if (this.#socket.bufferedAmount > maxQueuedOctets) {
      this.#cut('does not read');
      return false;
    }
    this.#socket.send(data, { binary: !isText });
    return true;
  }

  #read(data: RawData): void {
    // After a close only the peer's own close matters: nothing that a refused client still sends is acted on.
    if (!this.isOpen) return;
    this.#alive();
    clearTimeout(this.#deadline);
    // One buffer: that is the binaryType of the listener's sockets.
    const octets = data as Buffer;
    if (isKeepAlive(octets)) {
      this.#pong(octets);
      return;
    }
    try {
      this.#events.message(parseMessage(octets), this);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#events.fault(this, error, octets);
    }
  }

  /** A double CRLF is answered with one (RFC 5626 4.4.1, RFC 7118 6); a single one is somebody's answer. */
  #pong(octets: Buffer): void {
    if (octets.length === 4) this.#write('\r\n', true);
  }

  #alive(): void {
    this.#unanswered = 0;
  }

  #ping(): void {
    if (this.#unanswered >= 2) {
      this.#cut('silent');
      return;
    }
    this.#unanswered += 1;
    if (this.isOpen) this.#socket.ping();
  }

  #cut(reason: FlowEndReason): void {
    this.#endReason ??= reason;
    this.#socket.terminate();
  }

  #onError(error: Error): void {
    this.#limitClosing();
    const isTooLarge = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    if (isTooLarge) this.#events.fault(this, new MessageTooLarge('octets', maxFrameOctets));
  }
}

function isKeepAlive(octets: Buffer): boolean {
  if (octets.length !== 2 && octets.length !== 4) return false;
  return octets.every((octet, index) => octet === (index % 2 === 0 ? 13 : 10));
}

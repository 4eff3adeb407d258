/**
 * A flow over a WebSocket (RFC 7118, RFC 5626): one SIP message a frame.
 *
 * What comes in is untrusted: a frame that is no message is dropped, one that can be answered is answered.
 *
 * @module
 */
import {
  checkMessage,
  createResponse,
  decodeUtf8,
  defaultLimits,
  encodeUtf8,
  type Flow,
  formatMessage,
  isRequest,
  parseMessage,
  SipError,
  type SipMessage,
  TransportFailed,
} from '@wicgate/sip';
import { type Platform, randomFraction } from '../platform.ts';
import { KeepAlive } from './keep-alive.ts';

export interface WebSocketFlowOptions {
  readonly platform: Platform;
  /** `wss://…`; `ws://…` where no TLS is wanted, in a laboratory. */
  readonly url: string;
  /** A name of our own under `.invalid` (RFC 7118 5): nobody can connect to a browser. */
  readonly sentBy: string;
  readonly onMessage: (message: SipMessage, flow: WebSocketFlow) => void;
  /** Once, whoever closed it; also where it never opened. */
  readonly onClosed: (flow: WebSocketFlow, error: TransportFailed) => void;
}

/**
 * Close code of the eP-CSCF, of the private range (RFC 6455 7.4.2): a newer connection of this browser holds the flow
 * now (RFC 5626 5.3).
 */
export const flowReplaced = 4_000;
/** Close code of the eP-CSCF where it ends a registration or refuses one (RFC 6455 7.4.1). */
export const policyViolation = 1_008;

/** How a flow was lost: it broke, a newer one of this browser took its place, or the network ended it. */
export type FlowEnd = 'broken' | 'replaced' | 'ended by the network';

const ends: ReadonlyMap<number, FlowEnd> = new Map([
  [flowReplaced, 'replaced'],
  [policyViolation, 'ended by the network'],
]);

const openTimeoutMs = 10_000;
const maxBufferedOctets = 1_048_576;
const ping = '\r\n\r\n';
const pong = '\r\n';

export class WebSocketFlow implements Flow {
  readonly transport: 'WSS' | 'WS';
  readonly reliable = true;
  readonly sentBy: string;
  /** Rejects with a TransportFailed. */
  readonly opened: Promise<void>;
  readonly #options: WebSocketFlowOptions;
  readonly #socket: WebSocket;
  readonly #keepAlive: KeepAlive;
  #stopOpenTimer: () => void;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #wasOpen = false;
  #lostBy: FlowEnd = 'broken';
  #resolveOpened: () => void = () => undefined;
  #rejectOpened: (error: TransportFailed) => void = () => undefined;

  constructor(options: WebSocketFlowOptions) {
    const { platform, url, sentBy } = options;
    this.#options = options;
    this.sentBy = sentBy;
    this.transport = url.toLowerCase().startsWith('ws:') ? 'WS' : 'WSS';
    this.opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#rejectOpened = reject;
    });
    this.#keepAlive = new KeepAlive({
      clock: platform.clock,
      random: () => randomFraction(platform),
      sendPing: () => this.#sendText(ping),
      onDead: () => this.#end('no answer to a keep-alive'),
    });
    this.#socket = new platform.WebSocket(url, 'sip');
    this.#stopOpenTimer = platform.clock.after(openTimeoutMs, () => this.#end('the connection did not open in time'));
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => this.#onOpen();
    this.#socket.onmessage = (event: MessageEvent) => this.#onFrame(event.data);
    this.#socket.onerror = () => this.#end('the connection failed');
    this.#socket.onclose = ({ code }: CloseEvent) => this.#onClose(code);
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether it ever opened. */
  get wasOpen(): boolean {
    return this.#wasOpen;
  }

  /** Of a flow that is closed. */
  get lostBy(): FlowEnd {
    return this.#lostBy;
  }

  async send(message: SipMessage): Promise<void> {
    if (!this.isOpen) throw new TransportFailed('the flow is gone');
    if (this.#socket.bufferedAmount > maxBufferedOctets) throw new TransportFailed('the queue of the flow is full');
    const text = decodeUtf8(formatMessage(message));
    if (text === undefined) throw new TransportFailed('the message is no UTF-8');
    this.#sendText(text);
  }

  /** Asks the peer for a sign of life now. */
  probe(): void {
    if (this.isOpen) this.#keepAlive.probe();
  }

  /** Keeps itself alive as often as the peer wants it: every so many seconds, or 0 for our own choice. */
  keepAliveEvery(seconds: number): void {
    if (this.isOpen) this.#keepAlive.every(seconds);
  }

  /** What was sent before still leaves. */
  close(): void {
    this.#end('closed by us');
  }

  #onOpen(): void {
    if (this.#state !== 'opening') return;
    if (this.#socket.protocol !== 'sip') {
      this.#end('the server does not speak the subprotocol sip');
      return;
    }
    this.#state = 'open';
    this.#wasOpen = true;
    this.#stopOpenTimer();
    this.#keepAlive.start();
    this.#resolveOpened();
  }

  #onClose(code: number): void {
    this.#lostBy = ends.get(code) ?? 'broken';
    this.#end('the connection was closed');
  }

  #onFrame(data: unknown): void {
    if (this.#state !== 'open') return;
    this.#keepAlive.heard();
    const octets = readOctets(data);
    if (octets === undefined || isText(octets, pong)) return;
    if (isText(octets, ping)) {
      this.#sendText(pong);
      return;
    }
    const message = this.#read(octets);
    if (message !== undefined) this.#options.onMessage(message, this);
  }

  #read(octets: Uint8Array): SipMessage | undefined {
    let message: SipMessage | undefined;
    try {
      message = parseMessage(octets);
      checkMessage(message);
      return message;
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#refuse(message, error);
      return undefined;
    }
  }

  /** Answers a broken request, if enough of it is whole for that (RFC 3261 8.2). */
  #refuse(message: SipMessage | undefined, error: SipError): void {
    if (message === undefined || !isRequest(message) || message.method === 'ACK') return;
    try {
      const response = createResponse(message, error.statusCode);
      checkMessage(response);
      this.send(response).catch(() => undefined);
    } catch (second) {
      if (!(second instanceof SipError)) throw second;
    }
  }

  #sendText(text: string): void {
    try {
      if (this.isOpen) this.#socket.send(text);
    } catch {
      this.#end('the connection failed');
    }
  }

  #end(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopOpenTimer();
    this.#keepAlive.stop();
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onerror = this.#socket.onclose = null;
    this.#socket.close(1000);
    const error = new TransportFailed(reason);
    this.#rejectOpened(error);
    this.#options.onClosed(this, error);
  }
}

/** Text or binary (RFC 7118 4.2), within the limit. */
function readOctets(data: unknown): Uint8Array | undefined {
  const { messageOctets } = defaultLimits;
  if (typeof data === 'string') return data.length > messageOctets ? undefined : encodeUtf8(data);
  if (data instanceof ArrayBuffer) return data.byteLength > messageOctets ? undefined : new Uint8Array(data);
  return undefined;
}

function isText(octets: Uint8Array, text: string): boolean {
  return octets.length === text.length && decodeUtf8(octets) === text;
}

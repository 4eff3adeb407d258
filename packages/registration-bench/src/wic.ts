/**
 * A WIC that registers, on a real secure WebSocket, one request at a time.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  extTurnCredHeader,
  formatMessage,
  Headers,
  isRequest,
  noBody,
  parseMessage,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { WebSocket } from 'ws';
import { homeDomain, impiOf } from './accounts.ts';
import type { Credentials } from './credentials.ts';

export interface Doorway {
  /** W2 at 127.0.0.1. */
  readonly port: number;
  /** PEM of the authority of its certificate. */
  readonly ca: Buffer;
}

export const origin = 'https://wwsf.ims.example';

const answerMs = 20_000;
const lifetimeSeconds = 600;
/** An ISIM may ask for one more challenge. */
const maxChallenges = 2;

/** An open WebSocket of our subprotocol. */
export async function openSocket({ port, ca }: Doorway): Promise<WebSocket> {
  const options = { ca, origin, perMessageDeflate: false, handshakeTimeout: answerMs };
  const socket = new WebSocket(`wss://127.0.0.1:${port}/`, ['sip'], options);
  await once(socket, 'open');
  return socket;
}

export async function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

export class Wic {
  /** Requests that were sent. */
  requests = 0;
  readonly #user: string;
  readonly #socket: WebSocket;
  readonly #credentials: Credentials;
  readonly #instance = randomUUID();
  readonly #callId = randomUUID();
  readonly #tag = randomUUID();
  #cseq = 0;
  #settle: ((outcome: SipResponse | Error) => void) | undefined;

  constructor(user: string, socket: WebSocket, credentials: Credentials) {
    this.#user = user;
    this.#socket = socket;
    this.#credentials = credentials;
    socket.on('message', (data: Buffer) => this.#take(data));
    socket.on('error', (error) => this.#settle?.(error));
    socket.on('close', (code) => this.#settle?.(new Error(`${user}: the connection closed with ${code}`)));
  }

  /** Registers, or registers again; challenges are answered. Rejects on everything but a 200. */
  register(): Promise<void> {
    return this.#register(lifetimeSeconds);
  }

  deregister(): Promise<void> {
    return this.#register(0);
  }

  close(): Promise<void> {
    return closeSocket(this.#socket);
  }

  async #register(expiresSeconds: number): Promise<void> {
    let request = this.#credentials.authorize(this.#create(expiresSeconds));
    let response = await this.#exchange(request);
    for (let challenges = 0; response.statusCode === 401 && challenges < maxChallenges; challenges += 1) {
      request = await this.#credentials.answer(request, response);
      this.#cseq += 1;
      response = await this.#exchange(request);
    }
    if (response.statusCode !== 200) throw new Error(`${this.#user}: expected 200, got ${response.statusCode}`);
  }

  /** As the SDK writes it. */
  #create(expiresSeconds: number): SipRequest {
    this.#cseq += 1;
    const user = `sip:${impiOf(this.#user)}`;
    const contact = `<sip:${this.#user}@${this.#instance}.invalid;transport=ws>`;
    const headers = Headers.of(
      ['Max-Forwards', '70'],
      ['From', `<${user}>;tag=${this.#tag}`],
      ['To', `<${user}>`],
      ['Call-ID', this.#callId],
      ['CSeq', `${this.#cseq} REGISTER`],
      ['Contact', `${contact};+sip.instance="<urn:uuid:${this.#instance}>";reg-id=1`],
      ['Supported', 'path, gruu, outbound'],
      ['Expires', String(expiresSeconds)],
      [extTurnCredHeader, 'request'],
    );
    return { method: 'REGISTER', requestUri: `sip:${homeDomain}`, headers, body: noBody };
  }

  #exchange(request: SipRequest): Promise<SipResponse> {
    this.requests += 1;
    const via = `SIP/2.0/WSS ${this.#instance}.invalid;branch=z9hG4bK${this.#instance}${this.requests}`;
    const sent = { ...request, headers: request.headers.prepend('Via', via) };
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#settle?.(new Error(`${this.#user}: no answer`)), answerMs);
      this.#settle = (outcome) => {
        clearTimeout(late);
        this.#settle = undefined;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      this.#socket.send(formatMessage(sent), { binary: false });
    });
  }

  #take(data: Buffer): void {
    // Keep-alives are line ends.
    if (data.length <= 4) return;
    const message = parseMessage(data);
    if (!isRequest(message) && message.statusCode >= 200) this.#settle?.(message);
  }
}

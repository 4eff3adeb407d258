/**
 * A WIC on a real secure WebSocket, for tests: it says whatever it is told to.
 *
 * @module
 */
import { once } from 'node:events';
import {
  createResponse,
  formatMessage,
  Headers,
  isRequest,
  noBody,
  parseMessage,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { WebSocket } from 'ws';

export interface WicClientOptions {
  readonly port: number;
  readonly ca: Buffer;
  readonly name: string;
  readonly origin?: string | undefined;
  readonly protocols?: readonly string[];
}

export interface RequestParts {
  readonly requestUri?: string;
  /** Replaces header fields of the same name. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

type Pair = readonly [name: string, value: string];

export class WicClient {
  readonly name: string;
  readonly socket: WebSocket;
  /** Requests that came. */
  readonly requests: SipRequest[] = [];
  /** Responses that came, provisional ones too. */
  readonly responses: SipResponse[] = [];
  /** The close code, once the connection has ended. */
  readonly closed: Promise<number>;
  #waiting: { matches: () => boolean; resolve: () => void }[] = [];
  #number = 0;

  private constructor(name: string, socket: WebSocket) {
    this.name = name;
    this.socket = socket;
    // What broke does not matter: 'close' follows, and open() tells of a refused upgrade.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => this.#take(data));
  }

  /** Rejects with the error of ws, which names the status of a refused upgrade. */
  static async open({ port, ca, name, ...rest }: WicClientOptions): Promise<WicClient> {
    const origin = 'origin' in rest ? rest.origin : 'https://wwsf.test';
    const protocols = [...(rest.protocols ?? ['sip'])];
    const socket = new WebSocket(`wss://127.0.0.1:${port}/`, protocols, {
      ca,
      ...(origin !== undefined && { origin }),
    });
    const client = new WicClient(name, socket);
    await once(socket, 'open');
    return client;
  }

  get contact(): string {
    return `<sip:${this.name}@${this.name}.invalid;transport=ws>`;
  }

  get instance(): string {
    return `;+sip.instance="<urn:uuid:${this.name}>";reg-id=1`;
  }

  /** The request that {@link request} would send. */
  create(method: string, { requestUri = 'sip:ims.example', headers = [], body = '' }: RequestParts = {}): SipRequest {
    this.#number += 1;
    const mine: Pair[] = [
      ['Via', `SIP/2.0/WSS ${this.name}.invalid;branch=z9hG4bK${this.name}${this.#number}`],
      ['Max-Forwards', '70'],
      ['From', `<sip:${this.name}@ims.example>;tag=${this.name}`],
      ['To', method === 'REGISTER' ? `<sip:${this.name}@ims.example>` : '<sip:somebody@ims.example>'],
      ['Call-ID', `${this.name}-${this.#number}`],
      ['CSeq', `${this.#number} ${method}`],
      ['Contact', method === 'REGISTER' ? this.contact + this.instance : this.contact],
      ...(method === 'REGISTER' ? [['Supported', 'path, outbound'] as const] : []),
    ];
    const replaced = new Set(headers.map(([name]) => name.toLowerCase()));
    const kept = mine.filter(([name]) => !replaced.has(name.toLowerCase()));
    const written = headers.filter(([, value]) => value !== '(none)');
    return {
      method,
      requestUri,
      headers: Headers.of(...kept, ...written),
      body: body === '' ? noBody : Buffer.from(body),
    };
  }

  send(message: SipRequest | SipResponse): void {
    this.socket.send(Buffer.from(formatMessage(message)).toString());
  }

  /** The final response to a request of ours. */
  async request(method: string, parts: RequestParts = {}): Promise<SipResponse> {
    return this.exchange(this.create(method, parts));
  }

  async exchange(request: SipRequest): Promise<SipResponse> {
    this.send(request);
    return this.responseTo(request);
  }

  /** The first final response to `request`. */
  async responseTo(request: SipRequest, from = 200): Promise<SipResponse> {
    const find = (): SipResponse | undefined =>
      this.responses.find(
        ({ headers, statusCode }) =>
          statusCode >= from &&
          headers.first('Call-ID') === request.headers.first('Call-ID') &&
          headers.first('CSeq') === request.headers.first('CSeq'),
      );
    return this.#until(find);
  }

  async nextRequest(method: string): Promise<SipRequest> {
    return this.#until(() => this.requests.find((request) => request.method === method));
  }

  respond(request: SipRequest, statusCode: number, headers: readonly Pair[] = []): void {
    const recorded = request.headers.all('Record-Route').map((value) => ['Record-Route', value] as const);
    const contact = ['Contact', this.contact] as const;
    this.send(createResponse(request, statusCode, { toTag: this.name, headers: [...recorded, contact, ...headers] }));
  }

  async register(token: string, parts: RequestParts = {}): Promise<SipResponse> {
    const headers = [['Authorization', `Bearer ${token}`] as const, ...(parts.headers ?? [])];
    return this.request('REGISTER', { ...parts, headers });
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    for (let found = find(); ; found = find()) {
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push({ matches: () => find() !== undefined, resolve });
        this.closed.then(
          (code) => (find() === undefined ? reject(new Error(`closed with ${code}`)) : resolve()),
          reject,
        );
      });
    }
  }

  #take(data: Buffer): void {
    if (data.length <= 4) return;
    const message = parseMessage(data);
    if (isRequest(message)) this.requests.push(message);
    else this.responses.push(message);
    const ready = this.#waiting.filter(({ matches }) => matches());
    this.#waiting = this.#waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
}

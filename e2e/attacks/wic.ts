/**
 * A WIC without a browser: it says on W2 whatever it is told to, and answers what comes.
 *
 * @module
 */
import { once } from 'node:events';
import {
  createResponse,
  encodeUtf8,
  formatMessage,
  Headers,
  isRequest,
  parseMessage,
  readCSeq,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { WebSocket } from 'ws';

export type Header = readonly [name: string, value: string];

export interface RequestParts {
  readonly requestUri?: string;
  /** Each takes the place of what the WIC itself would write under that name. */
  readonly headers?: readonly Header[];
  readonly body?: string;
}

const timeoutMs = 10_000;
let made = 0;

export class Wic {
  readonly user: string;
  /** The close code, once the connection has ended. */
  readonly closed: Promise<number>;
  /** Requests that came; each but an ACK was answered 200. */
  readonly requests: SipRequest[] = [];
  readonly #responses: SipResponse[] = [];
  readonly #socket: WebSocket;
  readonly #id: string;
  #serviceRoute: readonly string[] = [];
  #number = 0;
  readonly #waiting = new Set<() => void>();

  private constructor(user: string, socket: WebSocket) {
    made += 1;
    this.user = user;
    this.#id = `wic${made}`;
    this.#socket = socket;
    this.closed = once(socket, 'close').then(([code]) => code as number);
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.#take(data));
  }

  /** Rejects with the HTTP status code where the upgrade is refused. */
  static async open(port: number, origin: string | undefined, user: string): Promise<Wic> {
    const options = { rejectUnauthorized: false, ...(origin !== undefined && { origin }) };
    const socket = new WebSocket(`wss://127.0.0.1:${port}/`, 'sip', options);
    const wic = new Wic(user, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, { statusCode }) => reject(new Error(`HTTP ${statusCode}`)));
      socket.once('error', reject);
    });
    return wic;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get contact(): string {
    return `<sip:${this.user}@${this.#id}.invalid;transport=ws>`;
  }

  /** The same with the flow that it names (RFC 5626 4.2). */
  get flowContact(): string {
    const instance = `urn:uuid:00000000-0000-4000-8000-${this.#id.slice(3).padStart(12, '0')}`;
    return `${this.contact};reg-id=1;+sip.instance="<${instance}>"`;
  }

  create(method: string, { requestUri = 'sip:ims.example', headers = [], body = '' }: RequestParts = {}): SipRequest {
    this.#number += 1;
    const isRegister = method === 'REGISTER';
    const own: readonly Header[] = [
      ['Via', `SIP/2.0/WSS ${this.#id}.invalid;branch=z9hG4bK${this.#id}n${this.#number}`],
      ['Max-Forwards', '70'],
      ['From', `<sip:${this.user}@ims.example>;tag=${this.#id}`],
      ['To', `<${isRegister ? `sip:${this.user}@ims.example` : requestUri}>`],
      ['Call-ID', isRegister ? this.#id : `${this.#id}-${this.#number}`],
      ['CSeq', `${this.#number} ${method}`],
      ['Contact', isRegister ? this.flowContact : this.contact],
      ...(isRegister ? [['Supported', 'path, outbound'] as const] : []),
      ...(isRegister ? [] : this.#serviceRoute.map((route) => ['Route', route] as const)),
    ];
    const named = new Set(headers.map(([name]) => name));
    const kept = own.filter(([name]) => !named.has(name));
    const given = headers.filter(([, value]) => value !== '');
    return { method, requestUri, headers: Headers.of(...kept, ...given), body: encodeUtf8(body) };
  }

  /** The final response to a request of ours. */
  request(method: string, parts: RequestParts = {}): Promise<SipResponse> {
    return this.exchange(this.create(method, parts));
  }

  async exchange(request: SipRequest): Promise<SipResponse> {
    this.send(request);
    return this.#until(() => this.#responses.find((response) => isFinalTo(response, request)));
  }

  send(message: SipRequest | SipResponse): void {
    this.#socket.send(Buffer.from(formatMessage(message)).toString());
  }

  /** Registers with what `authorization` says; on success its requests go by the Service-Route. */
  async register(authorization: string | undefined, { headers = [], ...parts }: RequestParts = {}) {
    const proof = authorization === undefined ? [] : [['Authorization', authorization] as const];
    const response = await this.request('REGISTER', { ...parts, headers: [...proof, ...headers] });
    if (response.statusCode === 200) this.#serviceRoute = response.headers.all('Service-Route');
    return response;
  }

  /** The first request like that, come already or to come. */
  received(method: string, callId?: string): Promise<SipRequest> {
    return this.#until(() =>
      this.requests.find(
        (request) => request.method === method && (callId ?? idOf(request.headers)) === idOf(request.headers),
      ),
    );
  }

  close(): void {
    this.#socket.terminate();
  }

  /** `request` once more from this connection: with a Via of ours, and a CSeq that is higher by `step`. */
  again(request: SipRequest, step = 0): SipRequest {
    this.#number += 1;
    const via = `SIP/2.0/WSS ${this.#id}.invalid;branch=z9hG4bK${this.#id}n${this.#number}`;
    const cseq = `${readCSeq(request.headers).number + step} ${request.method}`;
    return { ...request, headers: request.headers.without('Via').prepend('Via', via).set('CSeq', cseq) };
  }

  #take(data: Buffer): void {
    // The answer to a keep-alive.
    if (data.length <= 4) return;
    const message = parseMessage(data);
    if (isRequest(message)) this.#answer(message);
    else this.#responses.push(message);
    for (const look of this.#waiting) look();
  }

  #answer(request: SipRequest): void {
    this.requests.push(request);
    if (request.method === 'ACK') return;
    const recorded = request.headers.all('Record-Route').map((value) => ['Record-Route', value] as const);
    const headers = [...recorded, ['Contact', this.contact] as const];
    this.send(createResponse(request, 200, { toTag: this.#id, headers }));
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = (): void => {
      const found = find();
      if (found !== undefined) resolve(found);
    };
    const timer = setTimeout(() => reject(new Error('expected a message in time')), timeoutMs);
    this.closed.then((code) => reject(new Error(`closed with ${code}`)), reject);
    this.#waiting.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }
}

function isFinalTo({ headers, statusCode }: SipResponse, request: SipRequest): boolean {
  return (
    statusCode >= 200 &&
    idOf(headers) === idOf(request.headers) &&
    headers.first('CSeq') === request.headers.first('CSeq')
  );
}

function idOf(headers: Headers): string | undefined {
  return headers.first('Call-ID');
}

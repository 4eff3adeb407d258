/**
 * A proxy between a caller and some callees, all in memory and on a clock that the test moves.
 *
 * @module
 */
import { encodeUtf8 } from '../../grammar/utf8.ts';
import { createResponse } from '../../messages/create-response.ts';
import { isRequest, type SipMessage, type SipRequest, type SipResponse } from '../../messages/message.ts';
import { parseMessage } from '../../messages/parse-message.ts';
import { MemoryFlow } from '../../testing/memory-flow.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { type ServerTransaction, TransactionLayer } from '../../transactions/transaction-layer.ts';
import { decrementMaxForwards } from '../max-forwards.ts';
import { type ForwardHooks, StatefulProxy } from '../stateful-proxy.ts';

export interface BenchOptions {
  readonly callees: number;
  readonly transport?: 'TCP' | 'UDP';
  readonly hooks?: ForwardHooks<MemoryFlow>;
  /** The q of each callee's target; without it all are equal. */
  readonly qs?: readonly number[];
  /** How many of the callees the request goes to; to all unless given. The others are there to be redirected to. */
  readonly targets?: number;
  /** What its tokens begin with; `token` unless given. */
  readonly tokens?: string;
  /** Forwards only when {@link ProxyBench.forward} is called. */
  readonly holdsBack?: boolean;
}

/** One end far from the proxy. */
class FarEnd {
  readonly messages: SipMessage[] = [];
  /** The proxy's end of the same flow. */
  readonly near: MemoryFlow;
  /** When the first request came; undefined before. */
  askedAt: number | undefined;
  /** What {@link answer} sent, in its order. */
  readonly answered: { readonly method: string; readonly statusCode: number; readonly at: number }[] = [];
  isOpen = true;
  readonly #far: MemoryFlow;
  readonly #clock: VirtualClock;
  #tags = 0;

  constructor(near: MemoryFlow, far: MemoryFlow, clock: VirtualClock) {
    this.near = near;
    this.#far = far;
    this.#clock = clock;
    far.onMessage = (message) => {
      this.askedAt ??= clock.now();
      this.messages.push(message);
    };
  }

  /** Methods and status codes in the order they came. */
  get log(): readonly string[] {
    return this.messages.map((message) => (isRequest(message) ? message.method : String(message.statusCode)));
  }

  get requests(): readonly SipRequest[] {
    return this.messages.filter(isRequest);
  }

  get responses(): readonly SipResponse[] {
    return this.messages.filter((message): message is SipResponse => !isRequest(message));
  }

  /** The last request of that method. */
  request(method: string): SipRequest {
    const request = this.requests.findLast((message) => message.method === method);
    if (request === undefined) throw new TypeError(`expected a ${method}`);
    return request;
  }

  send(message: SipMessage): void {
    void this.#far.send(message);
  }

  /** The proxy can send here no more, and does not know it yet. */
  close(): void {
    this.isOpen = false;
    this.near.close();
  }

  /** Answers the last request of `method`. */
  answer(statusCode: number, { method = 'INVITE', headers = [] }: AnswerOptions = {}): void {
    this.#tags += 1;
    const toTag = `callee-${this.#tags}`;
    this.answered.push({ method, statusCode, at: this.#clock.now() });
    this.send(createResponse(this.request(method), statusCode, { toTag, headers }));
  }
}

interface AnswerOptions {
  readonly method?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

export class ProxyBench {
  readonly clock = new VirtualClock();
  readonly layer: TransactionLayer<MemoryFlow>;
  readonly proxy: StatefulProxy<MemoryFlow>;
  readonly caller: FarEnd;
  readonly callees: readonly FarEnd[];
  readonly finals: number[] = [];
  readonly #options: BenchOptions;
  #held: ServerTransaction<MemoryFlow> | undefined;
  #tokens = 0;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.layer = new TransactionLayer<MemoryFlow>({
      clock: this.clock,
      createToken: () => this.#createToken(),
      user: {
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: (ack) => this.proxy.forwardAck(ack, this.callee(0).near),
        onStrayResponse: () => {},
      },
    });
    this.proxy = new StatefulProxy({ layer: this.layer, clock: this.clock });
    this.caller = this.#connect('caller.example');
    this.callees = Array.from({ length: options.callees }, (_, index) => this.#connect(`callee-${index}.example`));
  }

  /** Throws where there is none of that number. */
  callee(index: number): FarEnd {
    const callee = this.callees[index];
    if (callee === undefined) throw new TypeError('expected a callee of that number');
    return callee;
  }

  /** Sends what has been put together and lets it arrive. */
  async run(ms = 0): Promise<void> {
    await this.clock.run(ms);
  }

  async start(method = 'INVITE', ...headers: readonly string[]): Promise<void> {
    this.caller.send(createRequest(method, ...headers));
    await this.run();
  }

  /** A CANCEL of the INVITE. */
  async cancel(...headers: readonly string[]): Promise<void> {
    this.caller.send(createRequest('CANCEL', ...headers));
    await this.run();
  }

  /** Goes on with a request that was held back. */
  async forward(): Promise<void> {
    if (this.#held !== undefined) this.#forward(this.#held);
    await this.run();
  }

  /** The transaction of the request that was held back. */
  get held(): ServerTransaction<MemoryFlow> {
    if (this.#held === undefined) throw new TypeError('expected a request that was held back');
    return this.#held;
  }

  /** Acknowledges the last final response of the caller's INVITE, as its client transaction would. */
  async acknowledge(): Promise<void> {
    const to = this.caller.responses.at(-1)?.headers.first('To') ?? '';
    const ack = createRequest('ACK');
    this.caller.send({ ...ack, headers: ack.headers.set('To', to) });
    await this.run();
  }

  /** What is left when every timer has run out. */
  async leftovers(): Promise<{ contexts: number; transactions: number; timers: number }> {
    await this.run(600_000);
    return { contexts: this.proxy.size, transactions: this.layer.size, timers: this.clock.pending };
  }

  #createToken(): string {
    this.#tokens += 1;
    return `${this.#options.tokens ?? 'token'}-${this.#tokens}`;
  }

  #onRequest(transaction: ServerTransaction<MemoryFlow>): void {
    if (transaction.request.method === 'CANCEL') this.proxy.cancel(transaction);
    else if (this.#options.holdsBack === true) this.#held = transaction;
    else this.#forward(transaction);
  }

  #forward(transaction: ServerTransaction<MemoryFlow>): void {
    const request = decrementMaxForwards(transaction.request);
    const { qs, targets: count = this.callees.length } = this.#options;
    const targets = this.callees.slice(0, count).map(({ near }, at) => ({ request, flow: near, q: qs?.[at] }));
    const onFinal = ({ statusCode }: SipResponse): void => void this.finals.push(statusCode);
    this.proxy.forward(transaction, targets, { ...this.#options.hooks, onFinal });
  }

  #connect(sentBy: string): FarEnd {
    const { transport = 'TCP' } = this.#options;
    const [near, far] = MemoryFlow.pair({ clock: this.clock, transport, sentBy: 'proxy.example' }, sentBy);
    near.onMessage = (message) => this.layer.receive(message, near);
    return new FarEnd(near, far, this.clock);
  }
}

function createRequest(method: string, ...headers: readonly string[]): SipRequest {
  const lines = [
    `${method} sip:bob@ims.example SIP/2.0`,
    'Via: SIP/2.0/TCP caller.example;branch=z9hG4bKcaller',
    'Via: SIP/2.0/TCP phone.example;branch=z9hG4bKphone',
    'Max-Forwards: 70',
    'From: <sip:alice@ims.example>;tag=alice',
    'To: <sip:bob@ims.example>',
    'Call-ID: call-1',
    `CSeq: 1 ${method}`,
    ...headers,
  ];
  const message = parseMessage(encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`));
  if (!isRequest(message)) throw new TypeError('expected a request');
  return message;
}

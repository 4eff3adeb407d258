/**
 * Whole INVITE transactions in memory: client and server, octets both ways, on a clock that is told when to go on.
 *
 * @module
 */
import {
  type Clock,
  createResponse,
  type Flow,
  formatMessage,
  parseMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  TransactionLayer,
} from '@wicgate/sip';

interface Timer {
  run: (() => void) | undefined;
}

/** Keeps timers until {@link expire} lets all of them run that nobody has stopped. */
class ExpiringClock implements Clock {
  #timers: Timer[] = [];

  now(): number {
    return 0;
  }

  after(_ms: number, run: () => void): () => void {
    const timer: Timer = { run };
    this.#timers.push(timer);
    return () => {
      timer.run = undefined;
    };
  }

  expire(): void {
    const timers = this.#timers;
    this.#timers = [];
    for (const { run } of timers) run?.();
  }
}

/** One end of a line; what is sent waits until it is delivered. */
class QueuedFlow implements Flow {
  readonly transport = 'TCP';
  readonly reliable = true;
  readonly sentBy: string;
  readonly #queue: Uint8Array[];

  constructor(sentBy: string, queue: Uint8Array[]) {
    this.sentBy = sentBy;
    this.#queue = queue;
  }

  async send(message: SipMessage): Promise<void> {
    this.#queue.push(formatMessage(message));
  }
}

/** INVITE, 180, a final response and its ACK, over and over. */
export class InviteTransactions {
  readonly #clock = new ExpiringClock();
  readonly #toCallee: Uint8Array[] = [];
  readonly #toCaller: Uint8Array[] = [];
  readonly #callerLine = new QueuedFlow('caller.example.net:5060', this.#toCallee);
  readonly #calleeLine = new QueuedFlow('callee.example.net:5060', this.#toCaller);
  readonly #caller: TransactionLayer<QueuedFlow>;
  readonly #callee: TransactionLayer<QueuedFlow>;
  #tokens = 0;

  /** @param statusCode of the final response. */
  constructor(statusCode: number) {
    const clock = this.#clock;
    const createToken = (): string => {
      this.#tokens += 1;
      return `bench${this.#tokens}`;
    };
    const user = { onRequest: () => {}, onAck: () => {}, onStrayResponse: () => {} };
    this.#caller = new TransactionLayer({ clock, createToken, user });
    this.#callee = new TransactionLayer<QueuedFlow>({
      clock,
      createToken,
      user: {
        ...user,
        onRequest: (transaction) => {
          transaction.respond(createResponse(transaction.request, 180, { toTag: 'callee' }));
          transaction.respond(createResponse(transaction.request, statusCode, { toTag: 'callee' }));
        },
      },
    });
  }

  /** How many transactions have not ended. */
  get size(): number {
    return this.#caller.size + this.#callee.size;
  }

  /** The status codes that the caller saw. */
  run(invite: SipRequest): readonly number[] {
    const seen: number[] = [];
    this.#caller.request(invite, this.#callerLine, (event) => {
      if (event.type !== 'response') return;
      seen.push(event.response.statusCode);
      if (isSuccess(event.response)) this.#caller.sendAck({ ...invite, method: 'ACK' }, this.#callerLine);
    });
    this.#deliver();
    this.#clock.expire();
    return seen;
  }

  #deliver(): void {
    while (this.#toCallee.length + this.#toCaller.length > 0) {
      for (const octets of this.#toCallee.splice(0)) this.#callee.receive(parseMessage(octets), this.#calleeLine);
      for (const octets of this.#toCaller.splice(0)) this.#caller.receive(parseMessage(octets), this.#callerLine);
    }
  }
}

function isSuccess({ statusCode }: SipResponse): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/**
 * Tells every TURN server which Tids have been revoked, until it has taken them or they have expired.
 *
 * Each server has a queue of its own, so that one that is down holds up no other, and SIP waits for none. The queues are
 * in memory: what waits when the process ends is lost, and said.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { TurnUsername } from '@wicgate/turn-credentials';
import { TurnRevocationFailed } from '../errors.ts';
import type { EpCscfLogger } from '../log-event.ts';
import type { PostTurnRevocation } from './post-turn-revocation.ts';

/** What became of Tids that one server was told, or should have been. */
export type TurnRevocationResult = 'sent' | 'failed' | 'refused' | 'dropped';

export interface TurnRevocationsOptions extends PostTurnRevocation {
  readonly endpoints: readonly string[];
  readonly clock: Clock;
  /** Unix time in seconds. */
  readonly now?: () => number;
  readonly log: EpCscfLogger;
  /** `failed` counts each attempt. */
  readonly count: (result: TurnRevocationResult, tids: number) => void;
  /** Tids that wait for one server; 100,000 unless given. The oldest give way. */
  readonly limit?: number;
}

/** Of one server. */
interface Queue {
  readonly endpoint: string;
  /** Texp by Tid, oldest first. */
  readonly waiting: Map<string, number>;
  isBusy: boolean;
  /** It has failed, and is left alone for a while. */
  isResting: boolean;
  restMs: number;
  isFull: boolean;
}

const clause = 'TS 33.203 X.5.2.2';
const firstRestMs = 250;
const longestRestMs = 10_000;
/** Of one POST. */
const maxTids = 100;
/** How long the end of the process waits for what can still be told. */
const partingMs = 1_000;

export class TurnRevocations {
  readonly #options: TurnRevocationsOptions;
  readonly #queues: readonly Queue[];
  readonly #stopTimers = new Set<() => void>();
  #isStopped = false;
  /** Called when no queue is busy any more. */
  #onIdle: () => void = () => {};

  constructor(options: TurnRevocationsOptions) {
    this.#options = options;
    this.#queues = options.endpoints.map((endpoint) => ({
      endpoint,
      waiting: new Map(),
      isBusy: false,
      isResting: false,
      restMs: 0,
      isFull: false,
    }));
  }

  /** Tids that wait, each once for every server. */
  get pending(): number {
    return this.#queues.reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  /** From now on the servers are told; who calls does not wait. */
  revoke(given: readonly TurnUsername[]): void {
    if (given.length === 0 || this.#isStopped) return;
    for (const queue of this.#queues) {
      for (const { tid, expiresAtSeconds } of given) queue.waiting.set(tid, expiresAtSeconds);
      this.#dropExcess(queue);
      this.#start(queue);
    }
  }

  /** Comes back when what can be told at once has been told, a second later at most. Tries nothing again. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const stopTimer of this.#stopTimers) stopTimer();
    if (this.#queues.some(({ isBusy }) => isBusy)) {
      await new Promise<void>((resolve) => {
        this.#stopTimers.add(this.#options.clock.after(partingMs, resolve));
        this.#onIdle = resolve;
      });
    }
    for (const stopTimer of this.#stopTimers) stopTimer();
    this.#options.close();
    const isLost = this.#queues.some((queue) => this.#next(queue).length > 0);
    if (isLost) this.#options.log.error({ event: 'turn-revocation.lost', pending: this.pending, ...lost });
  }

  #start(queue: Queue): void {
    if (queue.isBusy || queue.isResting) return;
    queue.isBusy = true;
    this.#tellAll(queue).catch((cause: unknown) =>
      this.#options.log.error({ event: 'turn-revocation.failed', cause, ...unforeseen }),
    );
  }

  /** Goes on until nothing waits, or the server does not take it. */
  async #tellAll(queue: Queue): Promise<void> {
    try {
      for (let told = this.#next(queue); told.length > 0; told = this.#next(queue)) {
        if (!(await this.#tell(queue, told))) {
          this.#rest(queue);
          return;
        }
        queue.restMs = 0;
        queue.isFull = false;
        for (const [tid] of told) queue.waiting.delete(tid);
      }
    } finally {
      queue.isBusy = false;
      if (this.#queues.every(({ isBusy }) => !isBusy)) this.#onIdle();
    }
  }

  /** The oldest that wait; those on the way there that have expired wait no more. */
  #next({ waiting }: Queue): readonly (readonly [tid: string, until: number])[] {
    const now = (this.#options.now ?? unixNow)();
    const next: (readonly [string, number])[] = [];
    for (const entry of waiting) {
      if (next.length === maxTids) break;
      if (entry[1] > now) next.push(entry);
      else waiting.delete(entry[0]);
    }
    return next;
  }

  /** Whether it has not to be told again. */
  async #tell({ endpoint }: Queue, told: readonly (readonly [tid: string, until: number])[]): Promise<boolean> {
    const { post, count, log } = this.#options;
    const { origin } = new URL(endpoint);
    try {
      await post(
        endpoint,
        told.map(([tid]) => tid),
        Math.max(...told.map(([, until]) => until)),
      );
    } catch (cause) {
      if (!(cause instanceof TurnRevocationFailed)) throw cause;
      const { isFinal } = cause;
      count(isFinal ? 'refused' : 'failed', told.length);
      log.error({ event: 'turn-revocation.failed', clause, endpoint: origin, cause, ...(isFinal ? refused : failed) });
      return isFinal;
    }
    count('sent', told.length);
    log.info({ event: 'turn-revocation.sent', clause, endpoint: origin, credentials: told.length });
    return true;
  }

  #rest(queue: Queue): void {
    queue.restMs = Math.min(Math.max(2 * queue.restMs, firstRestMs), longestRestMs);
    if (this.#isStopped) return;
    queue.isResting = true;
    const stopTimer = this.#options.clock.after(queue.restMs, () => {
      this.#stopTimers.delete(stopTimer);
      queue.isResting = false;
      this.#start(queue);
    });
    this.#stopTimers.add(stopTimer);
  }

  /** A queue that nobody empties must not fill the memory; said once until it gets shorter. */
  #dropExcess(queue: Queue): void {
    const { limit = 100_000, count, log } = this.#options;
    const excess = queue.waiting.size - limit;
    if (excess <= 0) return;
    for (const tid of queue.waiting.keys()) {
      if (queue.waiting.size <= limit) break;
      queue.waiting.delete(tid);
    }
    count('dropped', excess);
    if (!queue.isFull)
      log.error({ event: 'turn-revocation.dropped', endpoint: new URL(queue.endpoint).origin, ...dropped });
    queue.isFull = true;
  }
}

const action = 'look whether every address in EP_CSCF_TURN_REVOCATION_ENDPOINTS answers, and takes the operator token';
const failed = {
  effect: 'allocations of who is put out live on; it is told again until the credentials expire',
  action,
};
const refused = {
  effect: 'allocations of who is put out live until the credentials expire; it is not told again',
  action,
};
const dropped = { effect: 'so many wait that the oldest are forgotten: their allocations live on', action };
const lost = { effect: 'allocations of who was put out live until the credentials expire', action };
const unforeseen = { effect: 'a TURN server is not told of this', action: 'report this line to the developers' };

function unixNow(): number {
  return Math.floor(Date.now() / 1_000);
}

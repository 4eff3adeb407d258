/**
 * What the eP-CSCF keeps for one WebSocket besides its binding: limits, and the order of its REGISTERs.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { TooManyRequests } from '../errors.ts';
import { TokenBucket } from './token-bucket.ts';

export interface ConnectionLimits {
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  readonly pendingRequests: number;
  readonly turnRequestsPerMinute: number;
}

/** A UA waits for one REGISTER to end before it sends the next (RFC 3261 10.2); a few may have crossed. */
const maxWaitingRegisters = 4;
const retryAfterSeconds = 1;
const turnRetryAfterSeconds = 60;

export class Connection {
  /** Names the flow of a contact that names none itself. */
  readonly id = `connection:${randomUUID()}`;
  readonly flow: NodeFlow;
  readonly #limits: ConnectionLimits;
  readonly #requests: TokenBucket;
  readonly #turnRequests: TokenBucket;
  #pending = 0;
  #registers = 0;
  #lastRegister: Promise<void> = Promise.resolve();

  constructor(flow: NodeFlow, limits: ConnectionLimits, clock: Clock) {
    this.flow = flow;
    this.#limits = limits;
    this.#requests = new TokenBucket({ clock, burst: limits.requestBurst, perSecond: limits.requestsPerSecond });
    const perMinute = limits.turnRequestsPerMinute;
    this.#turnRequests = new TokenBucket({ clock, burst: perMinute, perSecond: perMinute / 60 });
  }

  /** @throws {TooManyRequests} */
  countRequest(): void {
    if (!this.#requests.take()) throw new TooManyRequests(retryAfterSeconds);
  }

  /** @throws {TooManyRequests} */
  countTurnRequest(): void {
    if (!this.#turnRequests.take()) throw new TooManyRequests(turnRetryAfterSeconds);
  }

  /**
   * A request waits for its answer from now on; the function that comes back says that it has come.
   *
   * @throws {TooManyRequests}
   */
  startWaiting(): () => void {
    if (this.#pending >= this.#limits.pendingRequests) throw new TooManyRequests(retryAfterSeconds);
    this.#pending += 1;
    return () => {
      this.#pending -= 1;
    };
  }

  /**
   * Runs one REGISTER after the other, so that what one binds the next one sees.
   *
   * @throws {TooManyRequests} too many wait already.
   */
  inTurn(run: () => Promise<void>): Promise<void> {
    if (this.#registers >= maxWaitingRegisters) throw new TooManyRequests(retryAfterSeconds);
    this.#registers += 1;
    const turn = this.#lastRegister.then(run).finally(() => {
      this.#registers -= 1;
    });
    // The next one runs whether this one fails or not; the failure is its caller's to handle.
    this.#lastRegister = turn.catch(() => {});
    return turn;
  }
}

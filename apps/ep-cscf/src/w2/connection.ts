/**
 * What the eP-CSCF keeps for one WebSocket besides its binding: limits, the order of its REGISTERs, and how much of its
 * patience a client that has not registered, or speaks no SIP, has used up.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { TooManyRequests } from '../errors.ts';
import type { Scheme } from '../registration/select-scheme.ts';
import { policyViolation } from './close-codes.ts';
import { TokenBucket } from './token-bucket.ts';

export interface ConnectionLimits {
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  readonly pendingRequests: number;
  readonly turnRequestsPerMinute: number;
  /** How long a connection may stay without a registration. */
  readonly registrationDeadlineMs: number;
}

export interface ConnectionOptions {
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  /** Whether a flow is bound to it at present. */
  readonly isRegistered: () => boolean;
}

/** A UA waits for one REGISTER to end before it sends the next (RFC 3261 10.2); a few may have crossed. */
const maxWaitingRegisters = 4;
const retryAfterSeconds = 1;
const turnRetryAfterSeconds = 60;
/** A WIC that may register needs two or three attempts: one unasked, one with a token that has just expired. */
const maxRefusals = 10;
const malformedPerMinute = 50;

export class Connection {
  /** Names the flow of a contact that names none itself. */
  readonly id = `connection:${randomUUID()}`;
  readonly flow: NodeFlow;
  /** How the user of its latest binding was authenticated. */
  scheme: Scheme | undefined;
  readonly #limits: ConnectionLimits;
  readonly #isRegistered: () => boolean;
  readonly #requests: TokenBucket;
  readonly #turnRequests: TokenBucket;
  readonly #malformed: TokenBucket;
  readonly #clock: Clock;
  #stopDeadline: () => void = () => {};
  #isCalling = false;
  #refusals = 0;
  #pending = 0;
  #registers = 0;
  #lastRegister: Promise<void> = Promise.resolve();

  constructor(flow: NodeFlow, { limits, clock, isRegistered }: ConnectionOptions) {
    this.flow = flow;
    this.#limits = limits;
    this.#isRegistered = isRegistered;
    this.#requests = new TokenBucket({ clock, burst: limits.requestBurst, perSecond: limits.requestsPerSecond });
    const perMinute = limits.turnRequestsPerMinute;
    this.#turnRequests = new TokenBucket({ clock, burst: perMinute, perSecond: perMinute / 60 });
    this.#malformed = new TokenBucket({ clock, burst: malformedPerMinute, perSecond: malformedPerMinute / 60 });
    this.#clock = clock;
    this.#startDeadline();
  }

  /** Ends its timer. */
  stop(): void {
    this.#stopDeadline();
  }

  /** An emergency call is up on it: nobody cuts that off. */
  callsForHelp(): void {
    this.#isCalling = true;
    this.#stopDeadline();
  }

  /** The last of them has ended: who has not registered has as long for it as anybody. */
  hasCalledForHelp(): void {
    this.#isCalling = false;
    if (!this.#isRegistered() && this.flow.isOpen) this.#startDeadline();
  }

  /** A REGISTER on it succeeded. */
  registered(): void {
    this.#refusals = 0;
    this.#stopDeadline();
  }

  /** A message was refused; without a registration there are few of them until the connection is closed. */
  countRefusal(): void {
    if (this.#isRegistered() || this.#isCalling) return;
    this.#refusals += 1;
    if (this.#refusals >= maxRefusals) this.flow.close(policyViolation);
  }

  /** What is no SIP message uses up what requests may, and ends even a registered connection. */
  countMalformed(): void {
    this.#requests.take();
    this.countRefusal();
    if (!this.#malformed.take()) this.flow.close(policyViolation);
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

  #startDeadline(): void {
    this.#stopDeadline();
    this.#stopDeadline = this.#clock.after(this.#limits.registrationDeadlineMs, () => this.flow.close(policyViolation));
  }
}

/**
 * The reliable provisional responses to one INVITE, at the end that answers it (RFC 3262 3).
 *
 * @module
 */
import { PrackUnmatched } from '../errors.ts';
import { readCSeq } from '../headers/cseq.ts';
import { parseRAck } from '../headers/rack.ts';
import { formatRSeq } from '../headers/rseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { findDescription } from '../offer-answer/find-description.ts';
import { ReliableResponse, type ReliableResponseHost } from './reliable-response.ts';

/** What {@link ReliableResponses} start with. */
export interface ReliableResponsesOptions extends ReliableResponseHost {
  readonly invite: SipRequest;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

const maxResponses = 16;
const firstBelow = 2_147_483_648;

/** Sends provisional responses with RSeq, in order, and repeats each until its PRACK (RFC 3262 3). */
export class ReliableResponses {
  readonly #options: ReliableResponsesOptions;
  /** Sent, and without PRACK. */
  #unacknowledged: readonly ReliableResponse[] = [];
  #hasStarted = false;
  #isFirstAcknowledged = false;
  /** Those that wait until the first is acknowledged. */
  readonly #waiting: SipResponse[] = [];
  readonly #cseq: number;
  #nextRSeq: number;
  #isOver = false;

  constructor(options: ReliableResponsesOptions) {
    this.#options = options;
    this.#cseq = readCSeq(options.invite.headers).number;
    // RFC 3262 3: the first number is chosen evenly from 1 to 2^31 - 1.
    this.#nextRSeq = 1 + Math.floor(options.random() * (firstBelow - 1));
  }

  /** A response has no PRACK yet, or could not even leave. */
  get isPrackDue(): boolean {
    return this.#waiting.length > 0 || this.#unacknowledged.some(isUnacknowledged);
  }

  /** Whether a 2xx may go out: no session description is without its PRACK (RFC 3262 3). */
  get mayAccept(): boolean {
    const open = [...this.#waiting, ...this.#unacknowledged.filter(isUnacknowledged).map(({ response }) => response)];
    return open.every((response) => findDescription(response) === undefined);
  }

  /**
   * Sends `response` with `Require: 100rel` and an RSeq, and repeats it; before the first one is acknowledged others
   * wait.
   *
   * @throws {TypeError} no status code from 101 to 199, more than 16 without PRACK, or after the final response.
   */
  send(response: SipResponse): void {
    if (response.statusCode <= 100 || response.statusCode >= 200) throw new TypeError('expected 101 to 199');
    if (this.#isOver) throw new TypeError('expected no final response before');
    if (this.#unacknowledged.length + this.#waiting.length >= maxResponses) {
      throw new TypeError(`expected at most ${maxResponses} reliable responses without PRACK`);
    }
    if (!this.#hasStarted || this.#isFirstAcknowledged) this.#start(response);
    else this.#waiting.push(response);
  }

  /**
   * The response that `prack` acknowledges, each once.
   *
   * @throws {PrackUnmatched} none waits for it: 481. @throws {HeaderMalformed}
   */
  receivePrack(prack: SipRequest): SipResponse {
    const { rseq, cseq, method } = parseRAck(prack.headers.first('RAck') ?? '');
    const found = this.#unacknowledged.find((sent) => sent.rseq === rseq && isUnacknowledged(sent));
    if (found === undefined || cseq !== this.#cseq || method !== 'INVITE') throw new PrackUnmatched();
    found.acknowledge();
    this.#isFirstAcknowledged = true;
    this.#unacknowledged = this.#unacknowledged.filter((sent) => sent !== found);
    if (!this.#isOver) for (const response of this.#waiting.splice(0)) this.#start(response);
    return found.response;
  }

  /** The final response has gone out, or the call is over: nothing is repeated any more. */
  stop(): void {
    this.#isOver = true;
    this.#waiting.length = 0;
    for (const response of this.#unacknowledged) response.silence();
  }

  #start(response: SipResponse): void {
    const rseq = this.#nextRSeq;
    this.#nextRSeq += 1;
    const headers = response.headers.with('Require', '100rel').with('RSeq', formatRSeq(rseq));
    const { clock, send, onTimeout } = this.#options;
    this.#hasStarted = true;
    const sent = new ReliableResponse(rseq, { ...response, headers }, { clock, send, onTimeout });
    this.#unacknowledged = [...this.#unacknowledged, sent];
  }
}

function isUnacknowledged({ state }: ReliableResponse): boolean {
  return state === 'repeating' || state === 'silent';
}

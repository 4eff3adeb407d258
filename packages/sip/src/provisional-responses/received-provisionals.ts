/**
 * The order of reliable provisional responses, at the end that sent the INVITE: one of these an early dialog
 * (RFC 3262 4).
 *
 * @module
 */
import { readCSeq } from '../headers/cseq.ts';
import { parseRSeq } from '../headers/rseq.ts';
import { hasToken } from '../headers/token-list.ts';
import type { SipResponse } from '../messages/message.ts';

/** What to do with a provisional response. */
export type ProvisionalOrder =
  /** Takes no PRACK. */
  | 'unreliable'
  /** Take it and send its PRACK. */
  | 'next'
  /** Has its PRACK already, which the transaction repeats: drop it. */
  | 'repeat'
  /** One before it is missing: drop it, it comes again. */
  | 'gap';

/** The last RSeq of one dialog, against which each response is held. */
export class ReceivedProvisionals {
  #cseq: number | undefined;
  #rseq = 0;

  /**
   * Where `response` stands. The first one to an INVITE may have any number (RFC 3262 4).
   *
   * @throws {HeaderMalformed}
   */
  receive({ statusCode, headers }: SipResponse): ProvisionalOrder {
    const written = headers.first('RSeq');
    const isReliable = statusCode > 100 && written !== undefined && hasToken(headers, 'Require', '100rel');
    if (!isReliable) return 'unreliable';
    const rseq = parseRSeq(written);
    const { number } = readCSeq(headers);
    if (number === this.#cseq && rseq <= this.#rseq) return 'repeat';
    if (number === this.#cseq && rseq !== this.#rseq + 1) return 'gap';
    this.#cseq = number;
    this.#rseq = rseq;
    return 'next';
  }
}

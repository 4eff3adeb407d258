/**
 * The RAck header field: which provisional response a PRACK acknowledges (RFC 3262 7.2).
 *
 *     RAck = "RAck" HCOLON response-num LWS CSeq-num LWS Method
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import { formatCSeq } from './cseq.ts';
import { formatRSeq } from './rseq.ts';

/** Three values that name one reliable response. */
export interface RAck {
  /** RSeq of the response, 1 to 2^32 - 1. */
  readonly rseq: number;
  /** CSeq number of the response, 0 to 2^31 - 1. */
  readonly cseq: number;
  /** CSeq method of the response; methods are case-sensitive. */
  readonly method: string;
}

/** @throws {HeaderMalformed} */
export function parseRAck(value: string): RAck {
  const scanner = new Scanner('RAck', value);
  const start = scanner.offset;
  const rseq = scanner.number('response number from 1 below 2^32', 4_294_967_295);
  if (rseq === 0) scanner.fail('response number from 1 below 2^32', start);
  scanner.whitespace();
  const cseq = scanner.number('CSeq number below 2^31', 2_147_483_647);
  scanner.whitespace();
  const method = scanner.token('method');
  scanner.end();
  return { rseq, cseq, method };
}

/** @throws {TypeError} a number out of its range, or a method that is no token. */
export function formatRAck({ rseq, cseq, method }: RAck): string {
  return `${formatRSeq(rseq)} ${formatCSeq({ number: cseq, method })}`;
}

/**
 * The RSeq header field (RFC 3262 7.1).
 *
 *     RSeq         = "RSeq" HCOLON response-num
 *     response-num = 1*DIGIT
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import { requireNumber } from './require-number.ts';

const max = 4_294_967_295;
const expected = 'number from 1 below 2^32';

/** 1 to 2^32 - 1. @throws {HeaderMalformed} */
export function parseRSeq(value: string): number {
  const scanner = new Scanner('RSeq', value);
  const start = scanner.offset;
  const number = scanner.number(expected, max);
  if (number === 0) scanner.fail(expected, start);
  scanner.end();
  return number;
}

/** @throws {TypeError} no whole number from 1 to 2^32 - 1. */
export function formatRSeq(number: number): string {
  return requireNumber(number, 'RSeq', max, 1);
}

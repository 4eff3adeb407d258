/**
 * The CSeq header field (RFC 3261 20.16).
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import type { Headers } from './headers.ts';
import { requireNumber } from './require-number.ts';
import { requireToken } from './require-token.ts';

const maxNumber = 2_147_483_647;

/** The place of a request among those of its dialog. */
export interface CSeq {
  /** 0 to 2^31 - 1 (RFC 3261 8.1.1.5). */
  readonly number: number;
  /** As written: methods are case-sensitive. */
  readonly method: string;
}

/** @throws {HeaderMalformed} */
export function parseCSeq(value: string): CSeq {
  return scanCSeq(new Scanner('CSeq', value));
}

/**
 * The CSeq of a message; cheaper than to cut the value out and parse it.
 *
 * @throws {HeaderMissing} @throws {HeaderMalformed}
 */
export function readCSeq(headers: Headers): CSeq {
  const { text, start, end } = headers.locate('CSeq');
  return scanCSeq(new Scanner('CSeq', text, undefined, start, end));
}

function scanCSeq(scanner: Scanner): CSeq {
  const number = scanner.number('number below 2^31', maxNumber);
  scanner.whitespace();
  const method = scanner.token('method');
  scanner.end();
  return { number, method };
}

/** @throws {TypeError} a number out of its range, or a method that is no token. */
export function formatCSeq({ number, method }: CSeq): string {
  return `${requireNumber(number, 'CSeq', maxNumber)} ${requireToken(method, 'a method')}`;
}

/**
 * The CSeq header field (RFC 3261 20.16).
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';

export interface CSeq {
  /** 0 to 2^31 - 1 (RFC 3261 8.1.1.5). */
  readonly number: number;
  /** As written: methods are case-sensitive. */
  readonly method: string;
}

/** @throws {HeaderMalformed} */
export function parseCSeq(value: string): CSeq {
  const scanner = new Scanner('CSeq', value);
  const number = scanner.number('number below 2^31', 2_147_483_647);
  scanner.whitespace();
  const method = scanner.token('method');
  scanner.end();
  return { number, method };
}

export function formatCSeq({ number, method }: CSeq): string {
  return `${number} ${method}`;
}

/**
 * The Expires and Min-Expires header fields (RFC 3261 20.19, 20.23).
 *
 *     Expires = delta-seconds
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import { requireNumber } from './require-number.ts';

const max = 4_294_967_295;

/** Seconds, 0 to 2^32 - 1. @throws {HeaderMalformed} */
export function parseExpires(value: string, header = 'Expires'): number {
  const scanner = new Scanner(header, value);
  const seconds = scanner.number('seconds below 2^32', max);
  scanner.end();
  return seconds;
}

/** @throws {TypeError} no whole number from 0 to 2^32 - 1. */
export function formatExpires(seconds: number): string {
  return requireNumber(seconds, 'seconds', max);
}

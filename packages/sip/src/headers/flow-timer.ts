/**
 * The Flow-Timer header field of a 2xx to REGISTER: how long the first hop keeps a silent flow (RFC 5626 11.2).
 *
 *     Flow-Timer = 1*DIGIT
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import { requireNumber } from './require-number.ts';

/** A day: more says nothing about a flow. */
const maxSeconds = 86_400;

/** Seconds, 1 to 86400. @throws {HeaderMalformed} */
export function parseFlowTimer(value: string): number {
  const scanner = new Scanner('Flow-Timer', value);
  const start = scanner.offset;
  const seconds = scanner.number('seconds from 1 to 86400', maxSeconds);
  if (seconds === 0) scanner.fail('seconds from 1 to 86400', start);
  scanner.end();
  return seconds;
}

/** @throws {TypeError} no whole number from 1 to 86400. */
export function formatFlowTimer(seconds: number): string {
  return requireNumber(seconds, 'seconds', maxSeconds, 1);
}

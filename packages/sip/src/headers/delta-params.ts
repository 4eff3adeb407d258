/**
 * Seconds with parameters, as in Session-Expires and Min-SE (RFC 4028 4, 5).
 *
 *     delta-seconds *( SEMI generic-param )
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import { requireNumber } from './require-number.ts';

/** Seconds, and what may follow them. */
export interface DeltaParams {
  /** 0 to 2^32 - 1. */
  readonly seconds: number;
  /** Names in lower case, values as written. */
  readonly params: ReadonlyMap<string, string>;
}

const max = 4_294_967_295;

/** @throws {HeaderMalformed} */
export function parseDeltaParams(value: string, header: string): DeltaParams {
  const scanner = new Scanner(header, value);
  const seconds = scanner.number('seconds below 2^32', max);
  const params = scanner.params();
  scanner.end();
  return { seconds, params };
}

/** @throws {TypeError} no whole number of seconds in range, or parameters out of the grammar. */
export function formatDeltaParams({ seconds, params }: DeltaParams): string {
  return `${requireNumber(seconds, 'seconds', max)}${formatParams(params)}`;
}

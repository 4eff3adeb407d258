/**
 * The Min-SE header field (RFC 4028 5).
 *
 *     Min-SE = "Min-SE" HCOLON delta-seconds *( SEMI generic-param )
 *
 * @module
 */
import { type DeltaParams, formatDeltaParams, parseDeltaParams } from './delta-params.ts';

/** The shortest session interval that somebody on the path takes. */
export type MinSe = DeltaParams;

/** @throws {HeaderMalformed} */
export function parseMinSe(value: string): MinSe {
  return parseDeltaParams(value, 'Min-SE');
}

/** @throws {TypeError} seconds out of range, or parameters out of the grammar. */
export function formatMinSe(minSe: MinSe): string {
  return formatDeltaParams(minSe);
}

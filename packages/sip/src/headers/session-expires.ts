/**
 * The Session-Expires header field, compact form `x` (RFC 4028 4).
 *
 *     Session-Expires = ( "Session-Expires" / "x" ) HCOLON delta-seconds *( SEMI se-params )
 *     se-params       = "refresher" EQUAL ( "uas" / "uac" ) / generic-param
 *
 * @module
 */
import { HeaderMalformed } from '../errors.ts';
import { formatDeltaParams, parseDeltaParams } from './delta-params.ts';

/** How long a session lasts, and who keeps it alive. */
export interface SessionExpires {
  /** Length of the session without a refresh, 0 to 2^32 - 1. */
  readonly seconds: number;
  /** Who sends the refreshes: the sender of this request or of its response; undefined leaves it open. */
  readonly refresher: 'uac' | 'uas' | undefined;
  /** Other parameters: names in lower case, values as written. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseSessionExpires(value: string): SessionExpires {
  const { seconds, params } = parseDeltaParams(value, 'Session-Expires');
  const written = params.get('refresher');
  if (written === undefined) return { seconds, refresher: undefined, params };
  const refresher = written.toLowerCase();
  if (refresher !== 'uac' && refresher !== 'uas') {
    throw new HeaderMalformed('Session-Expires', value.toLowerCase().indexOf('refresher'), 'refresher uac or uas');
  }
  return { seconds, refresher, params: new Map([...params].filter(([name]) => name !== 'refresher')) };
}

/** @throws {TypeError} seconds out of range, or parameters out of the grammar. */
export function formatSessionExpires({ seconds, refresher, params }: SessionExpires): string {
  if (params.has('refresher')) throw new TypeError('expected the refresher in its own field');
  const first: readonly (readonly [string, string])[] = refresher === undefined ? [] : [['refresher', refresher]];
  return formatDeltaParams({ seconds, params: new Map([...first, ...params]) });
}

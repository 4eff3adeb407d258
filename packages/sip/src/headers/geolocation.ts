/**
 * Geolocation and Geolocation-Routing (RFC 6442 4.1 and 4.2).
 *
 *     locationValue       = LAQUOT locationURI RAQUOT *( SEMI geoloc-param )
 *     Geolocation-Routing = "yes" / "no" / generic-param
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import type { Headers } from './headers.ts';
import { formatNameAddr, parseNameAddr } from './name-addr.ts';

/** One place where the location is found. */
export interface Geolocation {
  /**
   * `cid:` for a body part of this message, `sip:`, `sips:`, `pres:`, `http:`, `https:`, or any other: the grammar ends
   * with absoluteURI. A claim of the sender: fetch only what you mean to.
   */
  readonly uri: string;
  /** Names in lower case, values as written. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} also for a URI without angle brackets. */
export function parseGeolocation(value: string): Geolocation {
  const scanner = new Scanner('Geolocation', value);
  if (scanner.peek() !== '<') scanner.fail("'<'", 0);
  const { uri, params } = parseNameAddr(value, 'Geolocation');
  return { uri, params };
}

/** @throws {TypeError} the URI or a parameter could break out of the header field. */
export function formatGeolocation({ uri, params }: Geolocation): string {
  return formatNameAddr({ displayName: undefined, uri, params });
}

/** Whether proxies may route by the location: only where somebody said `yes` (RFC 6442 4.2). */
export function isLocationForRouting(headers: Headers): boolean {
  return headers.first('Geolocation-Routing')?.toLowerCase() === 'yes';
}

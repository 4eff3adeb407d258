/**
 * The Refer-To header field of a REFER (RFC 3515 2.1, corrected by RFC 3261 20: a URI with a comma, a question mark or
 * a semicolon stands in angle brackets).
 *
 *     Refer-To = ( name-addr / addr-spec ) *( SEMI generic-param )
 *
 * @module
 */
import { formatParams } from '../grammar/format-params.ts';
import { formatNameAddr, type NameAddr, parseNameAddr } from './name-addr.ts';

/** The URI is untrusted: it may carry a method and header fields of its own. See `readReferTarget`. */
export type ReferTo = NameAddr;

const none: ReadonlyMap<string, string> = new Map();

/** @throws {HeaderMalformed} */
export function parseReferTo(value: string): ReferTo {
  return parseNameAddr(value, 'Refer-To');
}

/** @throws {TypeError} the URI or a parameter could break out of the header field. */
export function formatReferTo({ params, ...address }: ReferTo): string {
  return `${formatNameAddr({ ...address, params: none })}${formatParams(params)}`;
}

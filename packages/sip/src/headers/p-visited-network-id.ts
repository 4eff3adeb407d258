/**
 * One value of the P-Visited-Network-ID header field (RFC 7315 4.3 and 5.3).
 *
 *     vnetwork-spec = ( token / quoted-string ) *( SEMI vnetwork-param )
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { quoted, unquote } from '../grammar/quoted-string.ts';
import { Scanner } from '../grammar/scanner.ts';

/** A network that a terminal visits, as the proxy there says. */
export interface PVisitedNetworkId {
  /** Without quotes. */
  readonly network: string;
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parsePVisitedNetworkId(value: string): PVisitedNetworkId {
  const scanner = new Scanner('P-Visited-Network-ID', value);
  const network = scanner.peek() === '"' ? unquote(scanner.quotedString()) : scanner.token('network');
  const params = scanner.params();
  scanner.end();
  return { network, params };
}

/** Always in quotes: a network is a domain name here, or free text. @throws {TypeError} parameters out of the grammar. */
export function formatPVisitedNetworkId({ network, params }: PVisitedNetworkId): string {
  return `${quoted(network)}${formatParams(params)}`;
}

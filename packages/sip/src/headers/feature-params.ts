/**
 * Feature sets: Accept-Contact and Reject-Contact (RFC 3841 9.2), Feature-Caps (RFC 6809 6.2).
 *
 *     value = "*" *( SEMI feature-param )
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';

/**
 * The parameters of one value: names in lower case, values as written, with the quotes of quoted ones.
 *
 * @throws {HeaderMalformed}
 */
export function parseFeatureParams(value: string, header = 'Accept-Contact'): ReadonlyMap<string, string> {
  const scanner = new Scanner(header, value);
  scanner.separator('*');
  const params = scanner.params();
  scanner.end();
  return params;
}

/** @throws {TypeError} a name that is no token, or a value out of the grammar. */
export function formatFeatureParams(params: ReadonlyMap<string, string>): string {
  return `*${formatParams(params)}`;
}

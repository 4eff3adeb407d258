/**
 * The Content-Type header field and one value of Accept (RFC 3261 20.1 and 20.15).
 *
 *     media-type = m-type SLASH m-subtype *( SEMI m-parameter )
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';

/** A media type or, in Accept, a range of them. */
export interface ContentType {
  /** Lower case, e.g. `application/sdp`; in Accept also `application/*` and the like. */
  readonly mediaType: string;
  /** Names in lower case, values as written, with the quotes of quoted ones. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseContentType(value: string, header = 'Content-Type'): ContentType {
  const scanner = new Scanner(header, value);
  const type = scanner.token('media type');
  scanner.separator('/');
  const subtype = scanner.token('media subtype');
  const params = scanner.params();
  scanner.end();
  return { mediaType: `${type}/${subtype}`.toLowerCase(), params };
}

/** @throws {TypeError} no type and subtype, or parameters out of the grammar. */
export function formatContentType({ mediaType, params }: ContentType): string {
  const [type = '', subtype = '', ...rest] = mediaType.split('/', 3);
  if (!isToken(type) || !isToken(subtype) || rest.length > 0) throw new TypeError('expected type/subtype');
  return `${mediaType}${formatParams(params)}`;
}

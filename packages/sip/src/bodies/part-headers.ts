/**
 * The header fields of a body part (RFC 2046 5.1, RFC 5621 3).
 *
 * @module
 */
import { BodyMalformed, MessageTooLarge } from '../errors.ts';
import { isToken } from '../grammar/characters.ts';
import { decodeUtf8 } from '../grammar/utf8.ts';
import { Headers } from '../headers/headers.ts';

const maxFields = 32;

/**
 * Reads header field lines, folded or not. `offset` is where they stand in the body.
 *
 * @throws {BodyMalformed} @throws {MessageTooLarge}
 */
export function parsePartHeaders(octets: Uint8Array, offset: number): Headers {
  const text = decodeUtf8(octets);
  if (text === undefined) throw new BodyMalformed('UTF-8 in the header fields of a part', offset);
  if (/\0|\r(?!\n)|(?<!\r)\n/u.test(text)) throw new BodyMalformed('no bare line end or NUL in a part', offset);
  const fields: [name: string, value: string][] = [];
  for (const line of text.split('\r\n')) {
    const last = fields.at(-1);
    if (last !== undefined && (line.startsWith(' ') || line.startsWith('\t'))) last[1] = `${last[1]} ${line.trim()}`;
    else fields.push(parseLine(line, offset));
    if (fields.length > maxFields) throw new MessageTooLarge('header fields in a body part', maxFields);
  }
  return Headers.of(...fields);
}

function parseLine(line: string, offset: number): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon)).trimEnd();
  const value = line.slice(colon + 1).trim();
  if (!isToken(name)) throw new BodyMalformed('a header field of a part', offset);
  return [name, value];
}

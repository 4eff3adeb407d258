/**
 * Multipart bodies in SIP (RFC 5621 3; syntax from RFC 2046 5.1).
 *
 *     multipart-body = [preamble CRLF] dash-boundary CRLF body-part *( CRLF dash-boundary CRLF body-part )
 *                      CRLF dash-boundary "--" [CRLF epilogue]
 *
 * Parts are cut out, not copied, and travel as octets: SIP needs no transfer encoding (RFC 5621 3.2).
 *
 * @module
 */
import { BodyMalformed, MessageTooLarge } from '../errors.ts';
import { unquote } from '../grammar/quoted-string.ts';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { parseContentType } from '../headers/content-type.ts';
import { Headers } from '../headers/headers.ts';
import { parsePartHeaders } from './part-headers.ts';

/** One part; its octets share their buffer with the whole. */
export interface BodyPart {
  /** MIME header fields: Content-Type, Content-Disposition, Content-ID and others. Content-Type may be absent. */
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Bounds for bodies that come from a peer. */
export interface BodyLimits {
  /** Parts of one multipart body. */
  readonly parts: number;
  /** Multipart bodies within multipart bodies; `findBody` alone looks into them. */
  readonly nesting: number;
}

/** More than any message of an IMS has. */
export const defaultBodyLimits: BodyLimits = { parts: 32, nesting: 4 };

const carriageReturn = 13;
const lineFeed = 10;
const dash = 45;

/**
 * The parts of a multipart body, in order. `contentType` is the Content-Type of the body.
 *
 * @throws {HeaderMalformed} Content-Type cannot be read.
 * @throws {BodyMalformed} it names no boundary, the body lacks it, or a part has no end of its header fields.
 * @throws {MessageTooLarge} more parts than `limits` allow.
 */
export function parseMultipart(
  body: Uint8Array,
  contentType: string,
  limits: Pick<BodyLimits, 'parts'> = defaultBodyLimits,
): readonly BodyPart[] {
  const delimiter = encodeUtf8(`--${readBoundary(contentType)}`);
  const parts: BodyPart[] = [];
  let open = findDelimiter(body, delimiter, 0);
  if (open === undefined) throw new BodyMalformed('the boundary that Content-Type names', 0);
  while (!open.closes) {
    if (parts.length >= limits.parts) throw new MessageTooLarge('parts in a body', limits.parts);
    const next = findDelimiter(body, delimiter, open.end);
    if (next === undefined) throw new BodyMalformed('the closing boundary', body.length);
    parts.push(readPart(body, open.end, next.start));
    open = next;
  }
  return parts;
}

/**
 * Writes parts as one body with `boundary`, which must not occur in them.
 *
 * @throws {TypeError} no boundary, or one that a part holds.
 */
export function formatMultipart(parts: readonly BodyPart[], boundary: string): Uint8Array {
  if (!isBoundary(boundary)) throw new TypeError('expected a boundary of 1 to 70 characters');
  const delimiter = encodeUtf8(`--${boundary}`);
  const chunks: Uint8Array[] = [];
  for (const { headers, body } of parts) {
    if (findDelimiter(body, delimiter, 0) !== undefined) throw new TypeError('expected a boundary that no part holds');
    chunks.push(encodeUtf8(`--${boundary}\r\n${headers}\r\n`), body, encodeUtf8('\r\n'));
  }
  chunks.push(encodeUtf8(`--${boundary}--\r\n`));
  return concatenate(chunks);
}

/** Whether a Content-Type names a multipart body. False where there is none, or none that can be read. */
export function isMultipart(contentType: string | undefined): boolean {
  return contentType?.trimStart().toLowerCase().startsWith('multipart/') ?? false;
}

function readBoundary(contentType: string): string {
  const { mediaType, params } = parseContentType(contentType);
  const boundary = unquote(params.get('boundary') ?? '');
  if (!mediaType.startsWith('multipart/') || !isBoundary(boundary)) {
    throw new BodyMalformed('a multipart Content-Type with a boundary of 1 to 70 characters', 0);
  }
  return boundary;
}

/** bchars of RFC 2046 5.1.1: a space may stand inside, not at the end. */
function isBoundary(text: string): boolean {
  return text.length <= 70 && !text.endsWith(' ') && /^[0-9A-Za-z'()+_,\-./:=? ]+$/u.test(text);
}

interface Delimiter {
  /** Where the part before it ends: its line end belongs to the delimiter. */
  readonly start: number;
  /** Where what follows begins. */
  readonly end: number;
  readonly closes: boolean;
}

/** The next line from `from` on that is the delimiter. */
function findDelimiter(body: Uint8Array, delimiter: Uint8Array, from: number): Delimiter | undefined {
  let at = from;
  while (at <= body.length - delimiter.length) {
    if (startsWith(body, at, delimiter)) {
      const found = readDelimiter(body, at, at + delimiter.length, from);
      if (found !== undefined) return found;
    }
    const lineEnd = body.indexOf(lineFeed, at);
    if (lineEnd < 0) return undefined;
    at = lineEnd + 1;
  }
  return undefined;
}

/** What follows the boundary: `--`, white space, then the line end or the end of the body. */
function readDelimiter(body: Uint8Array, line: number, after: number, from: number): Delimiter | undefined {
  const closes = body[after] === dash && body[after + 1] === dash;
  let at = closes ? after + 2 : after;
  while (body[at] === 32 || body[at] === 9) at += 1;
  const isLine = body[at] === carriageReturn && body[at + 1] === lineFeed;
  if (!isLine && !(closes && at === body.length)) return undefined;
  const hasLineEndBefore = line - 2 >= from && body[line - 2] === carriageReturn;
  return { start: hasLineEndBefore ? line - 2 : line, end: isLine ? at + 2 : at, closes };
}

function startsWith(body: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index += 1) if (body[at + index] !== text[index]) return false;
  return true;
}

function readPart(body: Uint8Array, start: number, end: number): BodyPart {
  const part = body.subarray(start, Math.max(start, end));
  // A part without header fields starts with the empty line (RFC 2046 5.1).
  if (part[0] === carriageReturn && part[1] === lineFeed) return { headers: Headers.empty, body: part.subarray(2) };
  for (let at = part.indexOf(carriageReturn); at >= 0; at = part.indexOf(carriageReturn, at + 1)) {
    const isEmptyLine = part[at + 1] === lineFeed && part[at + 2] === carriageReturn && part[at + 3] === lineFeed;
    if (isEmptyLine) return { headers: parsePartHeaders(part.subarray(0, at), start), body: part.subarray(at + 4) };
  }
  // The line end before the boundary was the empty line: header fields and no body (RFC 2046 5.1.1, body-part).
  const endsLine = part.at(-2) === carriageReturn && part.at(-1) === lineFeed;
  if (endsLine) return { headers: parsePartHeaders(part.subarray(0, -2), start), body: part.subarray(part.length) };
  throw new BodyMalformed('an empty line after the header fields of a part', start);
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

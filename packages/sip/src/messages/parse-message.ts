/**
 * Octets to message (RFC 3261 7; grammar from 25.1).
 *
 * The head is scanned once and decoded as one text; no field is cut out or parsed before somebody asks for it.
 *
 * @module
 */
import { MessageMalformed, MessageTooLarge } from '../errors.ts';
import { decodeUtf8 } from '../grammar/utf8.ts';
import { type HeaderMarks, marksPerField } from '../headers/header-marks.ts';
import { Headers } from '../headers/headers.ts';
import { parseNumber } from '../headers/number-header.ts';
import { noBody, type SipMessage } from './message.ts';
import { defaultLimits, type MessageLimits } from './message-limits.ts';
import { parseStartLine, type RequestLine, type StatusLine } from './parse-start-line.ts';
import { scanHead } from './scan-head.ts';

const carriageReturn = 13;
const lineFeed = 10;

/**
 * Reads one message that fills `octets` (a datagram, a WebSocket frame, or what a stream framer cut out).
 *
 * Empty lines before the start line are skipped (RFC 3261 7.5). Octets after Content-Length are left out (18.3). The
 * body is a view of `octets`; the rest is a copy.
 *
 * @throws {MessageMalformed} @throws {MessageTooLarge} @throws {VersionNotSupported} @throws {HeaderMissing}
 * @throws {HeaderMalformed} Content-Length is no number.
 */
export function parseMessage(octets: Uint8Array, limits: MessageLimits = defaultLimits): SipMessage {
  if (octets.length > limits.messageOctets) throw new MessageTooLarge('octets', limits.messageOctets);
  let start = 0;
  while (octets[start] === carriageReturn && octets[start + 1] === lineFeed) start += 2;
  const head = parseHead(octets, start, limits);
  return createMessage(head, cutBody(octets, head));
}

/** A message without its body. */
export interface MessageHead {
  readonly startLine: RequestLine | StatusLine;
  readonly headers: Headers;
  /** Where the body starts in the octets: just after the empty line. */
  readonly end: number;
}

/**
 * Reads start line, header fields and the empty line after them, from `start` on.
 *
 * @throws {SipError} as {@link parseMessage} does.
 */
export function parseHead(octets: Uint8Array, start: number, limits: MessageLimits = defaultLimits): MessageHead {
  let { startLineEnd, marks, end } = scanHead(octets, start, limits);
  const text = decodeUtf8(octets.subarray(start, end));
  if (text === undefined) throw new MessageMalformed('UTF-8', 0);
  if (text.length !== end - start) ({ startLineEnd, marks } = scanHead(unitsOf(text), 0, limits));
  const startLine = parseStartLine(text, startLineEnd);
  return { startLine, headers: new Headers(allOf(marks), text, marks, true), end: end + 2 };
}

/** One and the same order of properties for every message. */
export function createMessage({ startLine, headers }: MessageHead, body: Uint8Array): SipMessage {
  if ('method' in startLine) {
    const { method, requestUri } = startLine;
    return { method, requestUri, headers, body };
  }
  const { statusCode, reasonPhrase } = startLine;
  return { statusCode, reasonPhrase, headers, body };
}

/** Beyond ASCII, octets and characters have other offsets: the text's are found in this, with an empty line added. */
function unitsOf(text: string): Uint8Array {
  const units = new Uint8Array(text.length + 2);
  for (let at = 0; at < text.length; at += 1) units[at] = Math.min(255, text.charCodeAt(at));
  units[text.length] = carriageReturn;
  units[text.length + 1] = lineFeed;
  return units;
}

/** The numbers of all fields; the usual lists are made once. */
const usual: (readonly number[] | undefined)[] = [];
const mostUsual = 64;

function allOf(marks: HeaderMarks): readonly number[] {
  const count = (marks.length - 1) / marksPerField;
  const known = usual[count];
  if (known !== undefined) return known;
  const all = Array.from({ length: count }, (_, field) => field);
  if (count <= mostUsual) usual[count] = all;
  return all;
}

function cutBody(octets: Uint8Array, { headers, end }: MessageHead): Uint8Array {
  const value = headers.single('Content-Length');
  const length = value === undefined ? octets.length - end : parseNumber('Content-Length', value);
  if (length > octets.length - end) {
    throw new MessageMalformed('a body as long as Content-Length says', octets.length);
  }
  return length === 0 ? noBody : octets.subarray(end, end + length);
}

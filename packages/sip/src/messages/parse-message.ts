/**
 * Octets to message (RFC 3261 7; grammar from 25.1).
 *
 * The head is decoded as UTF-8 and split in header fields; no field is parsed before somebody asks for it.
 *
 * @module
 */

import { HeaderMissing, MessageMalformed, MessageTooLarge, VersionNotSupported } from '../errors.ts';
import { isTokenCharacter } from '../grammar/characters.ts';
import { decodeUtf8 } from '../grammar/utf8.ts';
import { headerKey } from '../headers/header-name.ts';
import { type HeaderField, Headers } from '../headers/headers.ts';
import { findNumber } from '../headers/number-header.ts';
import { noBody, type SipMessage } from './message.ts';

export interface MessageLimits {
  /** Octets of the whole message. */
  readonly messageOctets: number;
  readonly headerFields: number;
  /** Characters of one header field, folds included. */
  readonly headerFieldCharacters: number;
}

export const defaultLimits: MessageLimits = {
  messageOctets: 65_536,
  headerFields: 200,
  headerFieldCharacters: 16_384,
};

const carriageReturn = 13;
const lineFeed = 10;

/**
 * Reads one message that fills `octets` (a datagram, a WebSocket frame, or what a stream framer cut out).
 *
 * Empty lines before the start line are skipped (RFC 3261 7.5). Octets after Content-Length are left out (18.3).
 *
 * @throws {MessageMalformed} @throws {MessageTooLarge} @throws {VersionNotSupported} @throws {HeaderMissing}
 * @throws {HeaderMalformed} Content-Length is no number.
 */
export function parseMessage(octets: Uint8Array, limits: MessageLimits = defaultLimits): SipMessage {
  if (octets.length > limits.messageOctets) throw new MessageTooLarge('octets', limits.messageOctets);
  let start = 0;
  while (octets[start] === carriageReturn && octets[start + 1] === lineFeed) start += 2;
  const end = findHeadEnd(octets, start);
  const head = decodeHead(octets.subarray(start, end));
  const startLineEnd = head.indexOf('\r\n');
  const headers = parseHeaders(head, startLineEnd + 2, limits);
  const body = cutBody(octets.subarray(end + 2), headers);
  return { ...parseStartLine(head.slice(0, startLineEnd)), headers, body } as SipMessage;
}

/** Where the last header field's line end stands: just before the empty line, with that line end counted in. */
function findHeadEnd(octets: Uint8Array, start: number): number {
  for (let at = octets.indexOf(carriageReturn, start); at >= 0; at = octets.indexOf(carriageReturn, at + 1)) {
    const isEmptyLine = octets[at + 1] === lineFeed && octets[at + 2] === carriageReturn && octets[at + 3] === lineFeed;
    if (isEmptyLine) return at + 2;
  }
  throw new MessageMalformed('an empty line after the header fields', octets.length);
}

function decodeHead(octets: Uint8Array): string {
  const head = decodeUtf8(octets);
  if (head === undefined) throw new MessageMalformed('UTF-8', 0);
  return head;
}

type StartLine = { method: string; requestUri: string } | { statusCode: number; reasonPhrase: string };

function parseStartLine(line: string): StartLine {
  return line.startsWith('SIP/') ? parseStatusLine(line) : parseRequestLine(line);
}

/** Status-Line = SIP-Version SP Status-Code SP Reason-Phrase */
function parseStatusLine(line: string): StartLine {
  if (!line.startsWith('SIP/2.0 ')) throw new VersionNotSupported();
  const statusCode = Number(line.slice(8, 11));
  const isStatusLine = /^[1-6]\d\d(?: |$)/u.test(line.slice(8, 12));
  if (!isStatusLine) throw new MessageMalformed('a status code from 100 to 699', 8);
  return { statusCode, reasonPhrase: line.slice(12) };
}

/** Request-Line = Method SP Request-URI SP SIP-Version */
function parseRequestLine(line: string): StartLine {
  const methodEnd = line.indexOf(' ');
  const uriEnd = line.indexOf(' ', methodEnd + 1);
  if (methodEnd < 1 || uriEnd < 0) throw new MessageMalformed('method, URI and version, one space between each', 0);
  const method = line.slice(0, methodEnd);
  for (let at = 0; at < methodEnd; at += 1) {
    if (!isTokenCharacter(method.charCodeAt(at))) throw new MessageMalformed('a method', at);
  }
  const requestUri = line.slice(methodEnd + 1, uriEnd);
  if (!/^[A-Za-z][A-Za-z0-9+\-.]*:[^\s<>"]+$/u.test(requestUri)) throw new MessageMalformed('a URI', methodEnd + 1);
  const version = line.slice(uriEnd + 1);
  if (version.toUpperCase() === 'SIP/2.0') return { method, requestUri };
  if (/^SIP\/\d+\.\d+$/iu.test(version)) throw new VersionNotSupported();
  throw new MessageMalformed('SIP/2.0', uriEnd + 1);
}

function parseHeaders(head: string, from: number, limits: MessageLimits): Headers {
  const fields: HeaderField[] = [];
  for (let at = from; at < head.length; ) {
    const end = findFieldEnd(head, at);
    if (fields.length >= limits.headerFields) throw new MessageTooLarge('header fields', limits.headerFields);
    if (end - at > limits.headerFieldCharacters) {
      throw new MessageTooLarge('characters in a header field', limits.headerFieldCharacters);
    }
    fields.push(parseField(head.slice(at, end), at));
    at = end + 2;
  }
  return new Headers(fields);
}

/** The line end that no space or tab follows: one that does goes on the line before (7.3.1). */
function findFieldEnd(head: string, from: number): number {
  for (let end = head.indexOf('\r\n', from); end >= 0; end = head.indexOf('\r\n', end + 2)) {
    const next = head.charCodeAt(end + 2);
    if (next !== 32 && next !== 9) return end;
  }
  throw new MessageMalformed('a line end', head.length);
}

function parseField(line: string, offset: number): HeaderField {
  const colon = line.indexOf(':');
  let nameEnd = colon;
  while (nameEnd > 0 && (line.charCodeAt(nameEnd - 1) === 32 || line.charCodeAt(nameEnd - 1) === 9)) nameEnd -= 1;
  if (nameEnd < 1) throw new MessageMalformed('a header field', offset);
  for (let at = 0; at < nameEnd; at += 1) {
    if (!isTokenCharacter(line.charCodeAt(at))) throw new MessageMalformed('a header field name', offset + at);
  }
  const raw = line.slice(colon + 1);
  const value = raw.includes('\r\n') ? unfold(raw) : raw.trim();
  if (value.includes('\r') || value.includes('\n') || value.includes('\0')) {
    throw new MessageMalformed('no bare line end or NUL in a header field', offset + colon + 1);
  }
  return { key: headerKey(line.slice(0, nameEnd)), value, line };
}

/** Each fold is worth one space (RFC 3261 7.3.1). */
function unfold(raw: string): string {
  const parts = raw.split('\r\n').map((part) => part.trim());
  return parts.join(' ').trim();
}

function cutBody(octets: Uint8Array, headers: Headers): Uint8Array {
  if (headers.count('Content-Length') > 1) throw new HeaderMissing('Content-Length', headers.count('Content-Length'));
  const length = findNumber(headers, 'Content-Length');
  if (length === undefined) return octets.length === 0 ? noBody : octets;
  if (length > octets.length) throw new MessageMalformed('a body as long as Content-Length says', octets.length);
  return length === 0 ? noBody : octets.subarray(0, length);
}

/**
 * Octets to message (RFC 3261 7; grammar from 25.1).
 *
 * The head is decoded as UTF-8 and split in header fields; no field is parsed before somebody asks for it.
 *
 * @module
 */

import { HeaderMissing, MessageMalformed, MessageTooLarge, VersionNotSupported } from '../errors.ts';
import { isTokenCharacter } from '../grammar/characters.ts';
import { trimWhitespace } from '../grammar/trim.ts';
import { decodeUtf8 } from '../grammar/utf8.ts';
import { headerKey } from '../headers/header-name.ts';
import { type HeaderField, Headers } from '../headers/headers.ts';
import { findNumber } from '../headers/number-header.ts';
import { noBody, type SipMessage, type SipRequest, type SipResponse } from './message.ts';

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
const tab = 9;

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
  const head = parseHead(octets.subarray(start, end), limits);
  return { ...head, body: cutBody(octets.subarray(end + 2), head.headers) };
}

/** A message without its body. */
export type MessageHead = Omit<SipRequest, 'body'> | Omit<SipResponse, 'body'>;

/**
 * Reads start line and header fields out of `octets`, which end with the last header field's line end.
 *
 * @throws {SipError} as {@link parseMessage} does.
 */
export function parseHead(octets: Uint8Array, limits: MessageLimits = defaultLimits): MessageHead {
  const head = decodeHead(octets);
  const startLineEnd = head.indexOf('\r\n');
  const startLine = parseStartLine(head.slice(0, startLineEnd));
  return { ...startLine, headers: parseHeaders(head, startLineEnd + 2, limits) };
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
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if ((code < 32 && code !== tab) || code === 127) throw new MessageMalformed('no control character', at);
  }
  return line.slice(0, 4).toLowerCase() === 'sip/' ? parseStatusLine(line) : parseRequestLine(line);
}

/** Status-Line = SIP-Version SP Status-Code SP Reason-Phrase */
function parseStatusLine(line: string): StartLine {
  const versionEnd = line.indexOf(' ');
  checkVersion(versionEnd < 0 ? line : line.slice(0, versionEnd), 0);
  const isStatusLine = /^[1-6][0-9][0-9](?: |$)/u.test(line.slice(8, 12));
  if (!isStatusLine) throw new MessageMalformed('a status code from 100 to 699', 8);
  return { statusCode: Number(line.slice(8, 11)), reasonPhrase: line.slice(12) };
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
  // One colon ends the scheme, which holds none: nothing to go back to.
  if (!/^[A-Za-z][A-Za-z0-9+\-.]*:[^\s<>"]+$/u.test(requestUri)) throw new MessageMalformed('a URI', methodEnd + 1);
  checkVersion(line.slice(uriEnd + 1), uriEnd + 1);
  return { method, requestUri };
}

/** SIP-Version, whatever its case (RFC 3261 7.1). */
function checkVersion(version: string, at: number): void {
  if (version.toLowerCase() === 'sip/2.0') return;
  if (/^sip\/[0-9]+\.[0-9]+$/u.test(version.toLowerCase())) throw new VersionNotSupported();
  throw new MessageMalformed('SIP/2.0', at);
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
  const value = raw.includes('\r\n') ? unfold(raw) : trimWhitespace(raw);
  if (value.includes('\r') || value.includes('\n') || value.includes('\0')) {
    throw new MessageMalformed('no bare line end or NUL in a header field', offset + colon + 1);
  }
  return { key: headerKey(line.slice(0, nameEnd)), value, line };
}

/** Each fold is worth one space (RFC 3261 7.3.1). */
function unfold(raw: string): string {
  return trimWhitespace(raw.split('\r\n').map(trimWhitespace).join(' '));
}

function cutBody(octets: Uint8Array, headers: Headers): Uint8Array {
  if (headers.count('Content-Length') > 1) throw new HeaderMissing('Content-Length', headers.count('Content-Length'));
  const length = findNumber(headers, 'Content-Length');
  if (length === undefined) return octets.length === 0 ? noBody : octets;
  if (length > octets.length) throw new MessageMalformed('a body as long as Content-Length says', octets.length);
  return length === 0 ? noBody : octets.subarray(0, length);
}

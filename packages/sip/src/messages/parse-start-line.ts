/**
 * The first line of a message (RFC 3261 7.1, 7.2; grammar from 25.1).
 *
 * @module
 */
import { MessageMalformed, VersionNotSupported } from '../errors.ts';
import { digitClass, endOfRun, isDigit, isUriText, tokenClass } from '../grammar/characters.ts';

export interface RequestLine {
  readonly method: string;
  readonly requestUri: string;
}

export interface StatusLine {
  readonly statusCode: number;
  readonly reasonPhrase: string;
}

const slash = 47;
const space = 32;
const tab = 9;

/**
 * The parts of the line that fills `text` up to `end`, without its line end.
 *
 * @throws {MessageMalformed} @throws {VersionNotSupported}
 */
export function parseStartLine(text: string, end: number): RequestLine | StatusLine {
  // No method holds a slash.
  const isStatusLine = end > 3 && text.charCodeAt(3) === slash && text.slice(0, 3).toUpperCase() === 'SIP';
  return isStatusLine ? parseStatusLine(text.slice(0, end)) : parseRequestLine(text, end);
}

/** Status-Line = SIP-Version SP Status-Code SP Reason-Phrase */
function parseStatusLine(line: string): StatusLine {
  const versionEnd = line.indexOf(' ');
  checkVersion(versionEnd < 0 ? line : line.slice(0, versionEnd), 0);
  const first = line.charCodeAt(8);
  const isCode = first >= 49 && first <= 54 && isDigit(line.charCodeAt(9)) && isDigit(line.charCodeAt(10));
  const isEnded = line.length === 11 || line.charCodeAt(11) === space;
  if (!isCode || !isEnded) throw new MessageMalformed('a status code from 100 to 699', 8);
  for (let at = 12; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if ((code < space && code !== tab) || code === 127) throw new MessageMalformed('no control character', at);
  }
  const statusCode = 100 * (first - 48) + 10 * (line.charCodeAt(9) - 48) + (line.charCodeAt(10) - 48);
  return { statusCode, reasonPhrase: line.slice(12) };
}

/** Request-Line = Method SP Request-URI SP SIP-Version */
function parseRequestLine(text: string, end: number): RequestLine {
  const methodEnd = endOfRun(text, 0, tokenClass, end);
  if (methodEnd === 0 || text.charCodeAt(methodEnd) !== space) throw new MessageMalformed('a method', methodEnd);
  const uriEnd = text.indexOf(' ', methodEnd + 1);
  if (uriEnd < 0 || uriEnd >= end) throw new MessageMalformed('method, URI and version, one space between each', end);
  if (!isUriText(text, methodEnd + 1, uriEnd)) throw new MessageMalformed('a URI', methodEnd + 1);
  if (end - uriEnd !== 8 || !text.startsWith('SIP/2.0', uriEnd + 1)) {
    checkVersion(text.slice(uriEnd + 1, end), uriEnd + 1);
  }
  return { method: text.slice(0, methodEnd), requestUri: text.slice(methodEnd + 1, uriEnd) };
}

/** SIP-Version, whatever its case (RFC 3261 7.1). */
function checkVersion(version: string, at: number): void {
  if (version === 'SIP/2.0' || version.toUpperCase() === 'SIP/2.0') return;
  if (isAnyVersion(version)) throw new VersionNotSupported();
  throw new MessageMalformed('SIP/2.0', at);
}

/** "SIP" "/" 1*DIGIT "." 1*DIGIT */
function isAnyVersion(version: string): boolean {
  const [major = '', minor = '', ...more] = version.slice(4).split('.', 3);
  return version.slice(0, 4).toUpperCase() === 'SIP/' && more.length === 0 && isNumber(major) && isNumber(minor);
}

function isNumber(text: string): boolean {
  return text !== '' && endOfRun(text, 0, digitClass) === text.length;
}

/**
 * Answers for requests too broken to be read as a whole, without a transaction (RFC 3261 8.2.7 and 16.3 step 1).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { isTokenCharacter, isWhitespace } from '../grammar/characters.ts';
import { Scanner } from '../grammar/scanner.ts';
import { trimWhitespace } from '../grammar/trim.ts';
import { decodeLossy } from '../grammar/utf8.ts';
import { headerKey } from '../headers/header-name.ts';
import { Headers } from '../headers/headers.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { noBody, type SipResponse } from './message.ts';
import { reasonOfError } from './reason-of-error.ts';

/** What an answer copies (RFC 3261 8.2.6.2), under the names it copies them by. */
const copiedNames: ReadonlyMap<string, string> = new Map([
  ['via', 'Via'],
  ['from', 'From'],
  ['to', 'To'],
  ['call-id', 'Call-ID'],
  ['cseq', 'CSeq'],
]);
/** No honest message has come over more hops, and none has a longer head. */
const maxVias = 70;
const maxHeadOctets = 65_536;

export interface BrokenAnswerOptions {
  /** Added to a To that has none and can be read (RFC 3261 8.2.6.2). */
  readonly toTag?: string;
}

/**
 * The 400, 505 or 513 to a request that `parseMessage` or `checkMessage` refused with `error`. The reason phrase says
 * what is wrong and shows no value. What can be found of Via, From, To, Call-ID and CSeq is copied.
 *
 * Undefined where there can be no answer: an ACK, a response, noise, or a request without a Via to find the way back
 * by or a CSeq to know the request by.
 */
export function answerBroken(
  octets: Uint8Array,
  error: SipError,
  options: BrokenAnswerOptions = {},
): SipResponse | undefined {
  const lines = readLines(decodeLossy(octets.subarray(0, maxHeadOctets)));
  const method = lines === undefined ? '' : methodOf(lines[0] ?? '');
  if (lines === undefined || method === '' || method === 'ACK') return undefined;
  const copied = collect(lines, options.toTag);
  if (!copied.some(([name]) => name === 'CSeq') || !hasReadableVia(copied)) return undefined;
  return {
    statusCode: error.statusCode,
    reasonPhrase: reasonOfError(error),
    headers: Headers.of(...copied),
    body: noBody,
  };
}

/** The start line and the header fields, unfolded; undefined where there is no whole line. */
function readLines(text: string): readonly string[] | undefined {
  const lines: string[] = [];
  let at = 0;
  while (text.startsWith('\r\n', at)) at += 2;
  for (let end = text.indexOf('\r\n', at); end >= 0; end = text.indexOf('\r\n', at)) {
    if (end === at) break;
    const isFold = lines.length > 1 && isWhitespace(text.charCodeAt(at));
    const line = text.slice(at, end);
    if (isFold) lines[lines.length - 1] += ` ${trimWhitespace(line)}`;
    else lines.push(line);
    at = end + 2;
  }
  return lines.length === 0 ? undefined : lines;
}

/** The method of a line that starts with one and ends with a SIP version, whatever stands between; else ''. */
function methodOf(startLine: string): string {
  let end = 0;
  while (end < startLine.length && isTokenCharacter(startLine.charCodeAt(end))) end += 1;
  const line = trimWhitespace(startLine);
  const version = line.slice(line.lastIndexOf(' ') + 1, line.lastIndexOf(' ') + 5);
  if (end > 32 || startLine.charCodeAt(end) !== 32 || version.toLowerCase() !== 'sip/') return '';
  return startLine.slice(0, end);
}

/** Every Via and the first of each other field, as far as they can stand in a message again. */
function collect(lines: readonly string[], toTag: string | undefined): readonly (readonly [string, string])[] {
  const copied: (readonly [string, string])[] = [];
  const seen = new Set<string>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    const name = copiedNames.get(headerKey(trimWhitespace(line.slice(0, Math.max(0, colon)))));
    const value = trimWhitespace(line.slice(colon + 1));
    if (name === undefined || value === '' || hasControlCharacter(value)) continue;
    if (name === 'Via' ? copied.length >= maxVias : seen.has(name)) continue;
    seen.add(name);
    copied.push([name, name === 'To' ? withTag(value, toTag) : value]);
  }
  return copied;
}

function hasReadableVia(copied: readonly (readonly [string, string])[]): boolean {
  const via = copied.find(([name]) => name === 'Via');
  return via !== undefined && tryOr(() => readSentBy(via[1])) !== undefined;
}

/** The host of the top Via, whatever its version and parameters: they may be what is wrong (RFC 4475 3.1.2.16). */
function readSentBy(value: string): string {
  const scanner = new Scanner('Via', value);
  scanner.token();
  scanner.separator('/');
  scanner.token();
  scanner.separator('/');
  scanner.token();
  scanner.whitespace();
  return scanner.host();
}

function withTag(to: string, tag: string | undefined): string {
  const read = tag === undefined ? undefined : tryOr(() => parseNameAddr(to, 'To'));
  return read === undefined || read.params.has('tag') ? to : `${to};tag=${tag}`;
}

function tryOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (unreadable) {
    if (!(unreadable instanceof SipError)) throw unreadable;
    return undefined;
  }
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}

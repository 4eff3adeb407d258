/**
 * Bodies of type message/sipfrag as a REFER's NOTIFY has them: a status line and perhaps more (RFC 3420, RFC 3515 2.4.5).
 *
 * @module
 */
import { BodyMalformed } from '../errors.ts';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { reasonPhraseOf } from '../messages/reason-phrases.ts';

/** A status line (RFC 3261 7.2). */
export interface SipfragStatus {
  /** 100 to 699. */
  readonly statusCode: number;
  readonly reasonPhrase: string;
}

/** The media type, without its parameters (RFC 3420 3). */
export const sipfragType = 'message/sipfrag';
/** The content type with the version that RFC 3515 2.4.5 shows. */
export const sipfragContentType = 'message/sipfrag;version=2.0';

const maxLineOctets = 512;
const lineFeed = 10;
const carriageReturn = 13;
const statusLine = /^SIP\/2\.0 ([1-6][0-9]{2})(?: ([\P{Cc}\t]*))?$/u;

/**
 * The status line at the start; what follows it is not looked at.
 *
 * @throws {BodyMalformed} the body starts with something else, or with a line of more than 512 octets.
 */
export function parseSipfrag(body: Uint8Array): SipfragStatus {
  const text = decodeUtf8(body.subarray(0, endOfLine(body)));
  const parts = text === undefined ? null : statusLine.exec(text);
  if (parts === null) throw new BodyMalformed('a status line', 0);
  return { statusCode: Number(parts[1]), reasonPhrase: parts[2] ?? '' };
}

/** The body for a status; a phrase with a line end is replaced by that of the registry. */
export function formatSipfrag(statusCode: number, reasonPhrase: string = reasonPhraseOf(statusCode)): Uint8Array {
  const line = `SIP/2.0 ${statusCode} ${reasonPhrase}`;
  return encodeUtf8(`${statusLine.test(line) ? line : `SIP/2.0 ${statusCode} ${reasonPhraseOf(statusCode)}`}\r\n`);
}

function endOfLine(body: Uint8Array): number {
  const end = body.subarray(0, maxLineOctets).indexOf(lineFeed);
  if (end < 0) return body.length > maxLineOctets ? 0 : body.length;
  return body[end - 1] === carriageReturn ? end - 1 : end;
}

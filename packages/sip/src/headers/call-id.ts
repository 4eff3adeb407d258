/**
 * A Call-ID within another header field: Replaces, Join, Target-Dialog (RFC 3261 25.1).
 *
 *     callid = word [ "@" word ]
 *
 * @module
 */
import type { Scanner } from '../grammar/scanner.ts';
import { trimWhitespace } from '../grammar/trim.ts';

/** A word holds brackets, quotes and backslashes as plain characters, and no comma, semicolon or space. */
const callId = /^[A-Za-z0-9\-.!%*_+`'~()<>:\\"/[\]?{}]+(?:@[A-Za-z0-9\-.!%*_+`'~()<>:\\"/[\]?{}]+)?$/u;
const maxCallIdCharacters = 256;

/** Whether `text` is a Call-ID of up to 256 characters. */
export function isCallId(text: string): boolean {
  return text.length <= maxCallIdCharacters && callId.test(text);
}

/** Reads up to the first parameter. @throws {HeaderMalformed} */
export function readCallId(scanner: Scanner): string {
  const start = scanner.offset;
  const text = trimWhitespace(scanner.until(';'));
  if (!isCallId(text)) scanner.fail('Call-ID', start);
  return text;
}

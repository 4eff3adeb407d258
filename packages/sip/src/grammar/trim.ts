/**
 * White space at the ends of a value (RFC 3261 25.1: SP and HTAB, nothing of what Unicode counts in).
 *
 * @module
 */
import { isWhitespace } from './characters.ts';

export function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

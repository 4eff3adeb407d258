/**
 * Where header fields stand in the head of a message, and what is read of them there (RFC 3261 7.3).
 *
 * @module
 */
import { isWhitespace } from '../grammar/characters.ts';
import { trimWhitespace } from '../grammar/trim.ts';
import type { HeaderField } from './header-field.ts';
import { headerKey, longestTagged, tagMask } from './header-name.ts';

/**
 * For each field three numbers: the offsets of its line and of its value, and the tag of its name, with
 * {@link foldedMark} in it where the value is folded. Then the offset of the end of the last line.
 */
export type HeaderMarks = readonly number[];
export const marksPerField = 3;
export const foldedMark: number = 0x40_00_00;

/** The value of field number `field`, unfolded and trimmed. */
export function fieldValueOf(text: string, marks: HeaderMarks, field: number): string {
  const mark = marksPerField * field;
  const start = marks[mark + 1] ?? 0;
  let end = (marks[mark + marksPerField] ?? 0) - 2;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end -= 1;
  const raw = text.slice(start, end);
  return ((marks[mark + 2] ?? 0) & foldedMark) === 0 ? raw : unfold(raw);
}

/** The whole of field number `field`. */
export function fieldOf(text: string, marks: HeaderMarks, field: number): HeaderField {
  const mark = marksPerField * field;
  const line = text.slice(marks[mark] ?? 0, (marks[mark + marksPerField] ?? 0) - 2);
  const length = ((marks[mark + 2] ?? 0) & tagMask) >> 14;
  const name = length < longestTagged ? line.slice(0, length) : trimWhitespace(line.slice(0, line.indexOf(':')));
  return { key: headerKey(name), value: fieldValueOf(text, marks, field), line };
}

/** Whether the token at `start` of `text` is `key`, whatever its case; their tags, and so their lengths, are equal. */
export function isSameName(text: string, start: number, key: string): boolean {
  for (let at = 0; at < key.length; at += 1) {
    if ((text.charCodeAt(start + at) | 32) !== (key.charCodeAt(at) | 32)) return false;
  }
  return key.length < longestTagged || isEndOfName(text.charCodeAt(start + key.length));
}

function isEndOfName(code: number): boolean {
  return code === 58 || isWhitespace(code);
}

/** Each fold is worth one space (RFC 3261 7.3.1). */
function unfold(raw: string): string {
  return trimWhitespace(raw.split('\r\n').map(trimWhitespace).join(' '));
}

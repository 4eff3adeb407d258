/**
 * Splits a header field value at its commas (RFC 3261 7.3.1), but not at those in quotes or angle brackets.
 *
 * @module
 */
import { isWhitespace } from '../grammar/characters.ts';
import { trimWhitespace } from '../grammar/trim.ts';

const comma = 44;
const quote = 34;
const backslash = 92;
const open = 60;
const close = 62;

/** The values, trimmed; empty ones are left out. */
export function splitList(value: string): readonly string[] {
  if (!value.includes(',')) return value === '' ? [] : [value];
  const values: string[] = [];
  for (let start = startOfValue(value, 0); start < value.length; ) {
    const end = endOfValue(value, start);
    values.push(trimWhitespace(value.slice(start, end)));
    start = startOfValue(value, end);
  }
  return values;
}

/** The first value, trimmed; '' where there is none. */
export function firstOfList(value: string): string {
  if (!value.includes(',')) return value;
  const start = startOfValue(value, 0);
  return trimWhitespace(value.slice(start, endOfValue(value, start)));
}

/** What follows the first value and its comma, as written; '' where nothing does. */
export function restOfList(value: string): string {
  if (!value.includes(',')) return '';
  const end = endOfValue(value, startOfValue(value, 0));
  return value.slice(startOfValue(value, end));
}

/** Where the next value that is not empty starts, or the length. */
function startOfValue(value: string, from: number): number {
  let at = from;
  while (at < value.length && (value.charCodeAt(at) === comma || isWhitespace(value.charCodeAt(at)))) at += 1;
  return at;
}

/** Where the comma after the value at `from` stands, or the length. */
function endOfValue(value: string, from: number): number {
  let inQuotes = false;
  let inBrackets = false;
  for (let at = from; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (inQuotes) {
      if (code === backslash) at += 1;
      else if (code === quote) inQuotes = false;
    } else if (code === quote) inQuotes = !inBrackets;
    else if (code === open) inBrackets = true;
    else if (code === close) inBrackets = false;
    else if (code === comma && !inBrackets) return at;
  }
  return value.length;
}

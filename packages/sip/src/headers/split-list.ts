/**
 * Splits a header field value at its commas (RFC 3261 7.3.1), but not at those in quotes or angle brackets.
 *
 * @module
 */
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
  let start = 0;
  let inQuotes = false;
  let inBrackets = false;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (inQuotes) {
      if (code === backslash) at += 1;
      else if (code === quote) inQuotes = false;
    } else if (code === quote) inQuotes = !inBrackets;
    else if (code === open) inBrackets = true;
    else if (code === close) inBrackets = false;
    else if (code === comma && !inBrackets) {
      push(values, value.slice(start, at));
      start = at + 1;
    }
  }
  push(values, value.slice(start));
  return values;
}

function push(values: string[], text: string): void {
  const trimmed = trimWhitespace(text);
  if (trimmed !== '') values.push(trimmed);
}

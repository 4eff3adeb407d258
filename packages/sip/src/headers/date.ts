/**
 * The Date header field (RFC 3261 20.17): RFC 1123 in one form, and GMT always.
 *
 *     SIP-date = wkday "," SP 2DIGIT SP month SP 4DIGIT SP time SP "GMT"
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Milliseconds since 1970, on the scale of `Date.now()`. The day of the week must be that of the date.
 *
 * @throws {HeaderMalformed} no such day or time, or another zone than GMT.
 */
export function parseDate(value: string): number {
  const scanner = new Scanner('Date', value);
  const weekday = readWord(scanner, weekdays, 'day of the week');
  scanner.separator(',');
  const dayAt = scanner.offset;
  const day = readDigits(scanner, 2, 31, 'day');
  scanner.whitespace();
  const month = readWord(scanner, months, 'month');
  scanner.whitespace();
  const year = readDigits(scanner, 4, 9_999, 'year');
  scanner.whitespace();
  const [hours, minutes, seconds] = readTime(scanner);
  scanner.whitespace();
  scanner.keyword('GMT');
  scanner.end();

  // A leap second is taken for the one before it: there is no other way to write it in milliseconds.
  const timeMs = Date.UTC(year, month, day, hours, minutes, Math.min(seconds, 59));
  const date = new Date(timeMs);
  if (year < 1970 || date.getUTCDate() !== day) scanner.fail('day that exists', dayAt);
  if (date.getUTCDay() !== weekday) scanner.fail('day of the week of this date', 0);
  return timeMs;
}

/** Writes milliseconds since 1970, to the second. @throws {TypeError} no time, or a year beyond 9999. */
export function formatDate(timeMs: number): string {
  const date = new Date(timeMs);
  const year = date.getUTCFullYear();
  if (!(year >= 1970 && year <= 9_999)) throw new TypeError('expected a time from 1970 to 9999');
  // ECMAScript prescribes this very form for toUTCString.
  return date.toUTCString();
}

function readTime(scanner: Scanner): readonly [hours: number, minutes: number, seconds: number] {
  const hours = readDigits(scanner, 2, 23, 'hours');
  scanner.separator(':');
  const minutes = readDigits(scanner, 2, 59, 'minutes');
  scanner.separator(':');
  const seconds = readDigits(scanner, 2, 60, 'seconds');
  return [hours, minutes, seconds];
}

function readDigits(scanner: Scanner, length: number, max: number, expected: string): number {
  const start = scanner.offset;
  const text = scanner.digits(expected);
  if (text.length !== length || Number(text) > max) scanner.fail(expected, start);
  return Number(text);
}

/** The place of the word in `words`, whatever its case. */
function readWord(scanner: Scanner, words: readonly string[], expected: string): number {
  const start = scanner.offset;
  const word = scanner.token(expected).toLowerCase();
  const index = words.findIndex((each) => each.toLowerCase() === word);
  if (index < 0) scanner.fail(expected, start);
  return index;
}

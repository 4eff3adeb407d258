/**
 * Parameters as nearly all are written (RFC 3261 7.3.1): names in lower case, no white space, no quotes.
 *
 * For the many values that come in this form this takes a fraction of what the {@link Scanner} does, which takes all.
 *
 * @module
 */
import { endOfRun, lowerTokenClass, parameterValueClass } from './characters.ts';

const semicolon = 59;
const equals = 61;
const lowerToken: number = lowerTokenClass;
const parameterValue: number = parameterValueClass;
export const noParams: ReadonlyMap<string, string> = new Map();

/** The parameters that fill `text` from `start` to `end`; undefined where they are not plain, or more than `most`. */
export function plainParams(
  text: string,
  start: number,
  end: number,
  most: number,
): ReadonlyMap<string, string> | undefined {
  if (start >= end) return noParams;
  const params = new Map<string, string>();
  let count = 0;
  for (let at = start; at < end; count += 1) {
    const nameEnd = endOfRun(text, at + 1, lowerToken, end);
    if (text.charCodeAt(at) !== semicolon || nameEnd === at + 1 || count >= most) return undefined;
    const name = text.slice(at + 1, nameEnd);
    at = nameEnd;
    if (at < end && text.charCodeAt(at) === equals) {
      at = endOfRun(text, nameEnd + 1, parameterValue, end);
      if (at === nameEnd + 1) return undefined;
      params.set(name, text.slice(nameEnd + 1, at));
    } else params.set(name, '');
  }
  return params.size === count ? params : undefined;
}

/**
 * The Retry-After header field (RFC 3261 20.33).
 *
 *     Retry-After = delta-seconds [ comment ] *( SEMI retry-param )
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { formatParams } from '../grammar/format-params.ts';
import type { GrammarLimits } from '../grammar/grammar-limits.ts';
import { Scanner } from '../grammar/scanner.ts';
import { requireNumber } from './require-number.ts';

/** When to ask again. */
export interface RetryAfter {
  /** Seconds, 0 to 2^32 - 1. */
  readonly seconds: number;
  /** With its parentheses, as written; undefined where there is none. */
  readonly comment: string | undefined;
  /** Names in lower case; `duration` is how long the callee will be there, in seconds. */
  readonly params: ReadonlyMap<string, string>;
}

const max = 4_294_967_295;

/** @throws {HeaderMalformed} @throws {MessageTooLarge} more comments within comments, or parameters, than `limits` allow. */
export function parseRetryAfter(value: string, limits?: Partial<GrammarLimits>): RetryAfter {
  const scanner = new Scanner('Retry-After', value, limits);
  const seconds = scanner.number('seconds below 2^32', max);
  const comment = scanner.comment();
  const params = scanner.params();
  scanner.end();
  return { seconds, comment, params };
}

/** @throws {TypeError} seconds out of range, what stands as comment is none, or parameters out of the grammar. */
export function formatRetryAfter({ seconds, comment, params }: RetryAfter): string {
  if (comment !== undefined && !isComment(comment)) throw new TypeError('expected a comment in parentheses');
  return `${requireNumber(seconds, 'seconds', max)}${comment === undefined ? '' : ` ${comment}`}${formatParams(params)}`;
}

function isComment(text: string): boolean {
  // A NUL may stand there as quoted-pair (RFC 3261 25.1).
  if (/[\r\n]|(?<!\\)\0/u.test(text)) return false;
  try {
    return new Scanner('comment', text).comment() === text;
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}

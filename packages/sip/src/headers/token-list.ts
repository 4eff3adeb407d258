/**
 * Header fields that list tokens: Require, Proxy-Require, Supported, Unsupported, Allow, Allow-Events, Recv-Info
 * (RFC 3261 20.5, 20.29, 20.32, 20.37, 20.40).
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { Scanner } from '../grammar/scanner.ts';
import type { Headers } from './headers.ts';

/**
 * The tokens of header field `name` from top to bottom, as written; empty where there are none. Option tags and event
 * packages compare without regard to case, methods with it.
 *
 * @throws {HeaderMalformed}
 */
export function findTokens(headers: Headers, name: string): readonly string[] {
  return headers.all(name).map((value) => {
    const scanner = new Scanner(name, value);
    const token = scanner.token();
    scanner.end();
    return token;
  });
}

/** Whether the list `name` holds `token`, whatever its case. @throws {HeaderMalformed} */
export function hasToken(headers: Headers, name: string, token: string): boolean {
  const wanted = token.toLowerCase();
  return findTokens(headers, name).some((each) => each.toLowerCase() === wanted);
}

/** One header field value, e.g. `100rel, timer`. @throws {TypeError} one of them is no token. */
export function formatTokens(tokens: readonly string[]): string {
  if (!tokens.every(isToken)) throw new TypeError('expected tokens');
  return tokens.join(', ');
}

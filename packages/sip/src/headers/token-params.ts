/**
 * A token with parameters, as in Info-Package, Recv-Info and Content-Disposition (RFC 6086 7.2, RFC 3261 20.11).
 *
 *     token *( SEMI generic-param )
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import { requireToken } from './require-token.ts';

/** A token, and what is said of it. */
export interface TokenParams {
  /** As written. */
  readonly token: string;
  /** Names in lower case, values as written. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseTokenParams(value: string, header: string, expected: string): TokenParams {
  const scanner = new Scanner(header, value);
  const token = scanner.token(expected);
  const params = scanner.params();
  scanner.end();
  return { token, params };
}

/** @throws {TypeError} no token, or parameters out of the grammar. */
export function formatTokenParams({ token, params }: TokenParams): string {
  return `${requireToken(token, 'what the parameters belong to')}${formatParams(params)}`;
}

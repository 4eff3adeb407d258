/**
 * The Info-Package header field (RFC 6086 7.2).
 *
 *     Info-Package      = "Info-Package" HCOLON Info-package-type
 *     Info-package-type = token *( SEMI generic-param )
 *
 * @module
 */
import { formatTokenParams, parseTokenParams } from './token-params.ts';

/** A package and what is said of it. */
export interface InfoPackage {
  /** As written; names of packages compare without regard to case. */
  readonly name: string;
  /** Names in lower case, values as written. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseInfoPackage(value: string, header = 'Info-Package'): InfoPackage {
  const { token, params } = parseTokenParams(value, header, 'package name');
  return { name: token, params };
}

/** @throws {TypeError} no token for a name, or parameters out of the grammar. */
export function formatInfoPackage({ name, params }: InfoPackage): string {
  return formatTokenParams({ token: name, params });
}

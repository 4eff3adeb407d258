/**
 * The Content-Disposition header field: what a body is for (RFC 3261 20.11).
 *
 *     Content-Disposition = disp-type *( SEMI disp-param )
 *     disp-type           = "render" / "session" / "icon" / "alert" / disp-extension-token
 *     disp-param          = handling-param / generic-param
 *
 * @module
 */
import { formatTokenParams, parseTokenParams } from './token-params.ts';

/** What a body is for. */
export interface ContentDisposition {
  /** In lower case: `session`, `render`, `early-session` (RFC 3959), `info-package` (RFC 6086), or an extension. */
  readonly type: string;
  /** Names in lower case, values as written; `handling` is `required` unless it says `optional`. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseContentDisposition(value: string): ContentDisposition {
  const { token, params } = parseTokenParams(value, 'Content-Disposition', 'disposition type');
  return { type: token.toLowerCase(), params };
}

/** @throws {TypeError} no token for a type, or parameters out of the grammar. */
export function formatContentDisposition({ type, params }: ContentDisposition): string {
  return formatTokenParams({ token: type, params });
}

/**
 * The Reason header field (RFC 3326 2): why a request was sent, or in a response by RFC 6432 what another network said.
 *
 *     Reason-value  = protocol *( SEMI reason-params )
 *     protocol      = "SIP" / "Q.850" / token
 *     reason-params = "cause" EQUAL 1*DIGIT / "text" EQUAL quoted-string / generic-param
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { quoted, unquote } from '../grammar/quoted-string.ts';
import { Scanner } from '../grammar/scanner.ts';
import { findWholeNumber } from './param-values.ts';
import { requireNumber } from './require-number.ts';
import { requireToken } from './require-token.ts';

/** One value of the list; a message carries at most one of each protocol (RFC 3326 2). */
export interface Reason {
  /** `SIP`, `Q.850` or another, as written; compare without regard to case. */
  readonly protocol: string;
  /** A status code for `SIP`, a cause value of ITU-T Q.850 for `Q.850`. */
  readonly cause: number | undefined;
  /** Without quotes and escapes. */
  readonly text: string | undefined;
  /** All other parameters, names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

const maxCause = 4_294_967_295;
const known = new Set(['cause', 'text']);

/** Reads one value. @throws {HeaderMalformed} */
export function parseReason(value: string): Reason {
  const scanner = new Scanner('Reason', value);
  const protocol = scanner.token('protocol');
  const start = scanner.offset;
  const params = scanner.params();
  scanner.end();
  const cause = findWholeNumber(params.get('cause'), maxCause);
  if (cause === undefined && params.has('cause')) scanner.fail('a number in cause', start);
  const text = params.get('text');
  if (text === '') scanner.fail('a value in text', start);
  return {
    protocol,
    cause,
    text: text === undefined ? undefined : unquote(text),
    params: new Map([...params].filter(([name]) => !known.has(name))),
  };
}

/** @throws {TypeError} a part of it could break out of the header field, or a cause that is no whole number. */
export function formatReason({ protocol, cause, text, params }: Reason): string {
  const number = cause === undefined ? '' : `;cause=${requireNumber(cause, 'a cause', maxCause)}`;
  const words = text === undefined ? '' : `;text=${quoted(text)}`;
  return `${requireToken(protocol, 'a protocol')}${number}${words}${formatParams(params)}`;
}

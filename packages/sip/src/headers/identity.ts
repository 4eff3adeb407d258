/**
 * The Identity header field (RFC 8224 4).
 *
 *     Identity = signed-identity-digest SEMI ident-info *( SEMI ident-info-params )
 *
 * @module
 */

import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';

/** A signature over who calls; nothing of it was verified. */
export interface Identity {
  /** The PASSporT: three parts in base64url with dots between, the first two empty in the compact form (RFC 8225 7). */
  readonly passport: string;
  /** Absolute URI of the certificate, without brackets. */
  readonly info: string;
  /** Names in lower case, values as written: `alg` (ES256 where absent), `ppt` and others. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseIdentity(value: string): Identity {
  const semicolon = value.indexOf(';');
  const passport = (semicolon < 0 ? value : value.slice(0, semicolon)).trimEnd();
  const scanner = new Scanner('Identity', value);
  if (!isPassport(passport)) scanner.fail('PASSporT', 0);
  scanner.until(';');
  scanner.separator(';');
  scanner.keyword('info');
  scanner.separator('=');
  const start = scanner.offset + 1;
  scanner.separator('<');
  const info = scanner.until('>');
  scanner.separator('>');
  if (!isAbsoluteUri(info)) scanner.fail('absolute URI', start);
  const params = scanner.params();
  scanner.end();
  return { passport, info, params };
}

/** @throws {TypeError} the PASSporT or the URI could break out of its place. */
export function formatIdentity({ passport, info, params }: Identity): string {
  if (!isPassport(passport)) throw new TypeError('expected a PASSporT');
  if (!isAbsoluteUri(info)) throw new TypeError('expected an absolute URI');
  return `${passport};info=<${info}>${formatParams(params)}`;
}

function isPassport(text: string): boolean {
  const parts = text.split('.', 4);
  const [header = '', payload = '', signature = ''] = parts;
  const isCompact = header === '' && payload === '';
  const isFull = header !== '' && payload !== '';
  return parts.length === 3 && signature !== '' && (isCompact || isFull) && /^[A-Za-z0-9\-_.]+$/u.test(text);
}

function isAbsoluteUri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+\-.]*:[!-;=?-~]+$/u.test(text) && !text.includes('"');
}

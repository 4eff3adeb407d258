/**
 * Authorization, WWW-Authenticate and their proxy forms (RFC 3261 20.7, 20.44; Bearer by RFC 8898).
 *
 *     credentials = scheme LWS ( token68 / auth-param *( COMMA auth-param ) )
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { quoted } from '../grammar/quoted-string.ts';
import { Scanner } from '../grammar/scanner.ts';
import type { Headers } from './headers.ts';

/** Credentials of any scheme that has parameters. */
export interface Authorization {
  /** As written, e.g. `Digest`; compare without regard to case. */
  readonly scheme: string;
  /** Names in lower case, values without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseAuthorization(value: string, header = 'Authorization'): Authorization {
  const scanner = new Scanner(header, value);
  const scheme = scanner.token('scheme');
  scanner.whitespace();
  const params = scanner.authParams();
  scanner.end();
  return { scheme, params };
}

// RFC 3261 25.1 wants these without quotes, where they are tokens; everything else is quoted, or a value could bring
// parameters of its own.
const unquotedParams = new Set(['algorithm', 'nc', 'stale']);
// The qop of a challenge is quoted, that of credentials is not.
const isCredentialsQop = (name: string, params: Readonly<Record<string, string>>): boolean =>
  name === 'qop' && 'cnonce' in params;

/**
 * Writes a header field value, e.g. `Digest username="alice",realm="ims.example"`, in the order of `params`.
 *
 * @throws {TypeError} the scheme or a name is no token.
 */
export function formatAuthorization(scheme: string, params: Readonly<Record<string, string>>): string {
  if (!isToken(scheme)) throw new TypeError('expected a token for a scheme');
  const written = Object.entries(params).map(([name, value]) => {
    if (!isToken(name)) throw new TypeError('expected a token for a parameter name');
    const isBare = unquotedParams.has(name) || isCredentialsQop(name, params);
    return `${name}=${isBare && isToken(value) ? value : quoted(value)}`;
  });
  return `${scheme} ${written.join(',')}`;
}

const bearer = /^bearer(?:[ \t]|$)/iu;

/** Whether a Bearer credential is presented at all, well formed or not. */
export function hasBearerCredentials(headers: Headers): boolean {
  return headers.all('Authorization').some((value) => bearer.test(value));
}

/**
 * The Bearer token of a request, in either spelling: `Bearer <token>` (RFC 8898 2.1.1, RFC 6750) or
 * `Bearer access_token="<token>"` (TS 24.371 A.3.2). Undefined where no Bearer credentials are presented.
 *
 * @throws {HeaderMalformed} the token is no b64token (RFC 6750 2.1), or there are several.
 */
export function findBearerToken(headers: Headers): string | undefined {
  const values = headers.all('Authorization').filter((value) => bearer.test(value));
  const [value] = values;
  if (value === undefined) return undefined;
  const scanner = new Scanner('Authorization', value);
  if (values.length > 1) scanner.fail('one Bearer credential', 0);
  scanner.keyword('Bearer');
  scanner.whitespace();
  const start = scanner.offset;
  const text = scanner.rest();
  const token = /^access_token[ \t]*=/iu.test(text) ? parseAuthorization(value).params.get('access_token') : text;
  if (token === undefined || !isB64Token(token)) scanner.fail('token', start);
  return token;
}

/** b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" */
function isB64Token(text: string): boolean {
  return /^[A-Za-z0-9\-._~+/]+=*$/u.test(text);
}

/**
 * Digest credentials in Authorization and Proxy-Authorization (RFC 3261 20.7, 20.28, 25.1; RFC 7616 3.4).
 *
 *     digest-response = dig-resp *( COMMA dig-resp )
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { Scanner } from '../grammar/scanner.ts';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { AuthParams, formatAuthParams, formatNonceCount } from './authorization-params.ts';

/** Values are without quotes and escapes. */
export interface DigestCredentials {
  /** In clear, from `username` or `username*`; a hash in hexadecimal digits where `userhash` says so. */
  readonly username: string;
  readonly userhash: boolean;
  readonly realm: string;
  readonly nonce: string;
  /** digest-uri: the Request-URI as it was when the response was computed. */
  readonly uri: string;
  /** Hexadecimal digits; '' in the first REGISTER of an IMS (TS 24.229 5.1.1.2). */
  readonly response: string;
  /** As written; undefined means MD5. */
  readonly algorithm: string | undefined;
  readonly cnonce: string | undefined;
  readonly opaque: string | undefined;
  /** Lower case; undefined by RFC 2069. */
  readonly qop: string | undefined;
  /** 0 to 0xffffffff. */
  readonly nonceCount: number | undefined;
  /** Everything else, e.g. `integrity-protected`, `auts`: names in lower case, values without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

/** Whether a header field value holds Digest credentials, well formed or not. */
export function isDigest(value: string): boolean {
  return /^digest(?:[ \t]|$)/iu.test(value);
}

/**
 * @throws {HeaderMalformed} another scheme, a parameter twice or missing, or qop without cnonce and nc (RFC 7616 3.4).
 */
export function parseDigestCredentials(value: string, header = 'Authorization'): DigestCredentials {
  const scanner = new Scanner(header, value);
  scanner.keyword('Digest');
  scanner.whitespace();
  const params = AuthParams.readToEnd(scanner);
  const qop = params.takeToken('qop')?.toLowerCase();
  const credentials = {
    ...readUsername(params),
    realm: params.need('realm'),
    nonce: params.need('nonce'),
    uri: params.need('uri'),
    response: readResponse(params),
    algorithm: params.takeToken('algorithm'),
    cnonce: qop === undefined ? params.take('cnonce') : params.need('cnonce'),
    opaque: params.take('opaque'),
    qop,
    nonceCount: params.takeNonceCount(),
  };
  if (qop !== undefined && credentials.nonceCount === undefined) params.need('nc');
  return { ...credentials, params: params.rest() };
}

/**
 * Writes credentials with the quotes RFC 3261 25.1 wants: `algorithm`, `qop` and `nc` bare, all others quoted.
 *
 * @throws {TypeError} a value that the grammar has no place for.
 */
export function formatDigestCredentials(credentials: DigestCredentials): string {
  const { username, userhash, algorithm, qop, nonceCount, params } = credentials;
  if (algorithm !== undefined && !isToken(algorithm)) throw new TypeError('algorithm: expected a token');
  if (qop !== undefined && !isToken(qop)) throw new TypeError('qop: expected a token');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no quoted string may hold.
  const isExtended = !userhash && /[\u0000-\u001f\u007f]/u.test(username);
  const name = isExtended ? (['username*', formatExtValue(username)] as const) : (['username', username] as const);
  const fields = [
    name,
    ['realm', credentials.realm],
    ['nonce', credentials.nonce],
    ['uri', credentials.uri],
    ['response', credentials.response],
    ['algorithm', algorithm],
    ['cnonce', credentials.cnonce],
    ['opaque', credentials.opaque],
    ['qop', qop],
    ['nc', nonceCount === undefined ? undefined : formatNonceCount(nonceCount)],
    ['userhash', userhash ? 'true' : undefined],
    ...params,
  ] as const;
  return `Digest ${formatAuthParams(fields, { bareQop: true })}`;
}

/** RFC 7616 3.4: either `username` or `username*`, and no hash in the latter. */
function readUsername(params: AuthParams): Pick<DigestCredentials, 'username' | 'userhash'> {
  const userhash = params.takeFlag('userhash');
  const extended = params.take('username*');
  if (extended === undefined) return { username: params.need('username'), userhash };
  if (userhash) params.fail('username*', 'username beside userhash');
  if (params.take('username') !== undefined) params.fail('username*', 'one user name');
  const username = parseExtValue(extended);
  return username === undefined ? params.fail('username*', "UTF-8''value") : { username, userhash };
}

function readResponse(params: AuthParams): string {
  const response = params.need('response');
  return /^[0-9a-f]*$/iu.test(response) ? response : params.fail('response', 'hexadecimal digits');
}

/** ext-value = charset "'" [ language ] "'" value-chars, with UTF-8 the one charset (RFC 8187 3.2). */
function parseExtValue(text: string): string | undefined {
  const [charset, language, value, ...more] = text.split("'", 4);
  if (charset?.toLowerCase() !== 'utf-8' || language === undefined || value === undefined || more.length > 0) {
    return undefined;
  }
  const octets: number[] = [];
  for (let at = 0; at < value.length; at += 1) {
    if (value[at] !== '%') octets.push(value.charCodeAt(at));
    else {
      const digits = value.slice(at + 1, at + 3);
      if (!/^[0-9a-f]{2}$/iu.test(digits)) return undefined;
      octets.push(Number.parseInt(digits, 16));
      at += 2;
    }
  }
  return octets.some((octet) => octet > 255) ? undefined : decodeUtf8(Uint8Array.from(octets));
}

/** Those attr-char of RFC 8187 3.2.1 that are token characters here as they are, all other octets by percent. */
function formatExtValue(text: string): string {
  let value = '';
  for (const octet of encodeUtf8(text)) {
    const character = String.fromCharCode(octet);
    value += /^[A-Za-z0-9!+\-._`~]$/u.test(character)
      ? character
      : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return `UTF-8''${value}`;
}

/**
 * Authentication-Info and Proxy-Authentication-Info (RFC 3261 20.6, 25.1; RFC 7616 3.5; RFC 7615).
 *
 *     ainfo = nextnonce / message-qop / response-auth / cnonce / nonce-count
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { Scanner } from '../grammar/scanner.ts';
import { AuthParams, formatAuthParams, formatNonceCount } from './authorization-params.ts';

/** What a server says beside a response; each value is undefined where it is absent. */
export interface AuthenticationInfo {
  /** The nonce to use for the next request. */
  readonly nextNonce: string | undefined;
  /** Lower case; the protection of this response. */
  readonly qop: string | undefined;
  /** The server's proof that it knows the secret: hexadecimal digits. */
  readonly rspauth: string | undefined;
  /** That of the request. */
  readonly cnonce: string | undefined;
  /** That of the request, 0 to 0xffffffff. */
  readonly nonceCount: number | undefined;
  /** Everything else: names in lower case, values without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

/** @throws {HeaderMalformed} */
export function parseAuthenticationInfo(value: string, header = 'Authentication-Info'): AuthenticationInfo {
  const params = AuthParams.readToEnd(new Scanner(header, value));
  const info = {
    nextNonce: params.take('nextnonce'),
    qop: params.takeToken('qop')?.toLowerCase(),
    rspauth: params.take('rspauth'),
    cnonce: params.take('cnonce'),
    nonceCount: params.takeNonceCount(),
  };
  if (info.rspauth !== undefined && !/^[0-9a-f]*$/iu.test(info.rspauth)) {
    params.fail('rspauth', 'hexadecimal digits');
  }
  return { ...info, params: params.rest() };
}

/** The inverse of {@link parseAuthenticationInfo}. @throws {TypeError} a value that the grammar has no place for. */
export function formatAuthenticationInfo(info: AuthenticationInfo): string {
  const { nextNonce, qop, rspauth, cnonce, nonceCount, params } = info;
  if (qop !== undefined && !isToken(qop)) throw new TypeError('qop: expected a token');
  const fields = [
    ['nextnonce', nextNonce],
    ['qop', qop],
    ['rspauth', rspauth],
    ['cnonce', cnonce],
    ['nc', nonceCount === undefined ? undefined : formatNonceCount(nonceCount)],
    ...params,
  ] as const;
  return formatAuthParams(fields, { bareQop: true });
}

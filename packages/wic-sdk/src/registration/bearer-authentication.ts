/**
 * Authentication by an access token (TS 33.203 X.3.2.3 step 3, TS 24.371 A.3.2, RFC 8898).
 *
 * @module
 */
import { formatAuthorization } from '@wicgate/sip';
import type { Authentication } from './authentication.ts';

/** `Bearer access_token="…"` (TS 24.371 A.3.2), or `Bearer …` (RFC 8898). */
export type BearerSyntax = 'TS 24.371' | 'RFC 8898';

/** For one try: the next one gets a token of its own. */
export function createBearerAuthentication(accessToken: string, syntax: BearerSyntax): Authentication {
  const value =
    syntax === 'RFC 8898' ? `Bearer ${accessToken}` : formatAuthorization('Bearer', { access_token: accessToken });
  return {
    scheme: 'web',
    impi: undefined,
    authorize: (request) => ({ ...request, headers: request.headers.with('Authorization', value) }),
    judge: () => undefined,
  };
}

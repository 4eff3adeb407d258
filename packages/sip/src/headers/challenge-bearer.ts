/**
 * The Bearer challenge (RFC 8898 4; RFC 6750 3).
 *
 * @module
 */
import { type AuthParams, formatAuthParams } from './authorization-params.ts';

/** Values are without quotes and escapes; undefined where absent. */
export interface BearerChallenge {
  readonly scheme: 'Bearer';
  readonly realm: string | undefined;
  /** The scope a token must have, values with spaces between (RFC 6749 3.3). */
  readonly scope: string | undefined;
  /** URI of the server that gives out tokens. */
  readonly authzServer: string | undefined;
  /** Why the token was refused, e.g. `invalid_token` (RFC 6750 3.1). */
  readonly error: string | undefined;
  /** Everything else: names in lower case, values without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

/** Takes a challenge from the parameters that {@link parseChallenges} read. */
export function readBearerChallenge(params: AuthParams): BearerChallenge {
  const realm = params.take('realm');
  const scope = params.take('scope');
  const authzServer = params.take('authz_server');
  const error = params.take('error');
  return { scheme: 'Bearer', realm, scope, authzServer, error, params: params.rest() };
}

/** @throws {TypeError} a value that the grammar has no place for. */
export function formatBearerChallenge({ realm, scope, authzServer, error, params }: BearerChallenge): string {
  const fields = [
    ['realm', realm],
    ['scope', scope],
    ['authz_server', authzServer],
    ['error', error],
    ...params,
  ] as const;
  const text = formatAuthParams(fields, { bareQop: false });
  return text === '' ? 'Bearer' : `Bearer ${text}`;
}

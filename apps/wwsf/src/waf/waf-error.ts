/**
 * What an error of the OpenID Connect library means to us.
 *
 * @module
 */
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { GrantRefused, SignInDenied, SignInFailed, WafDisagrees, WafUnavailable, WwsfError } from '../errors.ts';

const inTrouble = new Set(['server_error', 'temporarily_unavailable']);
const refusals = new Set(['invalid_grant', 'access_denied']);
/** The library's codes for a WAF that was reached but gave no usable answer. */
const noAnswer = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

/** @throws {unknown} what is neither ours nor the library's: a fault of this program. */
export function readWafError(error: unknown): WwsfError {
  if (error instanceof WwsfError) return error;
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') return new SignInDenied();
    return inTrouble.has(error.error) ? new WafUnavailable(error.error) : new SignInFailed('the WAF refused');
  }
  if (error instanceof ResponseBodyError) {
    if (refusals.has(error.error)) return new GrantRefused();
    const isInTrouble = inTrouble.has(error.error) || error.status >= 500 || error.status === 429;
    return isInTrouble ? new WafUnavailable(`status ${error.status}`) : new WafDisagrees(`status ${error.status}`);
  }
  if (error instanceof WWWAuthenticateChallengeError) return new WafDisagrees(`status ${error.status}`);
  if (error instanceof ClientError) {
    if (error.code === undefined) return new WafUnavailable(networkCode(error.cause));
    return noAnswer.has(error.code) ? new WafUnavailable(error.code) : new WafDisagrees(error.code);
  }
  throw error;
}

function networkCode(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'no connection';
}

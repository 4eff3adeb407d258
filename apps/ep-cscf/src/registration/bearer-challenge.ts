/**
 * The Bearer challenge (RFC 8898 3, RFC 6750 3).
 *
 * @module
 */
import { quoted } from '@wicgate/sip';
import type { BearerFault } from '../errors.ts';

export interface BearerChallengeOptions {
  readonly homeDomain: string;
  readonly issuer: string;
  readonly scope: string;
}

export type BearerChallenge = (error: BearerFault | undefined) => string;

/** Writes the value of WWW-Authenticate; without `error` where no credentials were presented (RFC 6750 3.1). */
export function createBearerChallenge({ homeDomain, issuer, scope }: BearerChallengeOptions): BearerChallenge {
  const challenge = `Bearer realm=${quoted(homeDomain)},authz_server=${quoted(issuer)},scope=${quoted(scope)}`;
  return (error) => (error === undefined ? challenge : `${challenge},error=${quoted(error)}`);
}

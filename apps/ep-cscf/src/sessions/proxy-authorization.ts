/**
 * The one kind of credentials that passes the eP-CSCF outside REGISTER: the answer to a challenge of the S-CSCF
 * (TS 33.203 N.2.1.2), from a user whom the core itself has authenticated.
 *
 * @module
 */
import {
  type DigestCredentials,
  formatDigestCredentials,
  type Headers,
  isDigest,
  parseDigestCredentials,
  SipError,
} from '@wicgate/sip';
import { canonicalImpi } from '../registration/private-identity.ts';
import type { RegisteredFlow } from '../registration/registered-flows.ts';

const header = 'Proxy-Authorization';

/**
 * The answer for the realm of the home network, by the user that the flow is bound to; undefined where there is none,
 * or more than one. Whoever has a token is not asked (Annex N is not for them), so theirs is not read.
 */
export function findProxyAuthorization(
  headers: Headers,
  flow: RegisteredFlow | undefined,
  homeDomain: string,
): string | undefined {
  if (flow === undefined || flow.authorization !== undefined) return undefined;
  const answers = headers
    .all(header)
    .filter(isDigest)
    .flatMap(readAnswer)
    .filter(({ realm }) => realm === homeDomain);
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) return undefined;
  if (answer.userhash || canonicalImpi(answer.username) !== flow.name.impi) return undefined;
  // Parameters beside those of Digest are for nodes of the trust domain to write (TS 24.229 7.2A.2).
  return formatDigestCredentials({ ...answer, params: new Map() });
}

/** What cannot be read is for nobody. */
function readAnswer(value: string): readonly DigestCredentials[] {
  try {
    return [parseDigestCredentials(value, header)];
  } catch (error) {
    if (error instanceof SipError) return [];
    throw error;
  }
}

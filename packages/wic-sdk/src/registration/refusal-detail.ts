/**
 * What a 403 to a REGISTER says beside that it refuses.
 *
 * A gateway says it in the Bearer challenge (RFC 6750 3.1), else networks say it in the reason phrase alone: the only
 * warning that would fit forbids programs to act on it (399, RFC 3261 20.43), and Reason is not for this status
 * (RFC 3326 2). So the phrase decides on the words for the person and on nothing else; another one is a plain refusal.
 *
 * @module
 */
import type { SipResponse } from '@wicgate/sip';
import type { RefusalDetail } from '../wic.ts';

/** In lower case, as our eP-CSCF and S-CSCF write them (TS 33.203 X.3.1, X.3.2.3 step 6.2, X.4.1). */
const phrases: ReadonlyMap<string, RefusalDetail> = new Map([
  ['identity not granted', 'identity not granted'],
  ['identity outside the pool', 'identity outside pool'],
  ['authorization entity or web server not allowed for this subscription', 'third party not allowed'],
  ['authorization entity or web server barred', 'third party barred'],
]);

/** Undefined where it says nothing that we know. */
export function findRefusalDetail(response: SipResponse): RefusalDetail | undefined {
  if (response.statusCode !== 403) return undefined;
  if (namesTokenFault(response, 'insufficient_scope')) return 'token refused';
  return phrases.get(response.reasonPhrase.toLowerCase());
}

/** Whether a Bearer challenge carries this `error` (RFC 6750 3.1). */
export function namesTokenFault({ headers }: SipResponse, error: 'invalid_token' | 'insufficient_scope'): boolean {
  const ofBearer = headers.all('WWW-Authenticate').filter((value) => /^bearer\b/iu.test(value));
  return ofBearer.some((value) => /\berror="?(\w+)/iu.exec(value)?.[1]?.toLowerCase() === error);
}

/**
 * SIP Digest credentials as an S-CSCF gets them, in MAA and PPR (TS 29.229 6.3.36).
 *
 * @module
 */
import type { DigestAuthDataItem } from '@wicgate/cx';
import type { DigestCredential } from './subscription.ts';

/** Digest-HA1 stays that of MD5; what is stronger stands beside it. `realm` is that of the credentials. */
export function digestAuthDataOf({ md5, sha256 }: DigestCredential, realm: string): DigestAuthDataItem {
  const alternates = sha256 === undefined ? [] : [{ algorithm: 'SHA-256', ha1: sha256 } as const];
  return { scheme: 'SIP Digest', realm, qop: 'auth', algorithm: 'MD5', ha1: md5, alternates };
}

/**
 * What a challenge is made from, and what its answer is checked with: SIP Digest data (TS 33.203 N.2.1.1) or one AKA
 * vector (6.1.1, X.2.3.3; RFC 3310, RFC 4169).
 *
 * @module
 */
import { akaDigestPassword, formatAkaNonce } from '@wicgate/aka';
import type { AkaAuthDataItem, DigestAuthDataItem } from '@wicgate/cx';
import { createHa1, type DigestClaim } from '@wicgate/sip';

export type AuthenticationData = PasswordData | VectorData;

export interface PasswordData {
  readonly scheme: 'SIP Digest';
  /** Undefined for a user whom the HSS does not know: challenged all the same, so that nobody can tell. */
  readonly item: DigestAuthDataItem | undefined;
}

/** One vector, good for one challenge (6.1.1). */
export interface VectorData {
  readonly scheme: 'IMS AKA' | 'IMS AKA over TLS';
  readonly algorithm: 'AKAv1-MD5' | 'AKAv2-SHA-256';
  readonly item: AkaAuthDataItem;
  /** The vector is the user's; else it is random octets that no ISIM takes for the network's. */
  readonly isKnown: boolean;
  /** The sender set up security associations with the user: it gets CK and IK (6.1.1). Never over TLS (X.2.3.3). */
  readonly isForIpsec: boolean;
}

export function isKnown(data: AuthenticationData): boolean {
  return data.scheme === 'SIP Digest' ? data.item !== undefined : data.isKnown;
}

/** Offered in this order, the strongest first (RFC 8760 2.3). Who does not exist is offered what most users are. */
export function algorithmsOf(data: AuthenticationData): readonly string[] {
  if (data.scheme !== 'SIP Digest') return [data.algorithm];
  return data.item !== undefined && data.item.alternates.length === 0 ? ['MD5'] : ['SHA-256', 'MD5'];
}

/** Base64 of RAND and AUTN (RFC 3310 3.2); undefined leaves it to chance. */
export function nonceOf(data: AuthenticationData): string | undefined {
  if (data.scheme === 'SIP Digest') return undefined;
  const { sipAuthenticate } = data.item;
  return formatAkaNonce({ rand: sipAuthenticate.subarray(0, 16), autn: sipAuthenticate.subarray(16) });
}

/** What the challenge says beside (TS 24.229 5.4.1.2.1A). */
export function parametersOf(data: AuthenticationData): readonly (readonly [name: string, value: string])[] {
  if (data.scheme === 'SIP Digest' || !data.isForIpsec) return [];
  const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
  return [
    ['ik', hex(data.item.integrityKey)],
    ['ck', hex(data.item.confidentialityKey)],
  ];
}

/** The H(A1) of an answer; undefined where the user has none for its algorithm, or is nobody. */
export function ha1Of(data: AuthenticationData, { algorithm, username, realm }: DigestClaim): string | undefined {
  const { hash } = algorithm;
  if (data.scheme === 'SIP Digest') {
    const { item } = data;
    return hash === 'MD5' ? item?.ha1 : item?.alternates.find(({ algorithm: name }) => name === hash)?.ha1;
  }
  const { sipAuthorization: res, confidentialityKey: ck, integrityKey: ik } = data.item;
  const ha1 = createHa1(hash, { username, realm, password: akaDigestPassword(data.algorithm, { res, ck, ik }) });
  return data.isKnown ? ha1 : undefined;
}

/**
 * MAR and MAA: the S-CSCF asks for authentication data (TS 29.228 6.3).
 *
 * @module
 */
import type { BaseResult, ExperimentalResult } from './results.ts';

/**
 * SIP-Authentication-Scheme (TS 29.229 6.3.9), octet for octet; `SIP Digest` has a space.
 *
 * `Digest-AKAv1-MD5` stands for every version of AKA, AKAv2-SHA-256 included (NOTE 1).
 */
export type SipAuthenticationScheme =
  | 'Digest-AKAv1-MD5'
  | 'SIP Digest'
  | 'NASS-Bundled'
  | 'Early-IMS-Security'
  | 'Unknown';

export interface MultimediaAuthRequest {
  readonly impi: string;
  readonly impu: string;
  /** SIP URI of the asking S-CSCF; the HSS stores it. */
  readonly serverName: string;
  /** SIP-Number-Auth-Items: how many vectors are wanted, from 1 up. */
  readonly numberOfAuthItems: number;
  readonly sipAuthenticationScheme: SipAuthenticationScheme;
  /** SIP-Authorization: RAND|AUTS, 30 octets, after a failed synchronisation (TS 33.203 6.1.3). */
  readonly sipAuthorization: Uint8Array | undefined;
}

/** An AKA vector (TS 29.229 6.3.13). Secret but for `sipAuthenticate`. */
export interface AkaAuthDataItem {
  readonly scheme: 'Digest-AKAv1-MD5';
  /** RAND|AUTN, 32 octets. */
  readonly sipAuthenticate: Uint8Array;
  /** XRES. */
  readonly sipAuthorization: Uint8Array;
  readonly confidentialityKey: Uint8Array;
  readonly integrityKey: Uint8Array;
}

/** SIP Digest data (TS 29.229 6.3.36): never the password. */
export interface DigestAuthDataItem {
  readonly scheme: 'SIP Digest';
  readonly realm: string;
  readonly qop: 'auth';
  readonly algorithm: 'MD5';
  /** H(A1), 32 hexadecimal digits. Secret. */
  readonly ha1: string;
  /** Alternate-Digest-Algorithm and Alternate-Digest-HA1: stronger ones beside MD5; empty where only that is known. */
  readonly alternates: readonly AlternateDigest[];
}

export interface AlternateDigest {
  readonly algorithm: 'SHA-256';
  /** H(A1), 64 hexadecimal digits. Secret. */
  readonly ha1: string;
}

/** NASS bundled authentication (TS 29.229 6.3.13): the user is who the line belongs to. */
export interface NassBundledAuthDataItem {
  readonly scheme: 'NASS-Bundled';
  readonly lineIdentifiers: readonly string[];
}

/** To a MAR of the scheme `Unknown`, the scheme says how this user is authenticated. */
export type SipAuthDataItem = AkaAuthDataItem | DigestAuthDataItem | NassBundledAuthDataItem;

export type MultimediaAuthAnswer =
  | (BaseResult<'DIAMETER_SUCCESS'> & {
      /** First in, first used; each once. */
      readonly authItems: readonly SipAuthDataItem[];
    })
  | ExperimentalResult<
      | 'DIAMETER_ERROR_USER_UNKNOWN'
      | 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH'
      | 'DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED'
    >
  | BaseResult<'DIAMETER_UNABLE_TO_COMPLY'>;

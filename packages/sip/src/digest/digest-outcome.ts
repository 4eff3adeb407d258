/**
 * What comes of checking credentials. Being refused is ordinary, so it is an answer and no error.
 *
 * @module
 */
import type { DigestCredentials } from '../headers/authorization-digest.ts';
import type { DigestAlgorithm } from './digest-algorithm.ts';
import type { NonceVerdict } from './nonce-source.ts';

/** For logs only: the peer is told nothing but the next challenge. */
export type DigestRefusal =
  | 'no credentials'
  | 'malformed'
  | 'several credentials'
  | 'algorithm not offered'
  | 'qop not offered'
  | 'another uri'
  | 'unknown user'
  | 'wrong response';

/** The credentials are missing or wrong: challenge, or refuse. */
export interface DigestRefused {
  readonly kind: 'refused';
  readonly reason: DigestRefusal;
}

/** The response is right, the nonce is not: challenge again with `stale` (RFC 7616 3.3, TS 33.203 N.2.3). */
export interface DigestStale {
  readonly kind: 'stale';
  /** `nonce count`: used before, or too far behind. */
  readonly reason: 'nonce expired' | 'nonce foreign' | 'nonce count';
}

/** The credentials are right and new; whether this user may do that is for the caller. */
export interface DigestAccepted {
  readonly kind: 'accepted';
  /** As it was presented: a hash where `userhash` says so. */
  readonly username: string;
  readonly userhash: boolean;
  readonly realm: string;
  readonly algorithm: DigestAlgorithm;
  readonly credentials: DigestCredentials;
  /**
   * Value for Authentication-Info of the 2xx: the server's proof and, where the nonce is past half of its lifetime or
   * `nextNonce` says so, the next nonce. `body` is that of the response, for qop `auth-int`.
   */
  authenticationInfo(options?: { readonly nextNonce?: boolean; readonly body?: Uint8Array }): string;
}

/** What became of the credentials of a request. */
export type DigestOutcome = DigestAccepted | DigestStale | DigestRefused;

/** Credentials that may be right: the secret of their user decides. */
export interface DigestClaim {
  readonly kind: 'claim';
  /** A hash where `userhash` says so: `hashUsername` makes the same from a name. */
  readonly username: string;
  readonly userhash: boolean;
  readonly realm: string;
  /** Which HA1 is wanted: that of this hash. */
  readonly algorithm: DigestAlgorithm;
  readonly credentials: DigestCredentials;
  readonly method: string;
  readonly body: Uint8Array;
  readonly bound: string;
  readonly nonce: NonceVerdict;
}

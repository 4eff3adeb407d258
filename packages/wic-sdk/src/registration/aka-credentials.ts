/**
 * The credentials of a user with access to a SIM (TS 33.203 X.2.3).
 *
 * @module
 */

/** What the terminal made of a challenge. K, CK, IK and RES stay with it (TS 33.203 X.2.3.3). */
export type SimAnswer =
  /** What stands in the place of a Digest password, of RFC 4169. */
  | { readonly kind: 'password'; readonly password: string }
  /** The sequence number is out of range; `auts` in base64 (TS 33.203 6.1.3). */
  | { readonly kind: 'synchronisation failure'; readonly auts: string }
  /** The challenge is not the network's (TS 33.203 6.1.2.2). */
  | { readonly kind: 'mac failure' };

/** A SIM behind its terminal. */
export interface AkaCredentials {
  readonly kind: 'aka';
  /** The private identity on the SIM, name@domain. */
  readonly impi: string;
  /**
   * Has the SIM answer a challenge: the nonce as it came, base64. May take as long as a person needs, 3 minutes at most.
   * Rejects with a SimUnavailable where there is no answer to be had.
   */
  readonly authenticate: (nonce: string) => Promise<SimAnswer>;
}

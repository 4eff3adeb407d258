/**
 * What the WAF grants at the end of a sign-in and at each renewal.
 *
 * @module
 */

/** Who the user is (TS 33.203 X.3.1): the identities that the access token names. */
export interface Identities {
  readonly subject: string;
  readonly displayName: string;
  readonly impi: string;
  /** At least one; the first is the default. */
  readonly impus: readonly [string, ...string[]];
}

export interface Tokens {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly accessTokenExpiresAt: number;
  /** undefined: the grant ends with the access token, or it came by client credentials. */
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
}

/** How the tokens were got: RFC 6749 4.1, where the WAF knows the user, or 4.4, where only the WWSF does. */
export type Flow = 'authorization code' | 'client credentials';

export interface Grant {
  readonly flow: Flow;
  readonly identities: Identities;
  readonly tokens: Tokens;
}

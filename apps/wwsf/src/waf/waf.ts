/**
 * The WAF as the WWSF uses it: OpenID Connect Core 3.1 with PKCE, refresh (RFC 6749 6), client credentials (RFC 6749
 * 4.4), revocation (RFC 7009) and RP-initiated logout.
 *
 * @module
 */
import type { SignIn } from '../sessions/pending-sign-ins.ts';
import type { Grant, Identities } from './grant.ts';
import type { TurnAccess } from './turn-access.ts';

export interface Waf {
  /** Whether its metadata has been read. */
  isKnown(): boolean;

  /**
   * Where to send the browser, and what its callback will need.
   *
   * @throws {WafUnavailable}
   */
  startSignIn(): Promise<{ readonly location: string; readonly signIn: SignIn }>;

  /**
   * Redeems the code of a callback.
   *
   * @throws {SignInDenied} the user refused.
   * @throws {SignInFailed} the callback is not the answer to `signIn`.
   * @throws {GrantRefused} the code is unknown, used or expired.
   * @throws {WafUnavailable | WafDisagrees}
   */
  finishSignIn(callback: URL, signIn: SignIn): Promise<Grant>;

  /**
   * Renews a grant. Its refresh token may be spent, whatever comes of it: never try two at a time.
   *
   * @throws {GrantRefused} revoked or expired, or the WAF now names another user.
   * @throws {WafUnavailable | WafDisagrees}
   */
  renew(grant: Grant): Promise<Grant>;

  /**
   * A token for identities that the WWSF itself answers for: those of a user whom it has authenticated, or of its pool
   * (TS 33.203 X.3.2.3 and X.4.2.3 step 0.1, client credentials).
   *
   * @throws {AccountNotGranted} the WWSF may not use this account.
   * @throws {WafUnavailable | WafDisagrees}
   */
  requestToken(identities: Identities): Promise<Grant>;

  /**
   * A token for TURN servers in the name of the WWSF, for whom it likes (TS 33.203 X.5.3.2 steps 4 and 5).
   *
   * @throws {WafUnavailable | WafDisagrees}
   */
  requestTurnAccess(): Promise<TurnAccess>;

  /**
   * What names the sign-in of an access token for the IMS that somebody else has brought.
   *
   * @throws {AccessTokenRefused} not of this WAF, not for the IMS and its audience, expired, or revoked by this
   *   WWSF; or none are taken at all.
   * @throws {WafUnavailable | WafDisagrees}
   */
  verifyToken(accessToken: string): Promise<string>;

  /** @throws {WafUnavailable | WafDisagrees} */
  revoke(token: string, kind: 'access_token' | 'refresh_token'): Promise<void>;

  /** Where the browser ends its session at the WAF; undefined when that cannot be told. */
  endSessionLocation(idToken: string | undefined): string | undefined;

  stop(): void;
}

/**
 * How a client proves who it is: a password (RFC 8489 9.2, TS 33.203 X.5.2) or an access token (RFC 7635, X.5.3).
 *
 * @module
 */
import { attribute, longTermKey, type StunAttribute } from '@wicgate/stun';
import { integrityKeyOf, type TurnKeying } from '@wicgate/turn-credentials';

/** A long-term credential; X.5.2 makes one of `Tid:Texp` and the TURN password. */
export interface PasswordLogin {
  readonly username: string;
  readonly password: string;
}

/** Which octets of the MAC key are the key of MESSAGE-INTEGRITY. */
export type MacKeying = TurnKeying;

/** What the authorization server gave for a TURN server (RFC 7635 4, TS 33.203 X.5.3.2). */
export interface TokenLogin {
  readonly kid: string;
  readonly accessToken: Uint8Array;
  readonly macKey: Uint8Array;
  /** 'rfc7635' unless told otherwise. */
  readonly macKeying?: MacKeying;
}

export type Login = PasswordLogin | TokenLogin;

/** USERNAME, REALM and NONCE; with a token, the kid is the user name and ACCESS-TOKEN follows (RFC 7635 4). */
export function loginAttributes(login: Login, realm: string, nonce: string): readonly StunAttribute[] {
  const texts = [
    attribute('USERNAME', Buffer.from('kid' in login ? login.kid : login.username)),
    attribute('REALM', Buffer.from(realm)),
    attribute('NONCE', Buffer.from(nonce)),
  ];
  return 'kid' in login ? [...texts, attribute('ACCESS-TOKEN', Buffer.from(login.accessToken))] : texts;
}

/** The key of MESSAGE-INTEGRITY. */
export function integrityKeyFor(login: Login, realm: string): Buffer {
  if ('password' in login) return longTermKey(login.username, realm, login.password);
  return Buffer.from(integrityKeyOf(login.macKey, login.macKeying ?? 'rfc7635'));
}

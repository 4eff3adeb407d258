/**
 * Long-term credentials, recomputed from USERNAME and Km (RFC 8489 9.2.4, TS 33.203 X.5.2.2 steps 6 and 7).
 *
 * @module
 */
import {
  attribute,
  type DecodedMessage,
  type Endpoint,
  findAttribute,
  isIntegrityValid,
  longTermKey,
  type StunAttribute,
} from '@wicgate/stun';
import { parseTurnUsername, type TurnUsername, TurnUsernameMalformed, turnPassword } from '@wicgate/turn-credentials';
import { RequestRefused } from '../errors.ts';
import { Nonces } from './nonce.ts';

/** Who made a request. */
export interface TurnUser extends TurnUsername {
  readonly username: string;
  /** Key of MESSAGE-INTEGRITY. A secret. */
  readonly key: Buffer;
}

export interface AuthenticatorSettings {
  readonly realm: string;
  /** Km. */
  readonly secret: Buffer;
  /** Key of the nonces, random. */
  readonly nonceKey: Buffer;
}

/** RFC 8489 14.3 and 14.10: USERNAME, REALM and NONCE have bounds of their own. */
const maxUsernameOctets = 508;
const maxRealmOctets = 763;
const maxNonceOctets = 763;

export class Authenticator {
  readonly #realm: string;
  readonly #secret: Buffer;
  readonly #nonces: Nonces;

  constructor({ realm, secret, nonceKey }: AuthenticatorSettings) {
    this.#realm = realm;
    this.#secret = secret;
    this.#nonces = new Nonces(nonceKey);
  }

  /** REALM and a fresh NONCE, for a 401 or 438. */
  challenge(client: Endpoint, nowMs: number): readonly StunAttribute[] {
    return [
      attribute('REALM', Buffer.from(this.#realm)),
      attribute('NONCE', Buffer.from(this.#nonces.issue(client, nowMs))),
    ];
  }

  /**
   * The user whose credential made the request. A stale nonce counts only with a right MESSAGE-INTEGRITY: who does
   * not know the password is told so, not to try again (RFC 8489 9.2.4).
   *
   * @throws {RequestRefused} 400, 401 or 438.
   */
  authenticate(request: DecodedMessage, client: Endpoint, nowMs: number): TurnUser {
    if (request.integrityAt === undefined) throw unauthenticated('MESSAGE-INTEGRITY');
    const username = findText(request, 'USERNAME', maxUsernameOctets);
    const realm = findText(request, 'REALM', maxRealmOctets);
    const nonce = findText(request, 'NONCE', maxNonceOctets);

    const user = this.#findUser(username);
    if (!isIntegrityValid(request, user.key)) throw unauthenticated('a MESSAGE-INTEGRITY made with the password');
    if (realm !== this.#realm) throw unauthenticated('the realm of this server');
    if (1_000 * user.expiresAtSeconds <= nowMs) throw unauthenticated('a credential that has not expired');
    if (!this.#nonces.isFresh(nonce, client, nowMs)) {
      throw new RequestRefused('ERR_TURN_STALE_NONCE', 'expected a nonce issued to this client');
    }
    return user;
  }

  #findUser(username: string): TurnUser {
    try {
      const { tid, expiresAtSeconds } = parseTurnUsername(username);
      const key = longTermKey(username, this.#realm, turnPassword(this.#secret, username));
      return { tid, expiresAtSeconds, username, key };
    } catch (error) {
      if (!(error instanceof TurnUsernameMalformed)) throw error;
      throw unauthenticated('a user name of the form Tid:Texp');
    }
  }
}

function findText(request: DecodedMessage, name: 'USERNAME' | 'REALM' | 'NONCE', maxOctets: number): string {
  const value = findAttribute(request, name);
  if (value === undefined || value.length > maxOctets) {
    throw new RequestRefused('ERR_TURN_BAD_REQUEST', `expected ${name} of at most ${maxOctets} octets`);
  }
  return value.toString();
}

function unauthenticated(expected: string): RequestRefused {
  return new RequestRefused('ERR_TURN_UNAUTHENTICATED', `expected ${expected}`);
}

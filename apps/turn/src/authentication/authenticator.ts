/**
 * Who made a request: long-term credentials of TS 33.203 X.5.2 and of static users (RFC 8489 9.2.4), and access tokens
 * of X.5.3 (RFC 7635).
 *
 * @module
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import {
  attribute,
  type DecodedMessage,
  type Endpoint,
  isIntegrityValid,
  type StunAttribute,
  userHash,
} from '@wicgate/stun';
import { RequestRefused } from '../errors.ts';
import { KeptCredentials } from './kept-credentials.ts';
import { Nonces } from './nonce.ts';
import type { ProvisionedCredentials } from './provisioned-credentials.ts';
import { passwordAlgorithms, type RequestProof, readProof } from './request-proof.ts';
import type { StaticUsers } from './static-users.ts';
import type { ThirdPartyAccess } from './third-party-access.ts';
import type { Credential, TurnUser } from './turn-user.ts';

export type { TurnUser } from './turn-user.ts';

export interface AuthenticatorSettings {
  readonly realm: string;
  /** Key of the nonces, random. */
  readonly nonceKey: Buffer;
  readonly provisioned: ProvisionedCredentials;
  readonly staticUsers: StaticUsers;
  /** Undefined where access tokens are not taken. */
  readonly thirdParty: ThirdPartyAccess | undefined;
}

export interface RequestOrigin {
  readonly client: Endpoint;
  readonly nowMs: number;
  /** Who holds the allocation on the request's 5-tuple, if there is one. */
  readonly allocationUser: TurnUser | undefined;
}

/** Some 10 MB of them. */
const maxKept = 16_384;

export class Authenticator {
  readonly #realm: string;
  readonly #provisioned: ProvisionedCredentials;
  readonly #staticUsers: StaticUsers;
  readonly #thirdParty: ThirdPartyAccess | undefined;
  readonly #nonces: Nonces;
  readonly #kept = new KeptCredentials(maxKept);
  /** For unknown names, so that they take as long as known ones. */
  readonly #decoyKey = createSecretKey(randomBytes(32));

  constructor({ realm, nonceKey, provisioned, staticUsers, thirdParty }: AuthenticatorSettings) {
    this.#realm = realm;
    this.#provisioned = provisioned;
    this.#staticUsers = staticUsers;
    this.#thirdParty = thirdParty;
    // The names of X.5.2 are random: nobody finds them by their hash. Who is told to hide the name must be served then.
    this.#nonces = new Nonces(nonceKey, { passwordAlgorithms: true, usernameAnonymity: !provisioned.isOn });
  }

  /** What goes with a 401 or 438: REALM, a fresh NONCE, the password algorithms; with 401 the name that tokens are for. */
  challenge(statusCode: number, client: Endpoint, nowMs: number): readonly StunAttribute[] {
    const attributes = [
      attribute('REALM', Buffer.from(this.#realm)),
      attribute('NONCE', Buffer.from(this.#nonces.issue(client, nowMs))),
      attribute('PASSWORD-ALGORITHMS', passwordAlgorithms),
    ];
    if (statusCode === 401 && this.#thirdParty !== undefined) {
      attributes.push(attribute('THIRD-PARTY-AUTHORIZATION', Buffer.from(this.#thirdParty.serverName)));
    }
    return attributes;
  }

  /**
   * The user whose credential made the request. A stale nonce counts only with a right integrity attribute: who does
   * not know the password is told so, not to try again (RFC 8489 9.2.4).
   *
   * @throws {AttributeMalformed}
   * @throws {RequestRefused} 400, 401 or 438.
   */
  authenticate(request: DecodedMessage, { client, nowMs, allocationUser }: RequestOrigin): TurnUser {
    const proof = readProof(request);
    let isCompared = false;
    const isMadeBy = ({ key }: Credential): boolean => {
      isCompared = true;
      return isIntegrityValid(request, key, proof.integrityHash);
    };
    const credential =
      this.#findByToken(proof, nowMs, allocationUser, isMadeBy) ?? this.#findByPassword(proof, isMadeBy);
    if (credential === undefined) {
      if (!isCompared) isIntegrityValid(request, this.#decoyKey, proof.integrityHash);
      throw unauthenticated('a known user, and an integrity attribute made with its key');
    }
    if (proof.realm !== this.#realm) throw unauthenticated('the realm of this server');
    if (credential.voidFromMs <= nowMs) throw unauthenticated('a credential that has not expired');
    if (!this.#nonces.isFresh(proof.nonce, client, nowMs)) {
      throw new RequestRefused('ERR_TURN_STALE_NONCE', 'expected a nonce issued to this client');
    }
    return { ...credential, integrityHash: proof.integrityHash };
  }

  /**
   * USERNAME is a kid. A request that brings no token is one of who made the allocation with one (RFC 7635 4): the
   * server has its key.
   */
  #findByToken(
    { name, accessToken }: RequestProof,
    nowMs: number,
    allocationUser: TurnUser | undefined,
    isMadeBy: (credential: Credential) => boolean,
  ): Credential | undefined {
    if (this.#thirdParty === undefined || typeof name !== 'string' || !this.#thirdParty.hasKid(name)) return undefined;
    if (accessToken === undefined) {
      const isTheirs = allocationUser?.kind === 'token' && allocationUser.username === name;
      return isTheirs && isMadeBy(allocationUser) ? allocationUser : undefined;
    }
    const place = `token ${name} ${accessToken.toString('latin1')}`;
    const kept = this.#kept.find(place);
    if (kept !== undefined) return isMadeBy(kept) ? kept : undefined;
    const found = this.#thirdParty.find(name, accessToken, nowMs);
    if (found === undefined || !isMadeBy(found)) return undefined;
    this.#kept.keep(place, found, undefined);
    return found;
  }

  #findByPassword(
    { name, algorithm, accessToken }: RequestProof,
    isMadeBy: (credential: Credential) => boolean,
  ): Credential | undefined {
    if (accessToken !== undefined) return undefined;
    const username = typeof name === 'string' ? name : this.#usernameOf(name);
    if (username === undefined) return undefined;
    const user = this.#staticUsers.find(username, algorithm);
    if (user !== undefined) return isMadeBy(user) ? user : undefined;
    const place = `${algorithm} ${username}`;
    const kept = this.#kept.find(place);
    if (kept !== undefined && isMadeBy(kept)) return kept;
    for (const candidate of this.#provisioned.candidates(username, algorithm)) {
      if (!isMadeBy(candidate)) continue;
      this.#kept.keep(place, candidate, userHash(username, this.#realm));
      return candidate;
    }
    return undefined;
  }

  /** Of static users, and of credentials that were used here before. */
  #usernameOf(hash: Buffer): string | undefined {
    return this.#staticUsers.usernameOf(hash) ?? this.#kept.usernameOf(hash);
  }
}

function unauthenticated(expected: string): RequestRefused {
  return new RequestRefused('ERR_TURN_UNAUTHENTICATED', `expected ${expected}`);
}

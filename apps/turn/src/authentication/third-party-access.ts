/**
 * Access by token: what the WAF granted to a client that the TURN server does not know (TS 33.203 X.5.3, RFC 7635).
 *
 * @module
 */
import { createSecretKey } from 'node:crypto';
import {
  type AsRsKey,
  integrityKeyOf,
  readTurnAccessToken,
  TurnCredentialError,
  type TurnKeying,
  turnAccessGraceSeconds,
  turnAccessTokenId,
} from '@wicgate/turn-credentials';
import type { Credential } from './turn-user.ts';

export interface ThirdPartySettings {
  /** Shared with the WAF. */
  readonly keys: readonly AsRsKey[];
  /** For THIRD-PARTY-AUTHORIZATION; tokens are for this name. */
  readonly serverName: string;
  readonly keying: TurnKeying;
}

export class ThirdPartyAccess {
  readonly #settings: ThirdPartySettings;

  constructor(settings: ThirdPartySettings) {
    this.#settings = settings;
  }

  get serverName(): string {
    return this.#settings.serverName;
  }

  hasKid(username: string): boolean {
    return this.#settings.keys.some(({ kid }) => kid === username);
  }

  /**
   * What the token grants; undefined if its kid is unknown, or it was not made with that key for this server, or its
   * time is over. Whether the client knows the mac key is left to its integrity attribute.
   */
  find(kid: string, accessToken: Buffer, nowMs: number): Credential | undefined {
    const { keys, serverName, keying } = this.#settings;
    const asRsKey = keys.find((key) => key.kid === kid);
    if (asRsKey === undefined) return undefined;
    try {
      const { macKey, expiresAtSeconds, issuedAtMs, lifetimeSeconds } = readTurnAccessToken(accessToken, {
        asRsKey,
        serverName,
        nowMs,
      });
      return {
        username: kid,
        kind: 'token',
        tid: turnAccessTokenId(accessToken),
        expiresAtSeconds,
        voidFromMs: issuedAtMs + 1_000 * (lifetimeSeconds + turnAccessGraceSeconds),
        key: createSecretKey(integrityKeyOf(macKey, keying)),
      };
    } catch (error) {
      if (error instanceof TurnCredentialError) return undefined;
      throw error;
    }
  }
}

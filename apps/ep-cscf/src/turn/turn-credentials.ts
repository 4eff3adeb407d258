/**
 * TURN credentials for WICs that ask with 3gpp-ext-turn-cred (TS 33.203 X.5.2.2 steps 2 to 4).
 *
 * The TURN server counts by Tid, so a user has one, however often and on however many connections it asks; the next
 * one is made when less than half of its lifetime is left.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { extTurnCredHeader, formatExtTurnCred, type SipRequest, type SipResponse } from '@wicgate/sip';
import { createTurnCredential, type TurnCredential } from '@wicgate/turn-credentials';

export interface TurnCredentialsOptions {
  /** Km. */
  readonly secret: string;
  readonly lifetimeSeconds: number;
  /** Users remembered; 100,000 unless given. Beyond that the one who asked longest ago is forgotten. */
  readonly maxUsers?: number;
  /** Unix time in seconds. */
  readonly now?: () => number;
}

export class TurnCredentials {
  readonly #key: Uint8Array;
  readonly #lifetimeSeconds: number;
  readonly #maxUsers: number;
  readonly #now: () => number;
  /** By private identity, in the order of their making, which is that of their expiry. */
  readonly #issued = new Map<string, TurnCredential>();

  constructor({ secret, lifetimeSeconds, maxUsers = 100_000, now = unixNow }: TurnCredentialsOptions) {
    this.#key = new TextEncoder().encode(secret);
    this.#lifetimeSeconds = lifetimeSeconds;
    this.#maxUsers = maxUsers;
    this.#now = now;
  }

  /** How many users have a credential. */
  get size(): number {
    return this.#issued.size;
  }

  /** The value of the header field for a user. It is a secret of the WIC it goes to. */
  valueFor(impi: string): string {
    const now = this.#now();
    const known = this.#issued.get(impi);
    if (known !== undefined && 2 * (known.expiresAtSeconds - now) >= this.#lifetimeSeconds) {
      return formatExtTurnCred(known);
    }
    this.#issued.delete(impi);
    this.#forget(now);
    const expiresAtSeconds = now + this.#lifetimeSeconds;
    const fresh = createTurnCredential({ key: this.#key, expiresAtSeconds, random: randomBytes });
    this.#issued.set(impi, fresh);
    return formatExtTurnCred(fresh);
  }

  /** `response` with the credential of `impi` where `request` asks; only for who has been authorised (step 3). */
  addTo(response: SipResponse, request: SipRequest, impi: string): SipResponse {
    if (!request.headers.has(extTurnCredHeader)) return response;
    return { ...response, headers: response.headers.set(extTurnCredHeader, this.valueFor(impi)) };
  }

  /** Nobody is given an expired one again; they stand in front. */
  #forget(now: number): void {
    for (const [impi, { expiresAtSeconds }] of this.#issued) {
      if (expiresAtSeconds > now && this.#issued.size < this.#maxUsers) return;
      this.#issued.delete(impi);
    }
  }
}

function unixNow(): number {
  return Math.floor(Date.now() / 1_000);
}

/**
 * TURN credentials for WICs that ask with 3gpp-ext-turn-cred (TS 33.203 X.5.2.2 steps 2 to 4).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { SipRequest, SipResponse } from '@wicgate/sip';
import { createTurnCredential, formatTurnCredentialHeader } from '@wicgate/turn-credentials';

/** Asks for a credential in a request, whatever its value, and carries it in the 200. */
export const turnCredentialHeader = '3gpp-ext-turn-cred';

export interface TurnCredentialsOptions {
  /** Km. */
  readonly secret: string;
  readonly lifetimeSeconds: number;
  /** Unix time in seconds. */
  readonly now?: () => number;
}

export class TurnCredentials {
  readonly #key: Uint8Array;
  readonly #lifetimeSeconds: number;
  readonly #now: () => number;

  constructor({ secret, lifetimeSeconds, now = () => Math.floor(Date.now() / 1_000) }: TurnCredentialsOptions) {
    this.#key = new TextEncoder().encode(secret);
    this.#lifetimeSeconds = lifetimeSeconds;
    this.#now = now;
  }

  /** A fresh value of the header field. It is a secret of the WIC it goes to. */
  createValue(): string {
    const expiresAtSeconds = this.#now() + this.#lifetimeSeconds;
    return formatTurnCredentialHeader(createTurnCredential({ key: this.#key, expiresAtSeconds, random: randomBytes }));
  }

  /** `response` with a credential where `request` asks for one; only for who has been authorised (step 3). */
  addTo(response: SipResponse, request: SipRequest): SipResponse {
    if (!request.headers.has(turnCredentialHeader)) return response;
    return { ...response, headers: response.headers.set(turnCredentialHeader, this.createValue()) };
  }
}

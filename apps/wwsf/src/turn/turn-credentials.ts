/**
 * TURN credentials of TS 33.203 X.5.2.2 step 3 from the WWSF, for browsers that do not register: `Tid:Texp` and the
 * password that a TURN server makes of it with the same key.
 *
 * A TURN server counts what one Tid uses. So a session keeps its Tid while more than half of the credential's life is
 * left: time is cut into halves of a life, at moments of the session's own, and the Tid is a keyed hash of session and
 * half. Nothing is stored; nobody without the key can tell whose a Tid is, or whether two are the same session's
 * (X.5.3.1 c).
 *
 * @module
 */
import { createTurnCredential, type TurnHash } from '@wicgate/turn-credentials';
import type { Sealer } from '../sessions/sealer.ts';

export interface TurnCredentialsOptions {
  /** Km, shared with the TURN server and the eP-CSCF. */
  readonly secret: string;
  readonly hash: TurnHash;
  /** At least 2: what a fresh credential has at most. */
  readonly lifetimeSeconds: number;
  readonly sealer: Pick<Sealer, 'mark'>;
  readonly now?: () => number;
}

export interface HandedCredential {
  readonly username: string;
  readonly password: string;
  /** More than half of the lifetime. */
  readonly expiresInSeconds: number;
}

export class TurnCredentials {
  readonly #key: Uint8Array;
  readonly #options: TurnCredentialsOptions;
  readonly #halfSeconds: number;

  constructor(options: TurnCredentialsOptions) {
    this.#options = options;
    this.#key = Buffer.from(options.secret, 'utf8');
    this.#halfSeconds = Math.floor(options.lifetimeSeconds / 2);
  }

  /** The credential of `owner` at this moment. */
  of(owner: string): HandedCredential {
    const { hash, now = Date.now } = this.#options;
    const half = this.#halfSeconds;
    const nowSeconds = Math.floor(now() / 1_000);
    const shift = this.#digest(`turn shift\0${owner}`).readUInt32BE(0) % half;
    const period = Math.floor((nowSeconds + shift) / half);
    const expiresAtSeconds = (period + 2) * half - shift;
    const digest = this.#digest(`turn id\0${owner}\0${period}`);
    const random = (length: number): Uint8Array => digest.subarray(0, length);
    const { username, password } = createTurnCredential({ key: this.#key, hash, expiresAtSeconds, random });
    return { username, password, expiresInSeconds: expiresAtSeconds - nowSeconds };
  }

  /** 32 octets. */
  #digest(text: string): Buffer {
    return Buffer.from(this.#options.sealer.mark(text), 'base64url');
  }
}

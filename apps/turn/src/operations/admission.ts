/**
 * What an authenticated request must pass besides its credential: the operator's say.
 *
 * @module
 */
import { method } from '@wicgate/stun';
import type { TurnUser } from '../authentication/authenticator.ts';
import type { Clock } from '../clock.ts';
import { RequestRefused } from '../errors.ts';
import type { ClientFlow } from '../listeners/client-flow.ts';
import type { ChallengeLimit } from './challenge-limit.ts';
import type { Drain } from './drain.ts';
import type { Revocations } from './revocations.ts';

export interface AdmissionSettings {
  readonly clock: Clock;
  readonly revocations: Revocations;
  readonly drain: Drain;
  /** Undefined sends every 401. */
  readonly challenges: ChallengeLimit | undefined;
}

export class Admission {
  readonly #clock: Clock;
  readonly #revocations: Revocations;
  readonly #drain: Drain;
  readonly #challenges: ChallengeLimit | undefined;

  constructor({ clock, revocations, drain, challenges }: AdmissionSettings) {
    this.#clock = clock;
    this.#revocations = revocations;
    this.#drain = drain;
    this.#challenges = challenges;
  }

  /** The user, unless the credential was revoked (TS 33.203 X.5.2.2 step 7). @throws {RequestRefused} 401 */
  requireInForce(user: TurnUser): TurnUser {
    if (this.isRevoked(user.tid)) {
      throw new RequestRefused('ERR_TURN_UNAUTHENTICATED', 'expected a credential that was not revoked');
    }
    return user;
  }

  isRevoked(tid: string): boolean {
    return this.#revocations.has(tid, this.#clock.now());
  }

  /**
   * Sends who asks for a new allocation elsewhere while the server is drained; all other requests pass. Those who have
   * proved who they are: what they are told is protected (RFC 8489 10).
   *
   * @throws {RequestRefused} 300, 508
   */
  requireInService(code: number, { remote }: ClientFlow): void {
    if (code === method.Allocate && this.#drain.isDraining) throw this.#drain.refusalFor(remote);
  }

  /** Whether a 401 may be sent. Over a connection it goes to nobody but who asked. */
  mayChallenge({ transport, remote }: ClientFlow): boolean {
    return transport !== 'UDP' || this.#challenges === undefined || this.#challenges.admits(remote, this.#clock.now());
  }
}

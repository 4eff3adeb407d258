/**
 * The challenge of each private identity: one at a time, a new one ends the old (TS 33.203 6.1.2.3, N.2.2.3).
 *
 * An open challenge holds secrets and waits for its answer no longer than the timer reg-await-auth (TS 24.229 7.8).
 * Once the user is registered by a password, only its nonce is kept, for the nonce counts of later REGISTERs (N.2.3,
 * N.2.1.1 NOTE 4). That of a vector serves once (6.1.1).
 *
 * @module
 */
import type { Clock, NonceContext, NonceSource, NonceVerdict } from '@wicgate/sip';
import { type AuthenticationData, isKnown, nonceOf } from './authentication-data.ts';
import type { AuthenticationScheme } from './authentication-scheme.ts';

/** What a challenge was made for. */
export interface ChallengeFor {
  readonly impi: string;
  readonly impu: string;
  readonly callId: string;
  /** What the REGISTER related to (P.4.2); its answer shall relate to the same. */
  readonly scheme: AuthenticationScheme;
  readonly data: AuthenticationData;
  /** It follows an AUTS (6.1.3). */
  readonly isResynchronised: boolean;
}

/**
 * `open`: its answer is still to come. `spent`: it came, but nobody is registered by it yet. `settled`: somebody is,
 * and only the nonce counts.
 */
type ChallengeState = 'open' | 'spent' | 'settled';

export interface Challenge extends ChallengeFor {
  /** Without a secret unless it is open. */
  readonly data: AuthenticationData;
  readonly state: ChallengeState;
  /** The HSS knows the user, and waits for what comes of it. */
  readonly isKnown: boolean;
  readonly nonce: string;
  readonly issuedAtMs: number;
  readonly stopTimer: () => void;
}

export interface ChallengesOptions {
  readonly clock: Clock;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
  /** Nobody answered in time, or another challenge took the place. Only told of users whom the HSS knows. */
  readonly onUnanswered: (challenge: ChallengeFor) => void;
  /** Beyond that the oldest challenge goes. 10,000 unless given. */
  readonly maxChallenges?: number;
}

/** reg-await-auth (TS 24.229 7.8). */
export const regAwaitAuthMs = 4 * 60_000;
/** How long the nonce of a registered user serves: refreshes come sooner, and otherwise find a new one. */
const nonceLifetimeMs = 3_600_000;
const noSecret: AuthenticationData = { scheme: 'SIP Digest', item: undefined };

/** As nonce source, `bound` is the private identity; bound to '' no nonce is known. */
export class Challenges implements NonceSource {
  readonly #options: ChallengesOptions;
  readonly #maxChallenges: number;
  /** By private identity, the oldest first. */
  readonly #challenges = new Map<string, Challenge>();

  constructor(options: ChallengesOptions) {
    this.#options = options;
    this.#maxChallenges = options.maxChallenges ?? 10_000;
  }

  get size(): number {
    return this.#challenges.size;
  }

  /** The challenge, in whatever state. */
  find(impi: string): Challenge | undefined {
    return this.#challenges.get(impi);
  }

  /** Whether a registration that a challenge for both identities began is still to end. */
  isOpen({ impi, impu }: Pick<ChallengeFor, 'impi' | 'impu'>): boolean {
    const challenge = this.#challenges.get(impi);
    return challenge !== undefined && challenge.state !== 'settled' && challenge.impu === impu;
  }

  /** Takes the place of the challenge before; {@link create} then makes its nonce known. */
  open(challenge: ChallengeFor): void {
    const { impi, impu, data } = challenge;
    const { clock, random } = this.#options;
    // For the same identity the newer one is what the HSS waits for.
    if (this.#challenges.get(impi)?.impu === impu) this.close(impi);
    else this.#giveUp(impi);
    this.#makeRoom();
    this.#challenges.set(impi, {
      ...challenge,
      state: 'open',
      isKnown: isKnown(data),
      nonce: nonceOf(data) ?? Buffer.from(random(16)).toString('hex'),
      issuedAtMs: clock.now(),
      stopTimer: clock.after(regAwaitAuthMs, () => this.#giveUp(impi)),
    });
  }

  /** Forgets it, nonce and all. */
  close(impi: string): void {
    this.#challenges.get(impi)?.stopTimer();
    this.#challenges.delete(impi);
  }

  /** A right answer came: a vector serves no other one, and is forgotten. */
  spend(impi: string): void {
    const challenge = this.#challenges.get(impi);
    if (challenge === undefined || challenge.data.scheme === 'SIP Digest') return;
    this.#challenges.set(impi, { ...challenge, state: 'spent', data: noSecret });
  }

  /** Its user is registered: the secret is forgotten, the nonce of a password stays. */
  settle(impi: string): void {
    const challenge = this.#challenges.get(impi);
    if (challenge === undefined) return;
    challenge.stopTimer();
    if (challenge.state === 'spent') this.#challenges.delete(impi);
    else this.#challenges.set(impi, { ...challenge, state: 'settled', data: noSecret, stopTimer: () => undefined });
  }

  /** The nonce of the challenge that is open for `bound`. */
  create({ bound }: NonceContext): string {
    const challenge = this.#challenges.get(bound);
    if (challenge === undefined) throw new TypeError('bound: expected a private identity with an open challenge');
    return challenge.nonce;
  }

  check(nonce: string, { bound }: NonceContext): NonceVerdict {
    const challenge = this.#challenges.get(bound);
    if (challenge === undefined || challenge.state === 'spent' || challenge.nonce !== nonce) {
      return { state: 'foreign' };
    }
    const { issuedAtMs } = challenge;
    if (this.#options.clock.now() - issuedAtMs >= nonceLifetimeMs) return { state: 'expired' };
    // There is no next nonce without a challenge.
    return { state: 'current', issuedAtMs, isOld: false };
  }

  #makeRoom(): void {
    for (const impi of this.#challenges.keys()) {
      if (this.#challenges.size < this.#maxChallenges) return;
      this.#giveUp(impi);
    }
  }

  #giveUp(impi: string): void {
    const challenge = this.#challenges.get(impi);
    if (challenge === undefined) return;
    this.close(impi);
    if (challenge.state !== 'settled' && challenge.isKnown) this.#options.onUnanswered(challenge);
  }
}

/**
 * The challenge of each private identity: one at a time, a new one ends the old (TS 33.203 N.2.2.3).
 *
 * An open challenge holds H(A1) and waits for its answer no longer than the timer reg-await-auth (TS 24.229 7.8). Once
 * the user is registered by it, only its nonce is kept, for the nonce counts of later REGISTERs (N.2.3, N.2.1.1 NOTE 4).
 *
 * @module
 */
import type { DigestAuthDataItem } from '@wicgate/cx';
import { type Clock, type NonceContext, type NonceSource, type NonceVerdict, StoredNonces } from '@wicgate/sip';

/** What a challenge was made for. */
export interface ChallengeFor {
  readonly impi: string;
  readonly impu: string;
  readonly callId: string;
  /** Undefined for a user whom the HSS does not know: challenged all the same, so that nobody can tell. */
  readonly item: DigestAuthDataItem | undefined;
}

/** Open as long as `item` may be used to check its answer. */
interface Challenge extends ChallengeFor {
  readonly isOpen: boolean;
  readonly nonce: string;
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

/** As nonce source, `bound` is the private identity; bound to '' no nonce is known. */
export class Challenges implements NonceSource {
  readonly #options: ChallengesOptions;
  readonly #maxChallenges: number;
  readonly #nonces: StoredNonces;
  /** By private identity, the oldest first. */
  readonly #challenges = new Map<string, Challenge>();

  constructor(options: ChallengesOptions) {
    this.#options = options;
    this.#maxChallenges = options.maxChallenges ?? 10_000;
    const { clock, random } = options;
    const now = (): number => clock.now();
    this.#nonces = new StoredNonces({ lifetimeMs: nonceLifetimeMs, now, random, maxNonces: this.#maxChallenges + 1 });
  }

  get size(): number {
    return this.#challenges.size;
  }

  /** The challenge, open or answered. */
  find(impi: string): (ChallengeFor & { readonly isOpen: boolean }) | undefined {
    return this.#challenges.get(impi);
  }

  /** Whether the answer to a challenge for both identities is still to come. */
  isOpen({ impi, impu }: Pick<ChallengeFor, 'impi' | 'impu'>): boolean {
    const challenge = this.#challenges.get(impi);
    return challenge?.isOpen === true && challenge.impu === impu;
  }

  /** Takes the place of the challenge before; {@link create} then makes its nonce known. */
  open(challenge: ChallengeFor): void {
    const { impi, impu } = challenge;
    // For the same identity the newer one is what the HSS waits for.
    if (this.#challenges.get(impi)?.impu === impu) this.close(impi);
    else this.#giveUp(impi);
    this.#makeRoom();
    const nonce = this.#nonces.create({ realm: '', bound: impi });
    const stopTimer = this.#options.clock.after(regAwaitAuthMs, () => this.#giveUp(impi));
    this.#challenges.set(impi, { ...challenge, isOpen: true, nonce, stopTimer });
  }

  /** Forgets it, nonce and all. */
  close(impi: string): void {
    const challenge = this.#challenges.get(impi);
    if (challenge === undefined) return;
    challenge.stopTimer();
    this.#nonces.revoke(challenge.nonce);
    this.#challenges.delete(impi);
  }

  /** It was answered, and its user is registered: H(A1) is forgotten, the nonce stays. */
  settle(impi: string): void {
    const challenge = this.#challenges.get(impi);
    if (challenge === undefined) return;
    challenge.stopTimer();
    this.#challenges.set(impi, { ...challenge, isOpen: false, item: undefined, stopTimer: () => undefined });
  }

  /** The nonce of the challenge that is open for `bound`. */
  create({ bound }: NonceContext): string {
    const challenge = this.#challenges.get(bound);
    if (challenge === undefined) throw new TypeError('bound: expected a private identity with an open challenge');
    return challenge.nonce;
  }

  check(nonce: string, { bound }: NonceContext): NonceVerdict {
    return this.#nonces.check(nonce, { realm: '', bound });
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
    if (challenge.isOpen && challenge.item !== undefined) this.#options.onUnanswered(challenge);
  }
}

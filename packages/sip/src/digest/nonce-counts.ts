/**
 * Which nonce counts were used: a replay has one that was (RFC 7616 3.4, 5.5).
 *
 * Requests overtake each other on the way, so each nonce has a window. Only answers that were right are counted, so
 * strangers fill nothing; when it is full, the oldest is given up together with every nonce not younger, and nothing
 * that was used can come back.
 *
 * @module
 */

/** How far behind the highest count another may come; the bits of one number. */
const windowSize = 32;

interface CountWindow {
  readonly issuedAtMs: number;
  highest: number;
  /** Bit n: `highest - n` was used. */
  used: number;
}

/** The counts of up to `maxNonces` nonces, of the last 32 of each. */
export class NonceCounts {
  readonly #maxNonces: number;
  /** By nonce, the one first used longest ago first. */
  readonly #windows = new Map<string, CountWindow>();
  /** Nonces issued up to then are known only as far as they are in the map. */
  #forgottenUpToMs = Number.NEGATIVE_INFINITY;

  constructor(maxNonces: number) {
    this.#maxNonces = maxNonces;
  }

  /** How many nonces are counted. */
  get size(): number {
    return this.#windows.size;
  }

  /** Whether `count` is used for the first time with this nonce; it is then used. */
  spend(nonce: string, issuedAtMs: number, count: number): boolean {
    const window = this.#windows.get(nonce);
    if (window !== undefined) return isFirstIn(window, count);
    if (issuedAtMs <= this.#forgottenUpToMs || count < 1) return false;
    this.#makeRoom();
    this.#windows.set(nonce, { issuedAtMs, highest: count, used: 1 });
    return true;
  }

  #makeRoom(): void {
    for (const [nonce, { issuedAtMs }] of this.#windows) {
      if (this.#windows.size < this.#maxNonces) return;
      this.#windows.delete(nonce);
      this.#forgottenUpToMs = Math.max(this.#forgottenUpToMs, issuedAtMs);
    }
  }
}

function isFirstIn(window: CountWindow, count: number): boolean {
  const ahead = count - window.highest;
  if (ahead > 0) {
    window.used = ahead >= windowSize ? 1 : ((window.used << ahead) | 1) >>> 0;
    window.highest = count;
    return true;
  }
  if (-ahead >= windowSize || count < 1) return false;
  const bit = (1 << -ahead) >>> 0;
  if ((window.used & bit) !== 0) return false;
  window.used = (window.used | bit) >>> 0;
  return true;
}

/**
 * The access tokens that this WWSF has revoked: until they expire, nobody who still has one gets anything for it.
 *
 * A WWSF hears of no revocations but its own; what others revoke is believed here until it expires, a few minutes.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';

/** How many revocations are remembered; the oldest give way. */
const revocationLimit = 10_000;
const clockToleranceMs = 5_000;

export class RevokedTokens {
  /** Hashes, in the order in which they came. */
  readonly #hashes = new Map<string, number>();

  add(accessToken: string): void {
    const expiresAtMs = 1_000 * expiryOf(accessToken);
    this.#hashes.set(hashOf(accessToken), expiresAtMs);
    for (const [hash, endsAtMs] of this.#hashes) {
      if (this.#hashes.size <= revocationLimit && endsAtMs > Date.now() - clockToleranceMs) break;
      this.#hashes.delete(hash);
    }
  }

  has(accessToken: string): boolean {
    return this.#hashes.has(hashOf(accessToken));
  }
}

function hashOf(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('base64url');
}

/** Unix seconds. */
function expiryOf(accessToken: string): number {
  try {
    return decodeJwt(accessToken).exp ?? 0;
  } catch {
    return 0;
  }
}

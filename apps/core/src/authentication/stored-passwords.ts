/**
 * H(A1) of registered users, through changes of their passwords (TS 33.203 N.2.5, N.2.1.2 NOTE 1b).
 *
 * At most two of a user: the newest, which the HSS pushed or gave to a question, and the one before until the newest
 * was used, or for some minutes (NOTE 5).
 *
 * @module
 */
import type { DigestAuthDataItem } from '@wicgate/cx';
import type { Clock } from '@wicgate/sip';

interface Stored {
  readonly item: DigestAuthDataItem;
  /** Somebody has proven to know the password. */
  readonly isUsed: boolean;
}

interface StoredOfUser {
  /** The newest first; one or two. */
  readonly items: readonly Stored[];
  readonly changedAtMs: number;
}

/** How long an old password serves beside a new one that nobody used (NOTE 5). */
export const oldPasswordMs = 5 * 60_000;

export class StoredPasswords {
  readonly #clock: Clock;
  /** By private identity; whoever stores is registered, so registrations bound them. */
  readonly #users = new Map<string, StoredOfUser>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#users.size;
  }

  /** The newest first; none of who is not registered by a password. */
  find(impi: string): readonly DigestAuthDataItem[] {
    return this.#standing(impi).map(({ item }) => item);
  }

  /** The HSS pushed it, or it was pulled: the newest, unless it is known. */
  receive(impi: string, item: DigestAuthDataItem): void {
    const stored = this.#standing(impi);
    if (stored.some((other) => isSame(other.item, item))) return;
    this.#store(impi, [{ item, isUsed: false }, ...withoutOneTooMany(stored)]);
  }

  /** The user proved to know this one: those before it go. */
  use(impi: string, item: DigestAuthDataItem): void {
    const stored = this.#standing(impi);
    const newer = stored.slice(0, Math.max(0, indexOf(stored, item)));
    const changedAtMs = this.#users.get(impi)?.changedAtMs;
    this.#store(impi, [...newer, { item, isUsed: true }], changedAtMs);
  }

  forget(impi: string): void {
    this.#users.delete(impi);
  }

  #standing(impi: string): readonly Stored[] {
    const user = this.#users.get(impi);
    if (user === undefined) return [];
    return this.#clock.now() - user.changedAtMs >= oldPasswordMs ? user.items.slice(0, 1) : user.items;
  }

  #store(impi: string, items: readonly Stored[], changedAtMs = this.#clock.now()): void {
    this.#users.set(impi, { items, changedAtMs });
  }
}

/** One may stay beside a new one: of two, the oldest that nobody used goes. */
function withoutOneTooMany(stored: readonly Stored[]): readonly Stored[] {
  const oldestUnused = stored.findLastIndex(({ isUsed }) => !isUsed);
  return stored.length < 2 ? stored : stored.toSpliced(oldestUnused, 1);
}

function indexOf(stored: readonly Stored[], item: DigestAuthDataItem): number {
  return stored.findIndex((other) => isSame(other.item, item));
}

function isSame(left: DigestAuthDataItem, right: DigestAuthDataItem): boolean {
  return left.ha1 === right.ha1 && left.realm === right.realm;
}

/**
 * Web sessions, kept across restarts.
 *
 * The browser holds the session id; the store holds its hash, and what belongs to the session sealed: whoever reads the
 * database can neither take a session over nor use its tokens.
 *
 * @module
 */
import type { Grant } from '../waf/grant.ts';
import type { Database } from './database.ts';
import { createOpaque, hashOpaque, isOpaque } from './opaque.ts';
import type { Sealer } from './sealer.ts';

/** A guest is anonymous: nobody has authenticated the user (TS 33.203 X.4.2.1). */
export type SessionKind = 'user' | 'guest';

export interface WebSession extends Grant {
  /** Names the session inside the WWSF: the hash of its id. */
  readonly key: string;
  readonly csrfToken: string;
  readonly kind: SessionKind;
  /** Whether its identities are of the pool, and go back there. */
  readonly isLeased: boolean;
}

export interface NewSession {
  /** Made beforehand, where something must carry the session's key before it starts. */
  readonly id?: string;
  readonly kind: SessionKind;
  readonly isLeased: boolean;
}

const ownIdentities: NewSession = { kind: 'user', isLeased: false };
/** What sessions do not say that were stored before there were others. */
const unsaid = { flow: 'authorization code', ...ownIdentities } as const;

export interface SessionLimits {
  readonly lifetimeMs: number;
  readonly idleMs: number;
  readonly perUser: number;
}

/** Use is noted at most this often: not every request is a write. */
const touchIntervalMs = 60_000;

/** One session is added at a time; the bound is for a limit that an operator has lowered. */
const surplusAtOnce = 100;

export class SessionStore {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #limits: SessionLimits;
  readonly #now: () => number;

  constructor(database: Database, sealer: Sealer, limits: SessionLimits, now: () => number = Date.now) {
    this.#database = database;
    this.#sealer = sealer;
    this.#limits = limits;
    this.#now = now;
  }

  /** Starts a session and returns the id for its cookie: a new one each time, so that nobody can prepare it. */
  async create(grant: Grant, { id = createOpaque(), ...role }: NewSession = ownIdentities): Promise<string> {
    const session: WebSession = { ...grant, ...role, key: hashOpaque(id), csrfToken: createOpaque() };
    const owner = this.#sealer.mark(grant.identities.subject);
    const now = this.#now();
    await this.#database
      .insertInto('web_session')
      .values({ key: session.key, owner, sealed: this.#seal(session), created_at: now, last_used_at: now })
      .execute();
    await this.#endOldest(owner);
    return id;
  }

  /** The live session of a cookie's value, whatever that holds. */
  async findById(id: string | undefined): Promise<WebSession | undefined> {
    return isOpaque(id) ? this.find(hashOpaque(id)) : undefined;
  }

  async find(key: string): Promise<WebSession | undefined> {
    const now = this.#now();
    const row = await this.#database
      .selectFrom('web_session')
      .select(['sealed', 'last_used_at'])
      .where('key', '=', key)
      .where('created_at', '>', now - this.#limits.lifetimeMs)
      .where('last_used_at', '>', now - this.#limits.idleMs)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const opened = this.#sealer.open(row.sealed, `session ${key}`);
    if (opened === undefined) {
      await this.end(key);
      return undefined;
    }
    if (now - row.last_used_at >= Math.min(touchIntervalMs, this.#limits.idleMs / 4)) await this.#touch(key, now);
    return { ...unsaid, ...(JSON.parse(opened) as Omit<WebSession, 'key'>), key };
  }

  /** Stores what a renewal brought; false when the session ended meanwhile. */
  async replace(session: WebSession): Promise<boolean> {
    const result = await this.#database
      .updateTable('web_session')
      .set({ sealed: this.#seal(session), last_used_at: this.#now() })
      .where('key', '=', session.key)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async end(key: string): Promise<void> {
    await this.#database.deleteFrom('web_session').where('key', '=', key).execute();
  }

  async deleteExpired(): Promise<void> {
    const now = this.#now();
    await this.#database
      .deleteFrom('web_session')
      .where(({ or, eb }) =>
        or([
          eb('created_at', '<=', now - this.#limits.lifetimeMs),
          eb('last_used_at', '<=', now - this.#limits.idleMs),
        ]),
      )
      .execute();
  }

  #seal({ key, ...contents }: WebSession): Uint8Array {
    return this.#sealer.seal(JSON.stringify(contents), `session ${key}`);
  }

  async #touch(key: string, now: number): Promise<void> {
    await this.#database.updateTable('web_session').set({ last_used_at: now }).where('key', '=', key).execute();
  }

  async #endOldest(owner: string): Promise<void> {
    const surplus = this.#database
      .selectFrom('web_session')
      .select('key')
      .where('owner', '=', owner)
      .orderBy('created_at', 'desc')
      .offset(this.#limits.perUser)
      .limit(surplusAtOnce);
    await this.#database.deleteFrom('web_session').where('key', 'in', surplus).execute();
  }
}

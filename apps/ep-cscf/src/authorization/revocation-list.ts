/**
 * What WAFs have revoked: tokens and sessions, each until the last token it concerns has expired anyhow (RFC 7009; TS
 * 33.203 X.3.2.3 step 4.1).
 *
 * Every WAF revokes its own only, and has room of its own. Names are kept as hashes: of one length, and telling nothing.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { TokenName } from './access-token.ts';

/** `statement`: a statement about revocation that has been used. */
export type RevocationKind = 'jti' | 'sid' | 'statement';

export interface RevocationEntry {
  readonly issuer: string;
  /** Kind and hash of the name: `jti.…`. */
  readonly key: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface RevocationListOptions {
  readonly issuers: readonly string[];
  /** Tokens and sessions of one WAF. */
  readonly limit: number;
  /** Unix seconds. */
  readonly now: () => number;
  /** Keeps an entry where a restart does not reach it. */
  readonly save: (entry: RevocationEntry) => void;
}

/** Of one WAF; each is remembered for about a minute. */
const maxStatements = 10_000;
const statementPrefix = 'statement.';

/** Expiry by key. */
interface Room {
  readonly revoked: Map<string, number>;
  readonly statements: Map<string, number>;
}

export class RevocationList {
  readonly #byIssuer: ReadonlyMap<string, Room>;
  readonly #options: RevocationListOptions;

  constructor(options: RevocationListOptions) {
    this.#options = options;
    this.#byIssuer = new Map(options.issuers.map((issuer) => [issuer, { revoked: new Map(), statements: new Map() }]));
  }

  /** Entries of all WAFs, expired ones too until room is needed. */
  get size(): number {
    return [...this.#byIssuer.values()].reduce((sum, room) => sum + room.revoked.size + room.statements.size, 0);
  }

  isRevoked({ issuer, jti, sid }: TokenName): boolean {
    return this.has(issuer, 'jti', jti) || (sid !== undefined && this.has(issuer, 'sid', sid));
  }

  has(issuer: string, kind: RevocationKind, name: string): boolean {
    const key = keyOf(kind, name);
    const expiresAt = this.#find(issuer, key)?.get(key);
    return expiresAt !== undefined && expiresAt > this.#options.now();
  }

  /** Enters `name` until `expiresAt`, in Unix seconds; what was longer stays so. False: there is no room. */
  add(issuer: string, kind: RevocationKind, name: string, expiresAt: number): boolean {
    const entry = { issuer, key: keyOf(kind, name), expiresAt };
    const isEntered = this.#enter(entry);
    if (isEntered) this.#options.save(entry);
    return isEntered;
  }

  /** Takes up what was saved; what has expired meanwhile, or is of a WAF that is gone, is left out. */
  restore(entries: Iterable<RevocationEntry>): void {
    for (const entry of entries) if (entry.expiresAt > this.#options.now()) this.#enter(entry);
  }

  /** What counts now. */
  *entries(): Iterable<RevocationEntry> {
    const now = this.#options.now();
    for (const [issuer, { revoked, statements }] of this.#byIssuer) {
      for (const [key, expiresAt] of [...revoked, ...statements]) if (expiresAt > now) yield { issuer, key, expiresAt };
    }
  }

  #enter({ issuer, key, expiresAt }: RevocationEntry): boolean {
    const keys = this.#find(issuer, key);
    if (keys === undefined) return false;
    const held = keys.get(key);
    const limit = key.startsWith(statementPrefix) ? maxStatements : this.#options.limit;
    if (held === undefined && keys.size >= limit) this.#sweep(keys);
    if (held === undefined && keys.size >= limit) return false;
    keys.set(key, Math.max(expiresAt, held ?? 0));
    return true;
  }

  #find(issuer: string, key: string): Map<string, number> | undefined {
    const room = this.#byIssuer.get(issuer);
    return key.startsWith(statementPrefix) ? room?.statements : room?.revoked;
  }

  #sweep(keys: Map<string, number>): void {
    const now = this.#options.now();
    for (const [key, expiresAt] of keys) if (expiresAt <= now) keys.delete(key);
  }
}

function keyOf(kind: RevocationKind, name: string): string {
  return `${kind}.${createHash('sha256').update(name).digest('base64url')}`;
}

/**
 * Pools of IMS identities, each assigned to one WWSF alone (TS 33.203 X.4.1 REQ 3.2), as a naming rule (X.4.2.3 NOTE 8).
 *
 * A pattern is an IMPI in which one `*` stands for one run of letters, digits, `.`, `_` and `-`. The IMPU of an IMPI of a
 * pool is `sip:` and the IMPI.
 *
 * @module
 */

/** What a person may write as the pattern of a pool. A whole domain is none: its subscribers would be of the pool. */
export const poolPattern = /^(?!\*@)[\w.-]{0,64}\*[\w.-]{0,64}@[a-z\d.-]{1,128}$/;

export interface PoolOwner {
  readonly clientId: string;
  readonly pool: string | undefined;
}

export class Pools {
  readonly #owned: readonly { readonly clientId: string; readonly pool: string }[];

  constructor(owners: readonly PoolOwner[]) {
    this.#owned = owners.flatMap(({ clientId, pool }) => (pool === undefined ? [] : [{ clientId, pool }]));
  }

  /** Two clients whose pools could have an identity in common, or undefined. */
  findOverlap(): readonly [string, string] | undefined {
    for (const [index, one] of this.#owned.entries()) {
      const other = this.#owned.slice(index + 1).find(({ pool }) => overlaps(one.pool, pool));
      if (other !== undefined) return [one.clientId, other.clientId];
    }
    return undefined;
  }

  /** Whether the IMPI is of this client's own pool, and the IMPUs are the one that belongs to it. */
  isOwn(clientId: string, impi: string, impus: readonly string[]): boolean {
    const pool = this.#owned.find((owned) => owned.clientId === clientId)?.pool;
    return pool !== undefined && matches(pool, impi) && impus.length === 1 && impus[0] === `sip:${impi}`;
  }

  /** Whether an IMPI or IMPU is of anybody's pool, however it is written: no subscriber may register it. */
  isPooled(identity: string): boolean {
    const name = plainName(identity);
    return this.#owned.some(({ pool }) => matches(pool.toLowerCase(), name));
  }
}

/** `user@host` of a SIP URI in lower case, without escapes, password and port (RFC 3261 19.1.4). */
function plainName(identity: string): string {
  const address = identity.replace(/^sips?:/i, '').split(/[;?]/, 1)[0] ?? '';
  const unescaped = address.replace(/%([\da-f]{2})/gi, (_escape, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return unescaped
    .replace(/:\d*$/, '')
    .replace(/:[^@]*@/, '@')
    .toLowerCase();
}

function matches(pool: string, impi: string): boolean {
  const [before, after] = split(pool);
  if (impi.length <= before.length + after.length || !impi.startsWith(before) || !impi.endsWith(after)) return false;
  return /^[\w.-]+$/.test(impi.slice(before.length, impi.length - after.length));
}

/** Errs on the side of yes: a beginning and an end may be too long to stand in one name. */
function overlaps(one: string, other: string): boolean {
  const [[beginning, end], [otherBeginning, otherEnd]] = [split(one.toLowerCase()), split(other.toLowerCase())];
  const beginsAlike = beginning.startsWith(otherBeginning) || otherBeginning.startsWith(beginning);
  return beginsAlike && (end.endsWith(otherEnd) || otherEnd.endsWith(end));
}

function split(pool: string): readonly [string, string] {
  const at = pool.indexOf('*');
  return [pool.slice(0, at), pool.slice(at + 1)];
}

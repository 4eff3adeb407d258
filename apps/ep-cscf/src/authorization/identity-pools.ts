/**
 * Which private identities belong to the pools of WWSFs (TS 33.203 X.4.1 REQ 3.2, X.4.2.3 step 4.1 NOTE 8).
 *
 * A pool is its WWSF's alone: nobody else's token opens it, however the WAF that signed it came to do so.
 *
 * @module
 */
import { fitsPool, overlaps, type PoolPattern, parsePoolPattern } from './pool-pattern.ts';

/** A WWSF as its tokens name it. */
export interface PoolOwner {
  /** Issuer of the tokens. */
  readonly issuer: string;
  readonly clientId: string;
}

/** Pool of a WWSF at the operator's own WAF. */
export interface OwnPool {
  readonly clientId: string;
  readonly pattern: PoolPattern;
}

export interface IdentityPool extends PoolOwner {
  readonly pattern: PoolPattern;
}

/**
 * - `outside`: the identity is in no pool.
 * - `own`: it is in the pool of this WWSF: that it may assign it is proven.
 * - `of another`: it is in the pool of another one.
 */
export type PoolVerdict = 'outside' | 'own' | 'of another';

export class IdentityPools {
  readonly #pools: readonly IdentityPool[];

  /** @throws {TypeError} pools of two WWSFs overlap: nobody could say whose an identity is. */
  constructor(pools: readonly IdentityPool[]) {
    const clash = pools.some((pool, at) =>
      pools.slice(at + 1).some((other) => !isSameOwner(pool, other) && overlaps(pool.pattern, other.pattern)),
    );
    if (clash) throw new TypeError('pools: expected patterns of which no private identity fits those of two WWSFs');
    this.#pools = pools;
  }

  /** Whether a private identity, in canonical spelling, is in any pool. */
  has(impi: string): boolean {
    return this.#pools.some(({ pattern }) => fitsPool(pattern, impi));
  }

  judge(impi: string, owner: PoolOwner): PoolVerdict {
    const pool = this.#pools.find(({ pattern }) => fitsPool(pattern, impi));
    if (pool === undefined) return 'outside';
    return isSameOwner(pool, owner) ? 'own' : 'of another';
  }
}

function isSameOwner(left: PoolOwner, right: PoolOwner): boolean {
  return left.issuer === right.issuer && left.clientId === right.clientId;
}

const maxPools = 1_000;

/** Reads `client_id=pattern,…`; undefined where the text is something else. */
export function parsePools(text: string): readonly OwnPool[] | undefined {
  const parts = text.split(',').map((item) => item.trim());
  const read = parts.flatMap((part): OwnPool[] => {
    const { clientId, form } =
      /^(?<clientId>[\x21\x23-\x3c\x3e-\x5b\x5d-\x7e]{1,255})=(?<form>.+)$/u.exec(part)?.groups ?? {};
    const pattern = parsePoolPattern(form ?? '');
    return clientId === undefined || pattern === undefined ? [] : [{ clientId, pattern }];
  });
  return read.length === parts.length && read.length <= maxPools ? read : undefined;
}

/**
 * What a lease of a pair of the pool is, and its bounds (TS 33.203 X.4.2.1).
 *
 * @module
 */
import type { SessionKind } from '../sessions/session-store.ts';
import type { Pair } from './pool-pattern.ts';

export interface LeaseLimits {
  /** A lease that is not renewed ends after this: its page was closed. */
  readonly leaseMs: number;
  /** The same for a user who signed in, whose page need not renew. */
  readonly userLeaseMs: number;
  /** A lease ends after this, renewed or not. */
  readonly lifetimeMs: number;
  readonly coolDownMs: number;
  /** Pairs that one address, or one user, keeps from others: leased, returning and cooling. */
  readonly perSource: number;
  /** Leases at a time, where the pool is an open range. */
  readonly total: number;
}

/** Who asks for a pair. */
export interface LeaseRequest {
  /** Names the lease: the key of its web session. */
  readonly key: string;
  readonly kind: SessionKind;
  /** Keyed hash of a guest's address or a user's name. */
  readonly source: string;
}

export interface Lease extends Pair {
  readonly key: string;
}

export type PoolCounts = Readonly<Record<'leased' | 'cooling' | 'free', number>>;

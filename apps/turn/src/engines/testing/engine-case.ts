/**
 * One sentence about a TURN server that is seen to hold, or not, from the network.
 *
 * @module
 */
import type { Stand } from './stand.ts';

export interface EngineCase {
  readonly clause: string;
  /** What a server does; reads on after the clause. */
  readonly says: string;
  /** Settings of the server; `open` unless given. */
  readonly profile?: ProfileName;
  /** Rejects where the server does not do it. */
  readonly run: (stand: Stand) => Promise<void>;
}

/**
 * `open` allows peers on loopback; `closed` allows none that is not public, two allocations a credential, and takes
 * access tokens as coturn does.
 */
export type ProfileName = 'open' | 'closed';

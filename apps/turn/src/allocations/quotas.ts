/**
 * Places for allocations: of one credential, of one source address, and of all together.
 *
 * @module
 */
import { RequestRefused } from '../errors.ts';
import type { Allocation } from './allocation.ts';

export interface Quotas {
  /** Of one Tid. */
  readonly user: number;
  readonly total: number;
  /** Of one source address, of IPv6 one network of 64 bits; undefined sets no limit. */
  readonly address: number | undefined;
}

/** Who asks for a place: the parts of an {@link Allocation} that are known beforehand. */
export interface Claimant {
  readonly flow: Pick<Allocation['flow'], 'remote'>;
  readonly user: Pick<Allocation['user'], 'tid'>;
}

export class Places {
  readonly #quotas: Quotas;
  /** Places that are taken, allocations in the making among them. */
  readonly #ofUsers = new Map<string, number>();
  readonly #ofAddresses = new Map<string, number>();
  #count = 0;

  constructor(quotas: Quotas) {
    this.#quotas = quotas;
  }

  /** @throws {RequestRefused} 486, 508 */
  take({ flow, user }: Claimant): void {
    const { user: ofUser, address: ofAddress, total } = this.#quotas;
    const source = sourceOf(flow);
    if ((this.#ofUsers.get(user.tid) ?? 0) >= ofUser) throw quotaReached(ofUser, 'a credential');
    if (ofAddress !== undefined && (this.#ofAddresses.get(source) ?? 0) >= ofAddress) {
      throw quotaReached(ofAddress, 'a source address');
    }
    if (this.#count >= total) {
      throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected a free place for an allocation');
    }
    add(this.#ofUsers, user.tid, 1);
    add(this.#ofAddresses, source, 1);
    this.#count += 1;
  }

  giveBack({ flow, user }: Claimant): void {
    add(this.#ofUsers, user.tid, -1);
    add(this.#ofAddresses, sourceOf(flow), -1);
    this.#count -= 1;
  }
}

function quotaReached(quota: number, whose: string): RequestRefused {
  return new RequestRefused('ERR_TURN_ALLOCATION_QUOTA_REACHED', `expected at most ${quota} allocations of ${whose}`);
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

/** One subscriber has a whole network of IPv6. */
function sourceOf({ remote: { family, address } }: Claimant['flow']): string {
  return family === 'IPv4' ? address : address.split(':', 4).join(':');
}

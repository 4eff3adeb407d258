/**
 * All allocations: found by 5-tuple, counted against the quotas, ended when their time is over.
 *
 * @module
 */
import type { Clock } from '../clock.ts';
import { RequestRefused } from '../errors.ts';
import type { Allocation } from './allocation.ts';

export interface Quotas {
  /** Of one Tid. */
  readonly user: number;
  readonly total: number;
}

export type EndReason = 'expired' | 'deleted' | 'disconnected' | 'stopped';

export interface AllocationTableSettings {
  readonly clock: Clock;
  readonly quotas: Quotas;
  readonly onAdd: (allocation: Allocation, lifetimeSeconds: number) => void;
  readonly onEnd: (allocation: Allocation, reason: EndReason) => void;
}

export class AllocationTable {
  readonly #clock: Clock;
  readonly #quotas: Quotas;
  readonly #onAdd: AllocationTableSettings['onAdd'];
  readonly #onEnd: AllocationTableSettings['onEnd'];
  readonly #allocations = new Map<string, Allocation>();
  readonly #timers = new Map<Allocation, () => void>();
  /** Places of each Tid, allocations in the making among them. */
  readonly #places = new Map<string, number>();
  #placeCount = 0;

  constructor({ clock, quotas, onAdd, onEnd }: AllocationTableSettings) {
    this.#clock = clock;
    this.#quotas = quotas;
    this.#onAdd = onAdd;
    this.#onEnd = onEnd;
  }

  get size(): number {
    return this.#allocations.size;
  }

  /** By {@link ClientFlow.key}. */
  find(flowKey: string): Allocation | undefined {
    return this.#allocations.get(flowKey);
  }

  /** Takes a place under the quotas, to be given back by `release` unless `add` follows. @throws {RequestRefused} 486, 508 */
  reserve(tid: string): void {
    const held = this.#places.get(tid) ?? 0;
    if (held >= this.#quotas.user) {
      throw new RequestRefused(
        'ERR_TURN_ALLOCATION_QUOTA_REACHED',
        `expected at most ${this.#quotas.user} allocations`,
      );
    }
    if (this.#placeCount >= this.#quotas.total) {
      throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected a free place for an allocation');
    }
    this.#places.set(tid, held + 1);
    this.#placeCount += 1;
  }

  release(tid: string): void {
    const held = this.#places.get(tid) ?? 0;
    if (held > 1) this.#places.set(tid, held - 1);
    else this.#places.delete(tid);
    this.#placeCount -= 1;
  }

  /** The allocation holds the place that was reserved for its user. */
  add(allocation: Allocation, lifetimeSeconds: number): void {
    this.#allocations.set(allocation.flow.key, allocation);
    this.extend(allocation, lifetimeSeconds);
    this.#onAdd(allocation, lifetimeSeconds);
  }

  extend(allocation: Allocation, lifetimeSeconds: number): void {
    this.#timers.get(allocation)?.();
    allocation.expiresAtMs = this.#clock.now() + 1_000 * lifetimeSeconds;
    this.#timers.set(
      allocation,
      this.#clock.after(1_000 * lifetimeSeconds, () => this.end(allocation, 'expired')),
    );
  }

  end(allocation: Allocation, reason: EndReason): void {
    if (this.#allocations.get(allocation.flow.key) !== allocation) return;
    this.#allocations.delete(allocation.flow.key);
    this.#timers.get(allocation)?.();
    this.#timers.delete(allocation);
    this.release(allocation.user.tid);
    allocation.relay.close();
    this.#onEnd(allocation, reason);
  }

  endAll(): void {
    for (const allocation of this.#allocations.values()) this.end(allocation, 'stopped');
  }
}

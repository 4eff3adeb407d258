/**
 * All allocations: found by 5-tuple and by relayed address, counted against the quotas, ended when their time is over.
 *
 * @module
 */
import { lastMsOf, type TurnUser } from '../authentication/turn-user.ts';
import type { Clock } from '../clock.ts';
import type { Allocation } from './allocation.ts';
import type { Bandwidth } from './bandwidth.ts';
import { Deadlines } from './deadlines.ts';
import { type Claimant, Places, type Quotas } from './quotas.ts';

export type EndReason = 'expired' | 'deleted' | 'disconnected' | 'revoked' | 'stopped';

export interface AllocationTableSettings {
  readonly clock: Clock;
  readonly quotas: Quotas;
  readonly bandwidth: Bandwidth;
  readonly onAdd: (allocation: Allocation, lifetimeSeconds: number) => void;
  readonly onEnd: (allocation: Allocation, reason: EndReason) => void;
}

export class AllocationTable {
  readonly #clock: Clock;
  readonly #bandwidth: Bandwidth;
  readonly #onAdd: AllocationTableSettings['onAdd'];
  readonly #onEnd: AllocationTableSettings['onEnd'];
  readonly #allocations = new Map<string, Allocation>();
  /** By the Tid of who made it, and of who holds it. */
  readonly #ofUsers = new Map<string, Set<Allocation>>();
  /** By address, then by port. */
  readonly #relayed = new Map<string, Map<number, Allocation>>();
  readonly #deadlines: Deadlines<Allocation>;
  readonly #places: Places;
  /** Who waits for the last allocation to end. */
  #onEmpty: (() => void)[] = [];

  constructor({ clock, quotas, bandwidth, onAdd, onEnd }: AllocationTableSettings) {
    this.#clock = clock;
    this.#bandwidth = bandwidth;
    this.#onAdd = onAdd;
    this.#onEnd = onEnd;
    this.#places = new Places(quotas);
    this.#deadlines = new Deadlines(clock, (allocation) => this.end(allocation, 'expired'));
  }

  get size(): number {
    return this.#allocations.size;
  }

  values(): IterableIterator<Allocation> {
    return this.#allocations.values();
  }

  /** By {@link ClientFlow.key}. */
  find(flowKey: string): Allocation | undefined {
    return this.#allocations.get(flowKey);
  }

  /** The allocation whose relayed transport address that is. */
  findRelayed(address: string, port: number): Allocation | undefined {
    return this.#relayed.get(address)?.get(port);
  }

  /** Takes a place under the quotas, to be given back by `release` unless `add` follows. @throws {RequestRefused} 486, 508 */
  reserve(claimant: Claimant): void {
    this.#places.take(claimant);
  }

  release(claimant: Claimant): void {
    this.#places.giveBack(claimant);
  }

  /** The allocation holds the place that was reserved for its user. */
  add(allocation: Allocation, lifetimeSeconds: number): void {
    this.#allocations.set(allocation.flow.key, allocation);
    const { user } = allocation;
    const [other] = this.#ofUsers.get(user.tid) ?? [];
    allocation.bucket = other?.bucket ?? this.#bandwidth.createUserBucket(user.tid, this.#clock.now());
    this.#addToUser(allocation, user.tid);
    for (const { address, port } of allocation.relay.locals) {
      const ports = this.#relayed.get(address) ?? new Map<number, Allocation>();
      this.#relayed.set(address, ports.set(port, allocation));
    }
    this.extend(allocation, lifetimeSeconds, lastMsOf(user, this.#clock.now()));
    this.#onAdd(allocation, lifetimeSeconds);
  }

  /**
   * Lets the allocation live so long from now, and not a millisecond beyond what its credential allows: LIFETIME counts
   * whole seconds, which seldom end when those of the clock do (TS 33.203 X.5.2.2 step 7).
   */
  extend(allocation: Allocation, lifetimeSeconds: number, lastMs: number): void {
    const endMs = Math.min(this.#clock.now() + 1_000 * lifetimeSeconds, lastMs);
    allocation.expiresAtMs = endMs;
    this.#deadlines.set(allocation, endMs);
  }

  /** The user goes on with the allocation, if it still lives: it ends with the revocation of either credential. */
  handOver(allocation: Allocation, user: TurnUser): void {
    if (this.find(allocation.flow.key) !== allocation) return;
    if (allocation.holder.tid !== allocation.user.tid) this.#removeFromUser(allocation, allocation.holder.tid);
    allocation.holder = user;
    this.#addToUser(allocation, user.tid);
  }

  end(allocation: Allocation, reason: EndReason): void {
    if (this.#allocations.get(allocation.flow.key) !== allocation) return;
    this.#allocations.delete(allocation.flow.key);
    this.#deadlines.delete(allocation);
    for (const { tid } of [allocation.user, allocation.holder]) this.#removeFromUser(allocation, tid);
    for (const { address, port } of allocation.relay.locals) {
      // One of a dual allocation may have been ended before, and its port be somebody else's by now.
      const ports = this.#relayed.get(address);
      if (ports?.get(port) === allocation) ports.delete(port);
    }
    this.release(allocation);
    allocation.relay.close();
    this.#onEnd(allocation, reason);
    if (this.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
  }

  /** How many ended. */
  endUser(tid: string, reason: EndReason): number {
    const allocations = [...(this.#ofUsers.get(tid) ?? [])];
    for (const allocation of allocations) this.end(allocation, reason);
    return allocations.length;
  }

  endAll(): void {
    for (const allocation of this.#allocations.values()) this.end(allocation, 'stopped');
  }

  /** Resolves once there is none. */
  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.size === 0) resolve();
      else this.#onEmpty.push(resolve);
    });
  }

  #addToUser(allocation: Allocation, tid: string): void {
    const others = this.#ofUsers.get(tid) ?? new Set<Allocation>();
    this.#ofUsers.set(tid, others.add(allocation));
  }

  #removeFromUser(allocation: Allocation, tid: string): void {
    const others = this.#ofUsers.get(tid);
    if (others?.delete(allocation) !== true || others.size > 0) return;
    this.#ofUsers.delete(tid);
    this.#bandwidth.restUserBucket(tid, allocation.bucket);
  }
}

/**
 * Transactions by where they run and by key.
 *
 * A connection is a scope of its own: a peer that has seen branches of others, which every Via below its own shows,
 * can neither answer nor cancel in their place. Datagrams, whose sender proves nothing, share one scope.
 *
 * @module
 */
import type { Flow } from './flow.ts';

const datagrams: unique symbol = Symbol('datagrams');

export class TransactionTable<F extends Flow, Entry> {
  readonly #scopes = new Map<F | typeof datagrams, Map<string, Entry>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(flow: F, key: string): Entry | undefined {
    return this.#scopes.get(scopeOf(flow))?.get(key);
  }

  set(flow: F, key: string, entry: Entry): void {
    const scope = scopeOf(flow);
    const entries = this.#scopes.get(scope) ?? new Map<string, Entry>();
    this.#scopes.set(scope, entries);
    if (!entries.has(key)) this.#size += 1;
    entries.set(key, entry);
  }

  delete(flow: F, key: string): void {
    const scope = scopeOf(flow);
    const entries = this.#scopes.get(scope);
    if (entries?.delete(key) !== true) return;
    this.#size -= 1;
    if (entries.size === 0) this.#scopes.delete(scope);
  }

  countOn(flow: F): number {
    return this.#scopes.get(scopeOf(flow))?.size ?? 0;
  }

  /** What runs on one flow, as it is now: the list stays while the table changes. */
  on(flow: F): readonly Entry[] {
    return [...(this.#scopes.get(scopeOf(flow))?.values() ?? [])];
  }
}

function scopeOf<F extends Flow>(flow: F): F | typeof datagrams {
  return flow.reliable ? flow : datagrams;
}

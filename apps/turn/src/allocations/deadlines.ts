/**
 * Deadlines of many things under one timer: a binary heap, so that ten thousand allocations cost no ten thousand timers.
 *
 * @module
 */
import type { Clock } from '../clock.ts';

interface Entry<T> {
  readonly item: T;
  atMs: number;
  /** Where it stands in the heap. */
  place: number;
}

export class Deadlines<T> {
  readonly #clock: Clock;
  readonly #onPassed: (item: T) => void;
  /** Each entry is due no later than those at twice its place plus one and plus two. */
  readonly #heap: Entry<T>[] = [];
  readonly #entries = new Map<T, Entry<T>>();
  /** The one timer. It may fire too early, after its deadline was put off: then it is set again. */
  #timer: { readonly atMs: number; readonly stop: () => void } | undefined;

  /** @param onPassed is called once for each item whose deadline passed, in their order; the item is gone by then. */
  constructor(clock: Clock, onPassed: (item: T) => void) {
    this.#clock = clock;
    this.#onPassed = onPassed;
  }

  /** Sets the deadline of an item, or another one. */
  set(item: T, atMs: number): void {
    const known = this.#entries.get(item);
    if (known === undefined) {
      const entry = { item, atMs, place: this.#heap.length };
      this.#entries.set(item, entry);
      this.#heap.push(entry);
      this.#rise(entry);
    } else {
      known.atMs = atMs;
      this.#rise(known);
      this.#sink(known);
    }
    this.#setTimer();
  }

  delete(item: T): void {
    const entry = this.#entries.get(item);
    if (entry === undefined) return;
    this.#entries.delete(item);
    const last = this.#heap.pop();
    if (last !== undefined && last !== entry) {
      this.#put(last, entry.place);
      this.#rise(last);
      this.#sink(last);
    }
    if (this.#heap.length === 0) this.#stopTimer();
  }

  #setTimer(): void {
    const next = this.#heap[0];
    if (next === undefined || (this.#timer !== undefined && this.#timer.atMs <= next.atMs)) return;
    this.#stopTimer();
    const stop = this.#clock.after(Math.max(0, next.atMs - this.#clock.now()), () => this.#fire());
    this.#timer = { atMs: next.atMs, stop };
  }

  #stopTimer(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  #fire(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.now();
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > nowMs) break;
      this.delete(next.item);
      this.#onPassed(next.item);
    }
    this.#setTimer();
  }

  #rise(entry: Entry<T>): void {
    while (entry.place > 0) {
      const parent = this.#heap[(entry.place - 1) >> 1];
      if (parent === undefined || parent.atMs <= entry.atMs) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry<T>): void {
    for (;;) {
      const [left, right] = [this.#heap[2 * entry.place + 1], this.#heap[2 * entry.place + 2]];
      if (left === undefined) return;
      const child = right !== undefined && right.atMs < left.atMs ? right : left;
      if (child.atMs >= entry.atMs) return;
      this.#swap(entry, child);
    }
  }

  #swap(one: Entry<T>, other: Entry<T>): void {
    const { place } = one;
    this.#put(one, other.place);
    this.#put(other, place);
  }

  #put(entry: Entry<T>, place: number): void {
    entry.place = place;
    this.#heap[place] = entry;
  }
}

/**
 * What happened, and waiting for what will.
 *
 * @module
 */

export class EventLog<Event> {
  readonly all: Event[] = [];
  readonly #waiting = new Set<{ matches: (event: Event) => boolean; resolve: (event: Event) => void }>();

  add(event: Event): void {
    this.all.push(event);
    for (const waiting of this.#waiting) {
      if (!waiting.matches(event)) continue;
      this.#waiting.delete(waiting);
      waiting.resolve(event);
    }
  }

  /** The first event of that kind, past or to come. */
  when(matches: (event: Event) => boolean): Promise<Event> {
    const known = this.all.find(matches);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.add({ matches, resolve }));
  }
}

/**
 * One run of a test: what it holds is let go when it is over, and no wait of it outlives it.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

export class Run {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #ends = new Set<() => void>();
  #isOver = false;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls `end` when the run is over, or when the function that it returns is called: once. */
  hold(end: () => void): () => void {
    const once = (): void => {
      if (this.#ends.delete(once)) end();
    };
    this.#ends.add(once);
    if (this.#isOver) once();
    return once;
  }

  /**
   * What `begin` settles with; `otherwise` if it does not within `ms`, or if the run is over before. Then what `begin`
   * has returned is called.
   */
  async wait<T>(ms: number, otherwise: T, begin: (settle: (value: T) => void) => () => void): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    const releases = [this.hold(() => resolve(otherwise))];
    const stopTimer = this.#clock.after(ms, () => resolve(otherwise));
    releases.push(stopTimer, begin(resolve));
    try {
      return await promise;
    } finally {
      for (const release of releases) release();
    }
  }

  /** Calls `run` again and again, every `ms`. The function that it returns ends that. */
  every(ms: number, run: () => void): () => void {
    let stopTimer = (): void => undefined;
    const next = (): void => {
      stopTimer = this.#clock.after(ms, () => {
        run();
        if (!isStopped) next();
      });
    };
    let isStopped = false;
    next();
    return this.hold(() => {
      isStopped = true;
      stopTimer();
    });
  }

  end(): void {
    this.#isOver = true;
    for (const end of [...this.#ends]) end();
  }
}

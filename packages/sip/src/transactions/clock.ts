/**
 * Time, injected: the stack itself never looks at one.
 *
 * @module
 */

export interface Clock {
  /** Milliseconds on a scale of the clock's own. */
  now(): number;
  /** Runs `run` once after `ms`; the function it returns stops that. */
  after(ms: number, run: () => void): () => void;
}

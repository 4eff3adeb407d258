/**
 * Time for the in-process Cx.
 *
 * @module
 */

/** Calls `run` once after `ms` milliseconds, unless the returned function is called first. */
export function afterOnTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/**
 * What a browser keeps for a page, where it lets it.
 *
 * @module
 */

/** What `run` returns; undefined where the browser keeps nothing for this page, or has no room. */
export function tryStorage<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/**
 * When to renew what expires.
 *
 * @module
 */

/** Milliseconds from now: 600 s before the end of what lasts above 1200 s, else half of it (TS 24.229 5.1.1.4.1). */
export function refreshAfterMs(lifetimeMs: number): number {
  return lifetimeMs > 1_200_000 ? lifetimeMs - 600_000 : Math.max(lifetimeMs / 2, 0);
}

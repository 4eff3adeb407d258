/**
 * When to renew what expires: registrations and subscriptions.
 *
 * @module
 */

/**
 * Milliseconds from now, for what lasts `lifetimeMs`: 600 s before the end of what lasts above 1200 s, else half of it
 * (TS 24.229 5.1.1.4.1); up to a tenth earlier, so that those who came together do not come back together.
 */
export function refreshAfterMs(lifetimeMs: number, random: () => number): number {
  const latest = lifetimeMs > 1_200_000 ? lifetimeMs - 600_000 : Math.max(lifetimeMs / 2, 0);
  return Math.floor(latest * (1 - 0.1 * random()));
}

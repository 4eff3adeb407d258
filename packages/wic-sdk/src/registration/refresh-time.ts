/**
 * When to renew what expires.
 *
 * @module
 */
import type { Registered } from './register-outcome.ts';

/** Milliseconds from now: 600 s before the end of what lasts above 1200 s, else half of it (TS 24.229 5.1.1.4.1). */
export function refreshAfterMs(lifetimeMs: number): number {
  return lifetimeMs > 1_200_000 ? lifetimeMs - 600_000 : Math.max(lifetimeMs / 2, 0);
}

/** Only past half of its lifetime another TURN credential is given; it counts in whole seconds. */
const pastHalfMs = 1_000;

/** The registration, or the TURN credential that came with it, whichever ends first; within `atMostMs` in any case. */
export function renewAfterMs(
  { expiresAtMs, turnCredential }: Registered,
  nowMs: number,
  atMostMs: number = Infinity,
): number {
  const turnMs = turnCredential === undefined ? Infinity : turnCredential.expiresAtMs - nowMs;
  const inTimeMs = Math.min(
    refreshAfterMs(expiresAtMs - nowMs),
    Math.max(refreshAfterMs(turnMs), turnMs / 2 + pastHalfMs),
  );
  return Math.min(Math.max(inTimeMs, 1_000), atMostMs);
}

/**
 * How long an allocation lives (RFC 8656 7.2, 8.2; TS 33.203 X.5.2.2 step 7).
 *
 * @module
 */

export interface LifetimeLimits {
  readonly defaultSeconds: number;
  readonly maxSeconds: number;
}

export interface LifetimeRequest {
  /** LIFETIME of the request; undefined asks for the default. */
  readonly requestedSeconds: number | undefined;
  /** When the credential ends, in Unix milliseconds, later than now. */
  readonly lastMs: number;
  readonly nowMs: number;
}

/** The seconds granted, at least 1: no more than the limit, and never a second beyond the credential's end. */
export function grantLifetime(
  { requestedSeconds, lastMs, nowMs }: LifetimeRequest,
  { defaultSeconds, maxSeconds }: LifetimeLimits,
): number {
  const wanted = Math.min(maxSeconds, Math.max(defaultSeconds, requestedSeconds ?? defaultSeconds));
  return Math.min(wanted, Math.max(1, Math.ceil((lastMs - nowMs) / 1_000)));
}

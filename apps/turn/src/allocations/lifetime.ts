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
  /** Texp of the credential, later than now. */
  readonly expiresAtSeconds: number;
  readonly nowMs: number;
}

/** The seconds granted, at least 1: no more than the limit, and never beyond the credential's Texp. */
export function grantLifetime(
  { requestedSeconds, expiresAtSeconds, nowMs }: LifetimeRequest,
  { defaultSeconds, maxSeconds }: LifetimeLimits,
): number {
  const wanted = Math.min(maxSeconds, Math.max(defaultSeconds, requestedSeconds ?? defaultSeconds));
  return Math.min(wanted, Math.max(1, expiresAtSeconds - Math.floor(nowMs / 1_000)));
}

/**
 * How long to wait before a flow that failed is tried again (RFC 5626 4.5).
 *
 * @module
 */

/** How a flow fared, and the bounds of waiting in milliseconds (RFC 5626 4.5). */
export interface FlowRecoveryTerms {
  /** Failures in a row of this flow. */
  readonly failures: number;
  /** Whether every flow of this user agent is down. */
  readonly allFailed: boolean;
  /** 30 s unless given: the base where all flows are down. */
  readonly baseAllFailedMs?: number;
  /** 90 s unless given: the base where another flow stands. */
  readonly baseMs?: number;
  /** 1800 s unless given. */
  readonly maxMs?: number;
}

/**
 * Milliseconds: 50 to 100 % of the base times two to the number of failures, at most `maxMs`; 0 before the first
 * failure. `random` gives 0 up to 1.
 */
export function flowRecoveryDelayMs(terms: FlowRecoveryTerms, random: () => number): number {
  const { failures, allFailed, baseAllFailedMs = 30_000, baseMs = 90_000, maxMs = 1_800_000 } = terms;
  if (failures === 0) return 0;
  const upperBoundMs = Math.min(maxMs, (allFailed ? baseAllFailedMs : baseMs) * 2 ** Math.min(failures, 30));
  return Math.round(upperBoundMs * (0.5 + 0.5 * random()));
}

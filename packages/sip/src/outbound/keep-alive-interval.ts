/**
 * How long a flow may stay silent (RFC 5626 4.4, RFC 6223 4.3).
 *
 * @module
 */

/** What is known of a flow and of what its far end wants; seconds from 1 on. */
export interface KeepAliveTerms {
  /** Whether the transport is a connection. */
  readonly reliable: boolean;
  /** Flow-Timer of the 2xx to REGISTER. */
  readonly flowTimerSeconds: number | undefined;
  /** What the next hop granted in `keep`: see `readKeep`. */
  readonly keepSeconds: number | undefined;
}

/**
 * Milliseconds until the next keep-alive: 80 to 100 % of what the server said; else 95 to 120 s on a connection and 24
 * to 29 s between datagrams. `random` gives 0 up to 1.
 */
export function keepAliveIntervalMs(terms: KeepAliveTerms, random: () => number): number {
  const seconds = terms.flowTimerSeconds ?? (terms.keepSeconds || undefined);
  const [from, to] = seconds === undefined ? (terms.reliable ? [95, 120] : [24, 29]) : [0.8 * seconds, seconds];
  return Math.round(1_000 * (from + (to - from) * random()));
}

/**
 * What an operator is told again and again is told seldom: what fails for one datagram fails for the next ones too.
 *
 * @module
 */
import type { Clock } from './clock.ts';

const periodMs = 10_000;

/** Does it the first time, and then at most once in ten seconds. */
export function seldom<T>(clock: Pick<Clock, 'now'>, act: (subject: T) => void): (subject: T) => void {
  let doneAtMs = Number.NEGATIVE_INFINITY;
  return (subject) => {
    const passedMs = clock.now() - doneAtMs;
    if (passedMs >= 0 && passedMs < periodMs) return;
    doneAtMs = clock.now();
    act(subject);
  };
}

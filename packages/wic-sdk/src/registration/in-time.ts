/**
 * Waiting that has an end.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

/** What `promise` brings. Rejects where it brings nothing within `ms`. */
export function inTime<T>(clock: Pick<Clock, 'after'>, promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => reject(new Error('no answer in time')));
    promise.then(resolve, reject).finally(stop);
  });
}

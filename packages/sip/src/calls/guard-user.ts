/**
 * Stands between a call and its program: what a callback throws is reported, and leaves the call and its transport as
 * they were.
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';
import type { CallMedia, CallUser } from './call-user.ts';
import { respond } from './respond.ts';

/** RFC 3261 16.6 step 11: so long proxies wait. */
const mediaPatienceMs = 180_000;

/** Hears of what a callback threw. */
export type Report = (error: unknown) => void;

/** What `run` gives; undefined where it throws. */
export function guard<T>(run: () => T, report: Report): T | undefined {
  try {
    return run();
  } catch (error) {
    // Whatever it is, it belongs to the program, not to whoever sent the message.
    report(error);
    return undefined;
  }
}

/** Runs `run`; what it throws, or what its promise is rejected with, is reported, and then `onFailed` is called. */
export function attempt(run: () => unknown, report: Report, onFailed: () => void = () => undefined): void {
  const fail = (error: unknown): void => {
    report(error);
    onFailed();
  };
  try {
    const running = run();
    if (running instanceof Promise) running.catch(fail);
  } catch (error) {
    fail(error);
  }
}

/** `user`, none of whose callbacks throws. Of its media only those may that refuse a description by it; in time. */
export function guardUser(user: CallUser, report: Report, clock: Clock): CallUser {
  const { onInfo, onRequest } = user;
  return {
    media: guardMedia(user.media, report, clock),
    onProgress: (response) => attempt(() => user.onProgress?.(response), report),
    onAnswered: () => attempt(() => user.onAnswered?.(), report),
    onEnded: (end) => attempt(() => user.onEnded?.(end), report),
    ...(onInfo === undefined
      ? {}
      : { onInfo: (request, info) => guard(() => finalCode(user.onInfo?.(request, info)), report) ?? 500 }),
    ...(onRequest === undefined
      ? {}
      : {
          onRequest: (transaction) =>
            attempt(
              () => user.onRequest?.(transaction),
              report,
              () => respond(transaction, 500),
            ),
        }),
  };
}

function guardMedia(media: CallMedia, report: Report, clock: Clock): CallMedia {
  return {
    createOffer: (dialog) => within(clock, media.createOffer(dialog)),
    createAnswer: (offer, dialog) => within(clock, media.createAnswer(offer, dialog)),
    acceptAnswer: (answer, dialog) => within(clock, media.acceptAnswer(answer, dialog)),
    preview: (description, dialog) => attempt(() => media.preview?.(description, dialog), report),
    rollback: (dialog) => attempt(() => media.rollback?.(dialog), report),
  };
}

/** What `work` comes to; rejects where that takes longer than anybody waits for an INVITE. */
function within<T>(clock: Clock, work: T | Promise<T>): T | Promise<T> {
  if (!(work instanceof Promise)) return work;
  return new Promise((resolve, reject) => {
    const stop = clock.after(mediaPatienceMs, () => reject(new Error('expected the media to come to an end')));
    work.then(resolve, reject).finally(stop);
  });
}

function finalCode(statusCode = 200): number {
  if (statusCode < 200 || statusCode > 699) throw new TypeError('expected a status code from 200 to 699');
  return statusCode;
}

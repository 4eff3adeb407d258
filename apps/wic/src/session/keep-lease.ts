/**
 * Keeps the identity that a guest has of the pool, for as long as the page is open (TS 33.203 X.4.2.1).
 *
 * @module
 */
import { SessionEnded } from '../errors.ts';

export interface KeepLeaseOptions {
  /** Rejects with a SessionEnded when the lease is over. */
  readonly renew: () => Promise<void>;
  readonly onOver: () => void;
}

/** A third of the usual lease: two renewals may be lost. */
const renewalMs = 30_000;

/** Renews until the function it returns is called, and at once when somebody looks at the page again. */
export function keepLease({ renew, onOver }: KeepLeaseOptions): () => void {
  let isRunning = true;
  const stop = (): void => {
    isRunning = false;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
  const beat = async (): Promise<void> => {
    try {
      await renew();
    } catch (error) {
      // What is no answer, or none that says so, ends nothing: the next renewal may be heard.
      if (!isRunning || !(error instanceof SessionEnded)) return;
      stop();
      onOver();
    }
  };
  const look = (): void => {
    if (document.visibilityState === 'visible') void beat();
  };
  const timer = setInterval(() => void beat(), renewalMs);
  document.addEventListener('visibilitychange', look);
  return stop;
}

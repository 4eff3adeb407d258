// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SessionEnded, WwsfUnreachable } from '../errors.ts';
import { keepLease } from './keep-lease.ts';

describe('the lease of a guest', () => {
  let stop: () => void;
  let renewals: number;
  let answer: () => Promise<void>;
  let isOver: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    [renewals, isOver, answer] = [0, false, async () => undefined];
    const renew = (): Promise<void> => {
      renewals += 1;
      return answer();
    };
    stop = keepLease({
      renew,
      onOver: () => {
        isOver = true;
      },
    });
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('[X.4.2.1] [WWSF 4] is renewed every 30 s while the page is open, and no longer', async () => {
    await vi.advanceTimersByTimeAsync(90_000);
    expect(renewals).toBe(3);
    stop();
    await vi.advanceTimersByTimeAsync(90_000);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(renewals).toBe(3);
  });

  it('[X.4.2.1] is renewed at once when somebody looks at the page again', () => {
    document.dispatchEvent(new Event('visibilitychange'));
    expect(renewals).toBe(1);
  });

  it('[X.4.2.1] outlives a renewal that is not answered', async () => {
    answer = () => Promise.reject(new WwsfUnreachable('/guest/renewal', undefined));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([renewals, isOver]).toEqual([2, false]);
  });

  it('[X.4.2.1] is over once the WWSF says so, and is asked for no more', async () => {
    answer = () => Promise.reject(new SessionEnded('/guest/renewal'));
    await vi.advanceTimersByTimeAsync(120_000);
    expect([renewals, isOver]).toEqual([1, true]);
  });
});

import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { SessionTimer } from './session-timer.ts';

function createScene(): { clock: VirtualClock; log: string[]; timer: SessionTimer } {
  const clock = new VirtualClock();
  const log: string[] = [];
  const timer = new SessionTimer({
    clock,
    onRefresh: () => log.push(`refresh at ${clock.now()}`),
    onExpired: () => log.push(`bye at ${clock.now()}`),
  });
  return { clock, log, timer };
}

describe('SessionTimer', () => {
  it.each([
    {
      seconds: 1_800,
      refreshes: true,
      log: ['refresh at 900000', 'refresh at 1117000', 'refresh at 1334000', 'refresh at 1551000', 'bye at 1768000'],
    },
    { seconds: 1_800, refreshes: false, log: ['bye at 1768000'] },
    {
      seconds: 90,
      refreshes: true,
      log: ['refresh at 45000', 'refresh at 48750', 'refresh at 52500', 'refresh at 56250', 'bye at 60000'],
    },
    { seconds: 90, refreshes: false, log: ['bye at 60000'] },
  ])('[RFC 4028 10] $seconds s, refreshing: $refreshes: $log', ({ seconds, refreshes, log: expected }) => {
    const { clock, log, timer } = createScene();
    timer.agree({ seconds, refreshes });
    clock.advance(2_000_000);
    expect([log, timer.state, timer.interval, clock.pending]).toEqual([expected, 'expired', undefined, 0]);
  });

  it('[RFC 4028 7.2] each refresh starts it anew, with what was agreed on this time', () => {
    const { clock, log, timer } = createScene();
    timer.agree({ seconds: 90, refreshes: true });
    clock.advance(50_000);
    timer.agree({ seconds: 180, refreshes: false });
    expect(timer.interval).toEqual({ seconds: 180, refreshes: false });
    clock.advance(147_999);
    expect(log).toEqual(['refresh at 45000', 'refresh at 48750']);
    clock.advance(1);
    expect(log).toEqual(['refresh at 45000', 'refresh at 48750', 'bye at 198000']);
  });

  it('[RFC 4028 7.2] a 2xx without Session-Expires ends it, and so does the end of the call', () => {
    const { clock, log, timer } = createScene();
    timer.agree({ seconds: 90, refreshes: true });
    timer.agree(undefined);
    expect([timer.state, clock.pending]).toEqual(['off', 0]);
    timer.agree({ seconds: 90, refreshes: true });
    timer.stop();
    timer.stop();
    clock.advance(100_000);
    expect([log, clock.pending]).toEqual([[], 0]);
  });

  it('[RFC 4028 10] what has expired starts no more', () => {
    const { clock, timer } = createScene();
    timer.agree({ seconds: 90, refreshes: false });
    clock.advance(60_000);
    timer.agree({ seconds: 90, refreshes: false });
    expect([timer.state, clock.pending]).toEqual(['expired', 0]);
  });

  it('[RFC 4028 4] an interval beyond what timers can count is neither over at once nor refreshed at once', () => {
    const delays: number[] = [];
    const clock = {
      now: () => 0,
      after: (ms: number) => {
        delays.push(ms);
        return () => undefined;
      },
    };
    const ignore = (): void => undefined;
    new SessionTimer({ clock, onRefresh: ignore, onExpired: ignore }).agree({
      seconds: 4_294_967_295,
      refreshes: true,
    });
    expect(delays).toEqual([1_073_741_500, 2_147_451_000]);
    expect(Math.max(...delays)).toBeLessThan(2 ** 31);
  });
});

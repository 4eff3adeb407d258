import { networkOf } from '@wicgate/node-kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RateLimit } from './rate-limit.ts';

describe('RateLimit', () => {
  afterEach(() => vi.useRealTimers());

  it('[state] counts each address for a minute', () => {
    let nowMs = 1_000_000;
    const limit = new RateLimit(2, () => nowMs);
    const take = (): boolean => limit.take('192.0.2.1');
    expect([take(), take(), take()]).toEqual([true, true, false]);
    expect(limit.take('192.0.2.2')).toBe(true);
    nowMs += 59_999;
    expect(take()).toBe(false);
    nowMs += 1;
    expect(take()).toBe(true);
  });

  it('[state] a minute is a minute, also where the clock is set back by an hour', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const limit = new RateLimit(1);
    expect([limit.take('192.0.2.1'), limit.take('192.0.2.1')]).toEqual([true, false]);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(60_001);
    expect(limit.take('192.0.2.1')).toBe(true);
  });

  it('[state] remembers no more than 100,000 addresses', () => {
    const limit = new RateLimit(2, () => 0);
    for (let index = 0; index < 100_000; index += 1)
      limit.take(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(limit.take('192.0.2.1')).toBe(false);
    expect(limit.take('10.0.0.0')).toBe(true);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('[RFC 6177 2] counts %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

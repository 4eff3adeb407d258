import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SignInLimits } from './sign-in-limits.ts';

let nowMs: number;
let limits: SignInLimits;
let uids: number;

afterEach(() => vi.useRealTimers());

beforeEach(() => {
  nowMs = 1_000_000;
  uids = 0;
  const settings = { WAF_REQUESTS_PER_ADDRESS: 5, WAF_INTERACTIONS_PER_ADDRESS: 2, WAF_INTERACTIONS: 3 };
  limits = new SignInLimits(settings, () => nowMs);
});

/** One authorization request; the uid it led to, or why it was refused. */
function start(address: string): string {
  const request = {} as IncomingMessage;
  const overload = limits.admit(request, address, true);
  if (overload !== undefined) return overload;
  const uid = `uid-${uids}`;
  uids += 1;
  limits.started(request, uid);
  return uid;
}

describe('Sign-in limits', () => {
  it('[X.3.2.3-0] hold the unfinished sign-ins of one address, and let others in', () => {
    expect([start('192.0.2.1'), start('192.0.2.1'), start('192.0.2.1')]).toEqual(['uid-0', 'uid-1', 'tooMany']);
    expect(start('192.0.2.2')).toBe('uid-2');
    limits.ended('uid-0');
    limits.ended('uid-0');
    limits.ended('nobody');
    expect([start('192.0.2.1'), start('192.0.2.1')]).toEqual(['uid-3', 'tooMany']);
  });

  it('[X.3.2.3-0] refuse whoever comes when all places are taken, until the oldest ends by itself', () => {
    start('192.0.2.1');
    nowMs += 300_000;
    start('192.0.2.2');
    start('192.0.2.3');
    expect(start('192.0.2.4')).toBe('busy');
    nowMs += 300_000;
    expect([start('192.0.2.4'), start('192.0.2.5')]).toEqual(['uid-3', 'busy']);
  });

  it('[RFC 6177 2] count a household of IPv6 as one', () => {
    expect([start('2001:db8::1'), start('2001:db8::2'), start('2001:db8::3')]).toEqual(['uid-0', 'uid-1', 'tooMany']);
  });

  it('[X.3.2.3-0] count every request for a minute, and only starts against places', () => {
    const ask = () => limits.admit({} as IncomingMessage, '192.0.2.1', false);
    expect([ask(), ask(), ask(), ask(), ask(), ask()]).toEqual([...Array(5).fill(undefined), 'tooMany']);
    nowMs += 60_000;
    expect(ask()).toBeUndefined();
  });

  it('[state] a minute is a minute, also where the clock is set back by an hour', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const settings = { WAF_REQUESTS_PER_ADDRESS: 1, WAF_INTERACTIONS_PER_ADDRESS: 2, WAF_INTERACTIONS: 3 };
    const ticking = new SignInLimits(settings);
    const ask = () => ticking.admit({} as IncomingMessage, '192.0.2.1', false);
    expect([ask(), ask()]).toEqual([undefined, 'tooMany']);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(60_001);
    expect(ask()).toBeUndefined();
  });
});

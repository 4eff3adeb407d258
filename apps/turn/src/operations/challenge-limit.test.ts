import type { Endpoint } from '@wicgate/stun';
import { describe, expect, it } from 'vitest';
import { ChallengeLimit } from './challenge-limit.ts';

function admitted(limit: ChallengeLimit, client: Endpoint, nowMs: number): number {
  return Array.from({ length: 100 }, () => limit.admits(client, nowMs)).filter(Boolean).length;
}

const client: Endpoint = { family: 'IPv4', address: '192.0.2.1', port: 4_000 };

describe('401s over UDP', () => {
  it('[RFC 8656 21.1.1] so many a second go to one address, whatever its port', () => {
    const limit = new ChallengeLimit(10);
    expect(admitted(limit, client, 0)).toBe(10);
    expect(admitted(limit, { ...client, port: 4_001 }, 999)).toBe(0);
    expect(admitted(limit, client, 1_000)).toBe(10);
  });

  it('[RFC 8656 21.1.1] of IPv6 a network of 64 bits counts as one address', () => {
    const limit = new ChallengeLimit(10);
    const one: Endpoint = { family: 'IPv6', address: '2001:db8:0:1:0:0:0:1', port: 4_000 };
    expect(admitted(limit, one, 0)).toBe(10);
    expect(admitted(limit, { ...one, address: '2001:db8:0:1:0:0:0:2' }, 0)).toBe(0);
  });

  it('a flood from one address leaves others their share', () => {
    const limit = new ChallengeLimit(10);
    admitted(limit, client, 0);
    const others = Array.from({ length: 50 }, (_, at) => ({ ...client, address: `198.51.100.${at}` }));
    // Two addresses may share a counter by chance; not many of fifty.
    expect(others.filter((other) => admitted(limit, other, 0) === 10).length).toBeGreaterThan(45);
  });

  it('a clock that is set back stops nobody', () => {
    const limit = new ChallengeLimit(10);
    admitted(limit, client, 100_000);
    expect(admitted(limit, client, 1_000)).toBe(10);
  });
});

import { describe, expect, it } from 'vitest';
import { Bandwidth } from './bandwidth.ts';

/** How many datagrams of 1,000 octets pass at that moment. */
function passing(bandwidth: Bandwidth, bucket: ReturnType<Bandwidth['createUserBucket']>, nowMs: number): number {
  let count = 0;
  while (count < 10_000 && bandwidth.admits({ bucket }, 1_000, nowMs)) count += 1;
  return count;
}

describe('Bandwidth', () => {
  it('[TURN server 3] of one credential: a second’s worth at once, then the rate', () => {
    const bandwidth = new Bandwidth({ userKbps: 800, totalKbps: undefined }, 0);
    const bucket = bandwidth.createUserBucket('a', 0);
    expect(passing(bandwidth, bucket, 0)).toBe(100);
    expect(passing(bandwidth, bucket, 100)).toBe(10);
    expect(passing(bandwidth, bucket, 100_000)).toBe(100);
  });

  it('[TURN server 3] what one credential used up, another one still has', () => {
    const bandwidth = new Bandwidth({ userKbps: 800, totalKbps: undefined }, 0);
    const [greedy, modest] = [bandwidth.createUserBucket('a', 0), bandwidth.createUserBucket('a', 0)];
    passing(bandwidth, greedy, 0);
    expect(bandwidth.admits({ bucket: modest }, 1_000, 0)).toBe(true);
  });

  it('[TURN server 3] of all together: what one cap refuses is not taken from the other', () => {
    const bandwidth = new Bandwidth({ userKbps: 800, totalKbps: 1_200 }, 0);
    const [one, other] = [bandwidth.createUserBucket('a', 0), bandwidth.createUserBucket('a', 0)];
    expect([passing(bandwidth, one, 0), passing(bandwidth, other, 0)]).toEqual([100, 50]);
    expect(passing(bandwidth, other, 0)).toBe(0);
    // The total gives 15 in 100 ms; the other one has more than that left of its own.
    expect(passing(bandwidth, other, 100)).toBe(15);
  });

  it('a clock that is set back gives nothing and takes nothing', () => {
    const bandwidth = new Bandwidth({ userKbps: 800, totalKbps: undefined }, 10_000);
    const bucket = bandwidth.createUserBucket('a', 10_000);
    passing(bandwidth, bucket, 10_000);
    expect(passing(bandwidth, bucket, 5_000)).toBe(0);
    expect(passing(bandwidth, bucket, 5_100)).toBe(10);
  });

  it('a small rate still passes a datagram of full length', () => {
    const bandwidth = new Bandwidth({ userKbps: 1, totalKbps: undefined }, 0);
    expect(passing(bandwidth, bandwidth.createUserBucket('a', 0), 0)).toBe(16);
  });

  it('[TURN server 3] is as it was for who ends an allocation and makes another; for others it is full', () => {
    const bandwidth = new Bandwidth({ userKbps: 800, totalKbps: undefined }, 0);
    const used = bandwidth.createUserBucket('a', 0);
    passing(bandwidth, used, 0);
    bandwidth.restUserBucket('a', used);
    expect(passing(bandwidth, bandwidth.createUserBucket('b', 0), 0)).toBe(100);
    expect(passing(bandwidth, bandwidth.createUserBucket('a', 100), 100)).toBe(10);
  });

  it('without a cap everything passes', () => {
    const bandwidth = new Bandwidth({ userKbps: undefined, totalKbps: undefined }, 0);
    expect(passing(bandwidth, bandwidth.createUserBucket('a', 0), 0)).toBe(10_000);
  });
});

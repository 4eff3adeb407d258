import type { Endpoint } from '@wicgate/stun';
import { describe, expect, it } from 'vitest';
import { type Claimant, Places } from './quotas.ts';

function claimant(tid: string, address: string, family: Endpoint['family'] = 'IPv4'): Claimant {
  return { user: { tid }, flow: { remote: { family, address, port: 4_000 } } };
}

describe('Places for allocations', () => {
  it('[RFC 8656 7.2] [TURN server 3] one credential holds so many: 486, and one more when one ended', () => {
    const places = new Places({ user: 2, total: 10, address: undefined });
    places.take(claimant('a', '192.0.2.1'));
    places.take(claimant('a', '192.0.2.2'));
    expect(() => places.take(claimant('a', '192.0.2.3'))).toThrow(expect.objectContaining({ statusCode: 486 }));
    places.take(claimant('b', '192.0.2.3'));
    places.giveBack(claimant('a', '192.0.2.1'));
    places.take(claimant('a', '192.0.2.3'));
  });

  it('[RFC 8656 7.2] [RFC 8656 21.3.1] one address holds so many, whatever the credential: 486', () => {
    const places = new Places({ user: 10, total: 10, address: 2 });
    places.take(claimant('a', '192.0.2.1'));
    places.take(claimant('b', '192.0.2.1'));
    expect(() => places.take(claimant('c', '192.0.2.1'))).toThrow(expect.objectContaining({ statusCode: 486 }));
    places.take(claimant('c', '192.0.2.2'));
    places.giveBack(claimant('a', '192.0.2.1'));
    places.take(claimant('c', '192.0.2.1'));
  });

  it('[RFC 8656 21.3.1] of IPv6 a network of 64 bits counts as one address', () => {
    const places = new Places({ user: 10, total: 10, address: 1 });
    places.take(claimant('a', '2001:db8:0:1:0:0:0:1', 'IPv6'));
    const neighbour = claimant('b', '2001:db8:0:1:ffff:0:0:2', 'IPv6');
    expect(() => places.take(neighbour)).toThrow(expect.objectContaining({ statusCode: 486 }));
    places.take(claimant('b', '2001:db8:0:2:0:0:0:1', 'IPv6'));
  });

  it('[RFC 8656 7.2] all together hold so many: 508; a refusal takes no place', () => {
    const places = new Places({ user: 10, total: 1, address: 1 });
    places.take(claimant('a', '192.0.2.1'));
    const later = claimant('b', '192.0.2.2');
    expect(() => places.take(later)).toThrow(expect.objectContaining({ statusCode: 508 }));
    expect(() => places.take(later)).toThrow(expect.objectContaining({ statusCode: 508 }));
    places.giveBack(claimant('a', '192.0.2.1'));
    places.take(later);
  });
});

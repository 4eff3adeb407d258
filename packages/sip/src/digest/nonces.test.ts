import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonceCounts } from './nonce-counts.ts';
import { SealedNonces } from './sealed-nonces.ts';
import { StoredNonces } from './stored-nonces.ts';
import { createRandom } from './testing/digest-peers.ts';

const context = { realm: 'ims.example', bound: 'flow 1' };
const lifetimeMs = 1_000;

describe.each(['sealed', 'stored'])('nonces that are %s', (kind) => {
  let nowMs = 0;
  const now = (): number => nowMs;
  const create = (): SealedNonces | StoredNonces =>
    kind === 'sealed'
      ? new SealedNonces({ key: new Uint8Array(32), lifetimeMs, now, random: createRandom() })
      : new StoredNonces({ lifetimeMs, now, random: createRandom() });
  const nonces = create();

  it('[RFC 7616 3.3] are current for their lifetime and expired afterwards', () => {
    nowMs = 5_000;
    const nonce = nonces.create(context);
    expect(nonces.check(nonce, context)).toEqual({ state: 'current', issuedAtMs: 5_000, isOld: false });
    nowMs = 5_500;
    expect(nonces.check(nonce, context)).toEqual({ state: 'current', issuedAtMs: 5_000, isOld: true });
    nowMs = 5_999;
    expect(nonces.check(nonce, context).state).toBe('current');
    nowMs = 6_000;
    expect(nonces.check(nonce, context)).toEqual({ state: 'expired' });
  });

  it('[RFC 7616 3.3] never come twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => nonces.create(context))).size).toBe(100);
  });

  it.each([
    { other: 'realm', context: { ...context, realm: 'x' } },
    { other: 'binding', context: { ...context, bound: 'flow 2' } },
  ])('[RFC 7616 5.4] are foreign in another $other', ({ context: other }) => {
    expect(nonces.check(nonces.create(context), other)).toEqual({ state: 'foreign' });
  });

  it('[RFC 7616 5.4] are foreign where realm and binding make the same text', () => {
    const nonce = nonces.create({ realm: 'a:b', bound: 'c' });
    expect(nonces.check(nonce, { realm: 'a', bound: 'b:c' })).toEqual({ state: 'foreign' });
  });

  it('[RFC 7616 5.4] are foreign once a digit is another', () => {
    // In which there is only one.
    const others = create();
    const nonce = others.create(context);
    fc.assert(
      fc.property(fc.nat(nonce.length - 1), fc.constantFrom('0', 'f', 'g', '', ' ', 'ä'), (at, digit) => {
        const changed = nonce.slice(0, at) + digit + nonce.slice(at + 1);
        if (changed !== nonce) expect(others.check(changed, context)).toEqual({ state: 'foreign' });
      }),
    );
    expect(nonces.check('', context)).toEqual({ state: 'foreign' });
  });
});

describe('sealed nonces', () => {
  it('[RFC 7616 3.3] are taken by a server with the same key, and by no other', () => {
    const create = (key: Uint8Array): SealedNonces =>
      new SealedNonces({ key, lifetimeMs, now: () => 1, random: createRandom() });
    const nonce = create(new Uint8Array(32)).create(context);
    expect(create(new Uint8Array(32)).check(nonce, context).state).toBe('current');
    expect(create(new Uint8Array(32).fill(1)).check(nonce, context)).toEqual({ state: 'foreign' });
  });

  it.each([{ key: new Uint8Array(31) }, { lifetimeMs: 0 }, { lifetimeMs: Number.NaN }])(
    '[RFC 7616 3.3] are not made with %j',
    (change) => {
      const options = { key: new Uint8Array(32), lifetimeMs, now: () => 1, random: createRandom() };
      expect(() => new SealedNonces({ ...options, ...change })).toThrow(TypeError);
    },
  );
});

describe('stored nonces', () => {
  it('[RFC 7616 5.4] are bounded, the oldest goes, and one is revoked', () => {
    const nonces = new StoredNonces({ lifetimeMs, now: () => 1, random: createRandom(), maxNonces: 2 });
    const made = [1, 2, 3].map(() => nonces.create(context));
    expect(nonces.size).toBe(2);
    expect(made.map((nonce) => nonces.check(nonce, context).state)).toEqual(['foreign', 'current', 'current']);
    nonces.revoke(made[1] ?? '');
    expect(made.map((nonce) => nonces.check(nonce, context).state)).toEqual(['foreign', 'foreign', 'current']);
  });
});

describe('nonce counts', () => {
  it('[RFC 7616 5.5] are spent once, in any order within 32', () => {
    const first = (counts: readonly number[]): readonly number[] => {
      const window = new NonceCounts(10);
      return counts.filter((count) => window.spend('n', 1, count));
    };
    expect(first([1, 2, 3, 2])).toEqual([1, 2, 3]);
    expect(first([32, 1, 1, 33, 1, 2])).toEqual([32, 1, 33, 2]);
    expect(first([1, 33, 1, 2, 2])).toEqual([1, 33, 2]);
    expect(first([1, 2, 34, 33, 2])).toEqual([1, 2, 34, 33]);
    expect(first([1, 0xffffffff, 0xffffffff, 0xffffffe0, 0xffffffdf])).toEqual([1, 0xffffffff, 0xffffffe0]);
    expect(first([0, -1])).toEqual([]);
  });

  it('[RFC 7616 5.5] never twice, whatever the order and the number of nonces', () => {
    const use = fc.record({ nonce: fc.nat(5), count: fc.integer({ min: 1, max: 80 }) });
    fc.assert(
      fc.property(fc.array(use, { maxLength: 200 }), (uses) => {
        const counts = new NonceCounts(3);
        const spent = uses.filter(({ nonce, count }) => counts.spend(`n${nonce}`, nonce, count));
        expect(new Set(spent.map(({ nonce, count }) => `${nonce} ${count}`)).size).toBe(spent.length);
        expect(counts.size).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('[RFC 7616 5.5] of nonces younger than the one pushed out are spent', () => {
    const counts = new NonceCounts(1);
    expect([counts.spend('a', 1, 1), counts.spend('b', 2, 1)]).toEqual([true, true]);
    expect([counts.spend('a', 1, 2), counts.spend('c', 1, 1), counts.spend('d', 2, 1)]).toEqual([false, false, true]);
  });
});

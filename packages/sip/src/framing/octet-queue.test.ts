import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OctetQueue } from './octet-queue.ts';

describe('OctetQueue', () => {
  it('[RFC 3261 18.3] gives back what went in, in order, and leaves lent chunks alone', () => {
    const steps = fc.array(fc.tuple(fc.uint8Array({ maxLength: 3_000 }), fc.nat(3_000)), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (sequence) => {
        const queue = new OctetQueue();
        let expected: number[] = [];
        for (const [chunk, out] of sequence) {
          const before = chunk.slice();
          queue.push(chunk);
          expected = [...expected, ...chunk];
          const length = Math.min(out, expected.length);
          queue.drop(length);
          expected = expected.slice(length);
          expect([queue.length, ...queue.octets]).toEqual([expected.length, ...expected]);
          expect(chunk).toEqual(before);
        }
      }),
    );
  });

  it('[RFC 3261 18.3] holds 1 MB that came in octet by octet', () => {
    const queue = new OctetQueue();
    for (let count = 0; count < 1_000_000; count += 1) queue.push(Uint8Array.of(count & 255));
    expect(queue.length).toBe(1_000_000);
    expect(queue.octets[777_777]).toBe(777_777 & 255);
  });
});

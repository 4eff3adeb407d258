import { expect, it } from 'vitest';
import { RelayPorts } from './relay-ports.ts';

const none: ReadonlySet<number> = new Set();

it('[RFC 8656 7.2] gives every port of the range once, then none, and a released one again', () => {
  const ports = new RelayPorts({ min: 100, max: 104 }, (below) => 3 % below);
  const taken = Array.from({ length: 5 }, () => ports.take(false, none));
  expect(new Set(taken)).toEqual(new Set([100, 101, 102, 103, 104]));
  expect(ports.take(false, none)).toBeUndefined();
  ports.release(102);
  expect(ports.take(false, none)).toBe(102);
});

it('[RFC 8656 18.7] gives even ports on demand', () => {
  const ports = new RelayPorts({ min: 101, max: 105 }, () => 0);
  expect([1, 2, 3].map(() => ports.take(true, none))).toEqual([102, 104, undefined]);
});

it('leaves out what the caller cannot use', () => {
  const ports = new RelayPorts({ min: 100, max: 101 }, () => 0);
  expect(ports.take(false, new Set([100]))).toBe(101);
  expect(ports.take(false, new Set([100]))).toBeUndefined();
});

it('[RFC 6056 3.3] starts where the random number says', () => {
  const ports = new RelayPorts({ min: 1_000, max: 1_999 }, () => 500);
  expect(ports.take(false, none)).toBe(1_500);
});

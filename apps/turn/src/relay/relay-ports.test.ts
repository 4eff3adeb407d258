import { expect, it } from 'vitest';
import { RelayPorts } from './relay-ports.ts';

const none: ReadonlySet<number> = new Set();

it('[RFC 8656 7.2] gives every port of the range once, then none, and a released one again', () => {
  const ports = new RelayPorts({ min: 100, max: 104 }, (below) => 3 % below);
  const taken = Array.from({ length: 5 }, () => ports.take('any', none));
  expect(new Set(taken)).toEqual(new Set([100, 101, 102, 103, 104]));
  expect(ports.take('any', none)).toBeUndefined();
  ports.release(102);
  expect(ports.take('any', none)).toBe(102);
});

it('[RFC 8656 18.7] gives even ports on demand', () => {
  const ports = new RelayPorts({ min: 101, max: 105 }, () => 0);
  expect([1, 2, 3].map(() => ports.take('even', none))).toEqual([102, 104, undefined]);
});

it('leaves out what the caller cannot use', () => {
  const ports = new RelayPorts({ min: 100, max: 101 }, () => 0);
  expect(ports.take('any', new Set([100]))).toBe(101);
  expect(ports.take('any', new Set([100]))).toBeUndefined();
});

it('[RFC 6056 3.3] starts where the random number says', () => {
  const ports = new RelayPorts({ min: 1_000, max: 1_999 }, () => 500);
  expect(ports.take('any', none)).toBe(1_500);
});

it('[RFC 8656 18.7] gives an even port whose neighbour is free, and that neighbour by its number once', () => {
  const ports = new RelayPorts({ min: 100, max: 104 }, () => 0);
  expect(ports.take(101, none)).toBe(101);
  expect(ports.take('even below a free one', none)).toBe(102);
  expect([ports.take(103, none), ports.take(103, none)]).toEqual([103, undefined]);
  // 104 has no neighbour within the range, 100 none that is free.
  expect(ports.take('even below a free one', none)).toBeUndefined();
  expect([ports.take(99, none), ports.take(105, none)]).toEqual([undefined, undefined]);
});

import { describe, expect, it } from 'vitest';
import { shareBreadth } from './max-breadth.ts';
import { targetGroups } from './target-groups.ts';

describe('targetGroups', () => {
  it.each([
    { qs: [undefined, undefined], largest: 9, groups: [[0, 1]] },
    { qs: [0.5, 1, undefined, 0.5, 0], largest: 9, groups: [[1, 2], [0, 3], [4]] },
    { qs: [1, 1, 1, 0.5], largest: 2, groups: [[0, 1], [2], [3]] },
    { qs: [], largest: 1, groups: [] },
  ])('[RFC 3261 16.6] puts $qs in the order $groups, $largest at most', ({ qs, largest, groups }) => {
    const targets = qs.map((q, at) => ({ q, at }));
    expect(targetGroups(targets, largest).map((group) => group.map(({ at }) => at))).toEqual(groups);
  });
});

describe('shareBreadth', () => {
  it.each([
    { breadth: 60, parts: 1, shares: [60] },
    { breadth: 5, parts: 3, shares: [2, 2, 1] },
    { breadth: 2, parts: 2, shares: [1, 1] },
  ])('[RFC 5393 5.3.3] shares $breadth out as $shares', ({ breadth, parts, shares }) => {
    expect(shareBreadth(breadth, parts)).toEqual(shares);
  });

  it.each([
    [1, 2],
    [0, 1],
    [1, 0],
  ])('[RFC 5393 5.3.3] has no shares of %i for %i', (breadth, parts) => {
    expect(() => shareBreadth(breadth, parts)).toThrow(TypeError);
  });
});

import { describe, expect, it } from 'vitest';
import { chooseWay, type WayIn } from './choose-way.ts';

const all: readonly WayIn[] = ['guest', 'digest', 'web', 'sim'];

describe('the way in', () => {
  it.each<{ offered: readonly WayIn[]; at: readonly WayIn[]; taken: WayIn | undefined }>([
    { offered: all, at: ['sim', 'digest'], taken: 'sim' },
    { offered: all, at: all, taken: 'sim' },
    { offered: ['sim', 'digest'], at: ['digest'], taken: 'digest' },
    { offered: ['digest', 'web'], at: all, taken: 'web' },
    { offered: ['guest'], at: all, taken: 'guest' },
    { offered: ['digest'], at: ['sim'], taken: undefined },
    { offered: [], at: all, taken: undefined },
  ])('[X.2.1] [WIC 19] offered $offered, at hand $at: $taken', ({ offered, at, taken }) => {
    expect(chooseWay(offered, new Set(at))).toBe(taken);
  });
});

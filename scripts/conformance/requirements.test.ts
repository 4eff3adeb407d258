import { describe, expect, it } from 'vitest';
import { unknownTags } from './judge.ts';
import { chapters } from './requirements.ts';

const all = chapters.flatMap(({ requirements }) => requirements);

describe('the requirements', () => {
  it('have ids of their own', () => {
    const ids = all.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('have expressions that can be read, and whose word boundaries are none of backspaces', () => {
    for (const { about, refused } of all) {
      expect(`${about} ${refused}`).not.toMatch(/\p{Cc}/u);
      expect(() => new RegExp(about ?? '', 'iu')).not.toThrow();
      expect(() => new RegExp(typeof refused === 'string' ? refused : '', 'iu')).not.toThrow();
    }
  });

  it('point at each other only by names that exist', () => {
    const pointers = all.flatMap(({ also = [] }) =>
      also.map((tag) => ({ title: `[${tag}]`, file: '', status: 'passed' as const })),
    );
    expect(unknownTags(all, pointers)).toEqual([]);
  });

  it('are text that no cell ends in', () => {
    expect(all.filter(({ says, notApplicable = '' }) => /[|<\n]/u.test(says + notApplicable))).toEqual([]);
  });

  it.each([
    ['WIC', 20],
    ['WWSF', 7],
    ['WAF', 7],
    ['eP-CSCF', 22],
    ['I-CSCF', 7],
    ['S-CSCF', 18],
    ['HSS', 12],
    ['TURN server', 6],
    ['eIMS-AGW', 7],
  ])('hold every item of the checklist of %s: 1 to %d', (name, count) => {
    for (let item = 1; item <= count; item += 1) {
      const id = `${name} ${item}`;
      expect(all.some((row) => row.id === id || row.id.startsWith(`${id} `))).toBe(true);
    }
  });

  it('hold every numbered requirement and every step of X.3 and X.4', () => {
    const steps = ['0', '1', '2', '3', '4', '5', '6', '7', '8'].flatMap((step) => [
      `X.3.2.3-${step}.`,
      `X.4.2.3-${step}.`,
    ]);
    const thirdParty = ['X.3.2.3-5.2', 'X.3.2.3-6.2 a', 'X.4.2.3-5.2', 'X.4.2.3-6.2 a'];
    const numbered = ['1.0', '1.1', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '3.0', '3.1', '3.2', '3.3'];
    const starts = [...steps, ...thirdParty, ...numbered.map((number) => `REQ ${number}`)];
    expect(starts.filter((start) => !all.some(({ id }) => id.startsWith(start)))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { normaliseTag, tagsOf, titleWithoutTags } from './tags.ts';

describe('tags', () => {
  it.each([
    ['X.3.2.3-4', 'x.3.2.3-4'],
    ['TS 33.203 X.3.2.3 step 4', 'x.3.2.3-4'],
    ['33.203 X.3.2.3 step 4.1', 'x.3.2.3-4.1'],
    ['X.3 step 1', 'x.3.2.3-1'],
    ['X.4-5.2', 'x.4.2.3-5.2'],
    ['X.3.1 REQ 2.4', 'req 2.4'],
    ['REQ 2.4', 'req 2.4'],
    ['X.2.2.3 NOTE 2', 'x.2.2.3'],
    ['N.2.1.1 NOTE 2a', 'n.2.1.1'],
    ['TS 24.229 5.2.2', '24.229 5.2.2'],
    ['eP-CSCF  7', 'ep-cscf 7'],
    ['X.2.3.3 c', 'x.2.3.3 c'],
    ['RFC 3261 10.3', 'rfc 3261 10.3'],
  ])('%s is %s', (tag, normal) => {
    expect(normaliseTag(tag)).toBe(normal);
  });

  it('stand in the titles of groups too, in their order', () => {
    expect(tagsOf('[X.2.3.3] a challenge [S-CSCF 2] [6.1.1] carries no keys')).toEqual([
      'x.2.3.3',
      's-cscf 2',
      '6.1.1',
    ]);
  });

  it('leave the words of the title', () => {
    expect(titleWithoutTags('[X.2.3.3] a challenge [S-CSCF 2] carries no keys')).toBe('a challenge carries no keys');
  });
});

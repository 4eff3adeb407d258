import { describe, expect, it } from 'vitest';
import { judge, unknownTags } from './judge.ts';
import type { TestResult } from './read-reports.ts';
import type { Requirement } from './requirement.ts';

const keys: Requirement = {
  id: 'X.2.3.3 c',
  on: ['S-CSCF'],
  says: 'Keys stay.',
  about: '\\bkeys\\b',
  also: ['S-CSCF 2'],
};
const step: Requirement = { id: 'X.3.2.3-5.2', on: ['eP-CSCF'], says: 'Names are added.', refused: 'operator' };
const item: Requirement = { id: 'S-CSCF 7', on: ['S-CSCF'], says: 'Who is registered stays.', refused: false };

function result(title: string, status: TestResult['status'] = 'passed', file = 'apps/core/src/a.test.ts'): TestResult {
  return { title, file, status };
}

function statusOf(requirement: Requirement, ...tests: readonly TestResult[]): string | undefined {
  return judge([requirement], tests)[0]?.status;
}

describe('a row', () => {
  const shown = result('[X.2.3.3] keys stay here');
  const refused = result('[X.2.3.3] keys are never sent');

  it.each([
    ['shown and refused', [shown, refused], 'passed'],
    ['shown alone', [shown], 'missing'],
    ['refused alone', [refused], 'missing'],
    ['no test', [], 'missing'],
    ['a failed test', [shown, refused, result('[X.2.3.3] keys again', 'failed')], 'failed'],
    ['a skipped test says nothing', [shown, result('[X.2.3.3] keys are never sent', 'skipped')], 'missing'],
    ['other words', [shown, result('[X.2.3.3] monkeys are refused')], 'missing'],
    ['another clause', [shown, result('[X.2.3.1] keys are refused')], 'missing'],
    ['a further tag', [shown, result('[S-CSCF 2] keys are refused')], 'passed'],
    [
      'a test of another function',
      [shown, result('[X.2.3.3] keys are refused', 'passed', 'apps/hss/src/a.test.ts')],
      'missing',
    ],
    ['a test of the whole system', [shown, result('[X.2.3.3] keys are refused', 'passed', 'e2e/a.e2e.ts')], 'passed'],
    [
      'its id, whatever the words and the place',
      [shown, result('[X.2.3.3 c] refuses', 'passed', 'apps/hss/src/a.test.ts')],
      'passed',
    ],
    ['the id of another sentence', [shown, result('[X.2.3.3 d] keys are refused')], 'missing'],
  ] as const)('%s', (_, tests, status) => {
    expect(statusOf(keys, ...tests)).toBe(status);
  });

  it.each([
    ['X.3.2.3-5.2', 'passed'],
    ['X.3.2.3-5', 'passed'],
    ['TS 33.203 X.3.2.3 step 5.2', 'passed'],
    ['X.3.2.3', 'missing'],
    ['X.3.2.3-5.1', 'missing'],
    ['X.4.2.3-5.2', 'missing'],
  ])('of a step is spoken about by %s: %s', (tag, status) => {
    const file = 'apps/ep-cscf/src/a.test.ts';
    const both = [result(`[${tag}] names`, 'passed', file), result(`[${tag}] the operator's own`, 'passed', file)];
    expect(statusOf(step, ...both)).toBe(status);
  });

  it('that cannot be violated needs no refusal', () => {
    expect(statusOf(item, result('[S-CSCF 7] is not touched'))).toBe('passed');
  });

  it('that does not apply needs nothing', () => {
    expect(statusOf({ ...item, notApplicable: 'not built' })).toBe('not applicable');
  });
});

describe('a tag of nothing', () => {
  const requirements: readonly Requirement[] = [keys, step, item, { ...item, id: 'REQ 2.1' }];

  it.each([
    ['X.2.3.3 z', true],
    ['X.3.2.3-9', true],
    ['X.9', true],
    ['S-CSCF 99', true],
    ['s-cscf 8', true],
    ['REQ 2.11', true],
    ['REQ 2.1, 2.2', true],
    ['X.2.3.3', false],
    ['X.3', false],
    ['X.3.2.3-5', false],
    ['S-CSCF 7', false],
    ['RFC 9999 1', false],
    ['W2', false],
    ['WIC', false],
  ])('%s: %s', (tag, unknown) => {
    expect(unknownTags(requirements, [result(`[${tag}] a`)])).toHaveLength(unknown ? 1 : 0);
  });
});

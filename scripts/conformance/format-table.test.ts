import { describe, expect, it } from 'vitest';
import { formatTable, missingColumns, readStatuses } from './format-table.ts';
import { judge } from './judge.ts';
import type { TestResult } from './read-reports.ts';
import type { Requirement } from './requirement.ts';

const requirements: readonly Requirement[] = [
  { id: 'X.2.1', on: ['WIC', 'ME'], says: 'A WIC with a SIM takes AKA.' },
  { id: 'S-CSCF 7', on: ['S-CSCF'], says: 'Who is registered stays.', refused: false },
  { id: 'WIC 16', on: ['WIC'], says: 'No BUNDLE.', notApplicable: 'not built' },
];
const tests: readonly TestResult[] = [
  { title: '[X.2.1] takes | <AKA> by `name`', file: 'e2e/a.e2e.ts', status: 'passed' },
  { title: '[S-CSCF 7] one', file: 'apps/core/a.test.ts', status: 'passed' },
  { title: '[S-CSCF 7] two', file: 'apps/core/a.test.ts', status: 'passed' },
  { title: '[S-CSCF 7] three', file: 'apps/core/a.test.ts', status: 'passed' },
  { title: '[S-CSCF 7] four', file: 'apps/core/a.test.ts', status: 'failed' },
];
const judgements = judge(requirements, tests);
const table = formatTable([{ title: 'Some', judgements }]);

describe('the table', () => {
  it.each([
    '| X.2.1 | missing | WIC, ME | A WIC with a SIM takes AKA. | takes \\| &lt;AKA> by \\`name\\` | **missing** |',
    '| S-CSCF 7 | failed | S-CSCF | Who is registered stays. | **failed:** four<br>one<br>two<br>and 1 more | – |',
    '| WIC 16 | not applicable | WIC | No BUNDLE. | not built |  |',
    '| WIC | 0 | 0 | 1 | 1 |',
    '| S-CSCF | 0 | 1 | 0 | 0 |',
    '| all rows | 0 | 1 | 1 | 1 |',
  ])('has the line %s', (line) => {
    expect(table.split('\n')).toContain(line);
  });

  it('is the same for the same results', () => {
    expect(formatTable([{ title: 'Some', judgements: judge(requirements, tests) }])).toBe(table);
  });

  it('gives its statuses back', () => {
    expect([...readStatuses(table)]).toEqual([
      ['X.2.1', 'missing'],
      ['S-CSCF 7', 'failed'],
      ['WIC 16', 'not applicable'],
    ]);
  });

  it('says which side of a row is missing', () => {
    expect(judgements.map(missingColumns)).toEqual(['negative', '', '']);
    expect(judge(requirements, []).map(missingColumns)).toEqual(['positive and negative', 'positive', '']);
  });
});

import { describe, expect, it } from 'vitest';
import { mergeResults, readReport, readReports } from './read-reports.ts';

const root = new URL('../..', import.meta.url).pathname;

describe('reports', () => {
  it('of Vitest give titles with their groups', () => {
    const results = [
      { fullName: '[X.1] a group [X.2] a test', status: 'passed' },
      { fullName: 'another', status: 'failed' },
      { fullName: 'a third', status: 'pending' },
      { fullName: 'a fourth', status: 'todo' },
    ];
    const text = JSON.stringify({ testResults: [{ name: `${root}apps/a.test.ts`, assertionResults: results }] });
    expect(readReport('unit.json', text)).toEqual([
      { title: '[X.1] a group [X.2] a test', file: 'apps/a.test.ts', status: 'passed' },
      { title: 'another', file: 'apps/a.test.ts', status: 'failed' },
      { title: 'a third', file: 'apps/a.test.ts', status: 'skipped' },
      { title: 'a fourth', file: 'apps/a.test.ts', status: 'skipped' },
    ]);
  });

  it('of Playwright give titles with their groups, without the file', () => {
    const file = 'calls/a.e2e.ts';
    const spec = (title: string, status: string) => ({ title, file, tests: [{ status }] });
    const group = { title: 'a group', file, specs: [spec('inside', 'flaky'), spec('outside', 'unexpected')] };
    const suite = {
      title: file,
      file,
      specs: [spec('[X.1] alone', 'expected'), spec('no', 'skipped')],
      suites: [group],
    };
    expect(readReport('e2e.json', JSON.stringify({ suites: [suite] }))).toEqual([
      { title: '[X.1] alone', file: 'e2e/calls/a.e2e.ts', status: 'passed' },
      { title: 'no', file: 'e2e/calls/a.e2e.ts', status: 'skipped' },
      { title: 'a group inside', file: 'e2e/calls/a.e2e.ts', status: 'passed' },
      { title: 'a group outside', file: 'e2e/calls/a.e2e.ts', status: 'failed' },
    ]);
  });

  it('of nobody are refused by name', () => {
    expect(() => readReport('other.json', '{}')).toThrow('other.json: expected a JSON report');
  });

  it('that are not there are asked for', () => {
    expect(() => readReports(`${root}scripts/conformance/requirements`)).toThrow('expected reports of a test run');
  });

  it('of several runs give each test once: failed where it failed anywhere', () => {
    const file = 'packages/sip/src/a.test.ts';
    const results = [
      { title: 'b', file, status: 'passed' },
      { title: 'a', file, status: 'skipped' },
      { title: 'b', file, status: 'failed' },
      { title: 'a', file, status: 'passed' },
      { title: 'a', file: 'apps/a.test.ts', status: 'passed' },
    ] as const;
    const merged = [results[4], results[3], results[2]];
    expect(mergeResults(results)).toEqual(merged);
    expect(mergeResults(results.toReversed())).toEqual(merged);
  });
});

/**
 * The results of a test run, out of the JSON reports of Vitest and Playwright.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface TestResult {
  /** With the titles of the groups around it. */
  readonly title: string;
  /** Its file, from the root of the repository. */
  readonly file: string;
  readonly status: 'passed' | 'failed' | 'skipped';
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

interface PlaywrightSuite {
  readonly title: string;
  readonly file?: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly { readonly title: string; readonly tests: readonly { readonly status: string }[] }[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const statuses: Readonly<Record<string, TestResult['status']>> = {
  // Vitest
  passed: 'passed',
  failed: 'failed',
  // Playwright
  expected: 'passed',
  flaky: 'passed',
  unexpected: 'failed',
};
const weight = { skipped: 0, passed: 1, failed: 2 } as const;

/**
 * The tests of all reports in a folder, each once, in the order of their titles. A test that ran in several
 * places has failed if it failed in one of them.
 *
 * @throws {Error} there is no report, or a file is none.
 */
export function readReports(folder: string): readonly TestResult[] {
  const files = globSync('*.json', { cwd: folder }).sort();
  if (files.length === 0) throw new Error(`${folder}: expected reports of a test run; npm test writes them`);
  return mergeResults(files.flatMap((file) => readReport(file, readFileSync(join(folder, file), 'utf8'))));
}

/** The tests of one report. @throws {Error} it is a report of neither program. */
export function readReport(name: string, text: string): readonly TestResult[] {
  const report: unknown = JSON.parse(text);
  if (isVitestReport(report)) {
    return report.testResults.flatMap(({ name: file, assertionResults }) =>
      assertionResults.map(({ fullName, status }) => ({
        title: fullName,
        file: relative(root, file),
        status: statuses[status] ?? 'skipped',
      })),
    );
  }
  if (isPlaywrightReport(report)) return report.suites.flatMap((suite) => readSuite(suite, []));
  throw new Error(`${name}: expected a JSON report of Vitest or Playwright`);
}

/** Each test once, in the order of the titles. */
export function mergeResults(results: readonly TestResult[]): readonly TestResult[] {
  const byName = new Map<string, TestResult>();
  for (const result of results) {
    const name = `${result.title}\n${result.file}`;
    const known = byName.get(name);
    if (known === undefined || weight[known.status] < weight[result.status]) byName.set(name, result);
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, result]) => result);
}

/** The outermost suites are files; their names are no titles. */
function readSuite(suite: PlaywrightSuite, groups: readonly string[]): readonly TestResult[] {
  const around = suite.title === suite.file ? groups : [...groups, suite.title];
  const own = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests.map(({ status }) => ({
      title: [...around, title].join(' '),
      file: join('e2e', suite.file ?? ''),
      status: statuses[status] ?? 'skipped',
    })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => readSuite(inner, around))];
}

function isVitestReport(report: unknown): report is VitestReport {
  return typeof report === 'object' && report !== null && 'testResults' in report && Array.isArray(report.testResults);
}

function isPlaywrightReport(report: unknown): report is { readonly suites: readonly PlaywrightSuite[] } {
  return typeof report === 'object' && report !== null && 'suites' in report && Array.isArray(report.suites);
}

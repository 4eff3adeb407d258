/**
 * Writes the conformance table out of the reports of the last test run and prints what has no test.
 *
 *     node scripts/conformance/main.ts                      writes docs/conformance.md
 *     node scripts/conformance/main.ts --check [--strict]   writes results/conformance.md and compares
 *
 * The reports are the JSON files in results, or in the folder after `--reports`. Ends with 1 where a row has failed,
 * where a title names a clause of annex X or an item of a checklist that does not exist, and with `--check` where a
 * status is not that of docs/conformance.md. With `--strict` (in the test script of package.json:
 * `exec node scripts/test.mjs --strict`) rows of X.2 to X.4 must not be missing either.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatTable, missingColumns, readStatuses } from './format-table.ts';
import { type Judgement, judge, unknownTags } from './judge.ts';
import { readReports, type TestResult } from './read-reports.ts';
import { chapters } from './requirements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const committed = join(root, 'docs', 'conformance.md');
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    reports: { type: 'string', default: join(root, 'results') },
  },
});

const tests = readReports(options.reports);
const judgeAll = (results: readonly TestResult[]) =>
  chapters.map(({ title, requirements }) => ({ title, judgements: judge(requirements, results) }));
const judged = judgeAll(tests);
const judgements = judged.flatMap((chapter) => chapter.judgements);
const table = formatTable(judged);
const faults = [
  ...judgements.filter(({ status }) => status === 'failed').map(({ requirement }) => `${requirement.id}: failed`),
  ...unknownTags(
    chapters.flatMap(({ requirements }) => requirements),
    tests,
  ).map((text) => `no such clause or item: ${text}`),
  ...(options.strict ? strictFaults(judgements) : []),
  ...(options.check ? differences(table) : []),
];

writeFileSync(options.check ? join(options.reports, 'conformance.md') : committed, table);
printMissing(judgements);
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Nothing of registration and authentication over W2 may be without a test. */
function strictFaults(rows: readonly Judgement[]): readonly string[] {
  return rows
    .filter(({ requirement, status }) => status === 'missing' && /^(?:X\.[234]|REQ )/u.test(requirement.id))
    .map((row) => `${row.requirement.id}: expected a test (${missingColumns(row)})`);
}

/** A row counts as it is in docs where only tests are missing to it that a machine like this one skips. */
function differences(now: string): readonly string[] {
  const before = readStatuses(existsSync(committed) ? readFileSync(committed, 'utf8') : '');
  const after = readStatuses(now);
  const elsewhere = readStatuses(formatTable(judgeAll(tests.map(asIfRun))));
  const isKept = (id: string): boolean => [after.get(id), elsewhere.get(id)].includes(before.get(id));
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((id) => !isKept(id));
  const texts = changed.map((id) => `${id}: ${before.get(id) ?? 'no row'} in docs, ${after.get(id) ?? 'no row'} now`);
  return texts.length === 0 ? [] : [...texts, 'docs/conformance.md is not of this run: npm run conformance writes it'];
}

function asIfRun(test: TestResult): TestResult {
  return test.status === 'skipped' ? { ...test, status: 'passed' } : test;
}

function printMissing(rows: readonly Judgement[]): void {
  const missing = rows.filter(({ status }) => status === 'missing');
  process.stdout.write(`${missing.length} of ${rows.length} rows are missing a test\n`);
  for (const row of missing) {
    const { id, on, says } = row.requirement;
    process.stdout.write(`missing (${missingColumns(row)}) ${id} ${on.join(', ')}: ${says}\n`);
  }
}

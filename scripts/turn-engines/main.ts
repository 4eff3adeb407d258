/**
 * Writes docs/turn-engines.md out of the reports of the last test run.
 *
 *     node scripts/turn-engines/main.ts             writes docs/turn-engines.md
 *     node scripts/turn-engines/main.ts --check     compares
 *
 * The reports are the JSON files in results, or in the folder after `--reports`. Ends with 1 where an engine did not
 * do what is expected of it, and with `--check` where the table is not that of the run.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readReports } from '../conformance/read-reports.ts';
import { readEngineResults } from './engine-results.ts';
import { formatEngines, readVerdicts } from './format-engines.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    reports: { type: 'string', default: join(root, 'results') },
    table: { type: 'string', default: join(root, 'docs', 'turn-engines.md') },
  },
});

const committed = existsSync(options.table) ? readFileSync(options.table, 'utf8') : '';
const { rows, failed } = readEngineResults(readReports(options.reports));
const table = formatEngines(rows, readVerdicts(committed));
const faults = [
  ...failed.map((title) => `not as expected: ${title}`),
  ...(rows.length === 0 ? ['expected tests of TURN engines among the reports'] : []),
  ...(options.check && table !== committed
    ? ['docs/turn-engines.md is not of this run: npm run turn-engines writes it']
    : []),
];
if (!options.check && rows.length > 0) writeFileSync(options.table, table);
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/**
 * The table of docs/turn-engines.md: writing it, and reading it to compare.
 *
 * @module
 */
import { type Engine, type EngineRow, engines } from './engine-results.ts';

const introduction = `# TURN engines

Written by \`npm run turn-engines\` from the reports of the last \`npm test\`; edits are lost. One suite
(\`apps/turn/src/engines/testing\`) asks the same of each engine over the network, each started as an operator would start
it: \`TURN_ENGINE=builtin\` (our own), \`coturn\` (4.6.1 of Debian 12) and \`node-turn\` (0.0.6 of npm, for comparison only).

What an engine fails is a test that must fail: it alarms when the engine has learned it. \`npm test\` fails where this
table is not of its run. Without coturn its column is not judged, and taken as it is.
`;

/** `previous`: what the table said of engines that this run did not judge. */
export function formatEngines(rows: readonly EngineRow[], previous: ReadonlyMap<string, string>): string {
  const verdictOf = (row: EngineRow, engine: Engine): string =>
    row.verdicts[engine] ?? previous.get(cellName(row, engine)) ?? 'not judged';
  const counts = engines.map((engine) => {
    const met = rows.filter((row) => verdictOf(row, engine) === 'meets').length;
    return `| ${engine} | ${met} | ${rows.length - met} |`;
  });
  const lines = rows.map((row) =>
    ['', row.clause, row.says, ...engines.map((engine) => verdictOf(row, engine)), ''].join(' | ').trim(),
  );
  return [
    introduction,
    '| engine | meets | fails |',
    '| --- | --- | --- |',
    ...counts,
    '',
    `| clause | the server | ${engines.join(' | ')} |`,
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

/** The verdicts of a table, by {@link cellName}. */
export function readVerdicts(table: string): ReadonlyMap<string, string> {
  const cells = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((line) => line.length === 7);
  return new Map(
    cells.flatMap(([, clause = '', says = '', ...verdicts]) =>
      engines.map((engine, at) => [`${clause} ${says} ${engine}`, verdicts[at] ?? ''] as const),
    ),
  );
}

function cellName({ clause, says }: EngineRow, engine: Engine): string {
  return `${clause} ${says} ${engine}`;
}

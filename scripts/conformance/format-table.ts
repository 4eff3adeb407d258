/**
 * The table as Markdown. No dates and no durations: the same results give the same text.
 *
 * @module
 */
import type { Judgement, Status } from './judge.ts';
import type { TestResult } from './read-reports.ts';
import type { FunctionName } from './requirement.ts';
import { titleWithoutTags } from './tags.ts';

export interface JudgedChapter {
  readonly title: string;
  readonly judgements: readonly Judgement[];
}

const statuses: readonly Status[] = ['passed', 'failed', 'missing', 'not applicable'];
const functions: readonly FunctionName[] = [
  'WIC',
  'ME',
  'WWSF',
  'WAF',
  'eP-CSCF',
  'I-CSCF',
  'S-CSCF',
  'HSS',
  'TURN server',
  'eIMS-AGW',
  'operator',
];
const introduction = `# Conformance to TS 33.203

Written by \`npm run conformance\` from the reports of the last \`npm test\`; edits are lost. What is asked for stands in
\`scripts/conformance/requirements\`, one sentence a row, in our own words.

A row is **passed** when tests show that the sentence holds and, where it can be violated from outside, that the
violation is refused (– : there is nothing to refuse); **failed** when one of these tests failed; **missing** when one
of the two is not shown; **not applicable** for the reason given. A test speaks about a row by the clause at the start
of its title, such as \`[X.3.2.3-4]\` or \`[S-CSCF 7]\`, or by the id of the row, such as \`[X.2.3.3 c]\`.

\`npm test\` fails where a row has failed, where a title names a clause of annex X or an item of a checklist that does
not exist, and where a status below is not that of the run; \`npm run conformance\` after it writes this file anew. With
\`node scripts/test.mjs --strict\` no row of X.2 to X.4 may be missing.
`;

/** The whole document, with a line end at its end. */
export function formatTable(chapters: readonly JudgedChapter[]): string {
  const all = chapters.flatMap(({ judgements }) => judgements);
  return [introduction, formatSummary(all), ...chapters.map(formatChapter)].join('\n');
}

/** The status of each row of a document written by {@link formatTable}, by id. */
export function readStatuses(table: string): ReadonlyMap<string, string> {
  const rows = table.matchAll(/^\| ([^|\s][^|]*) \| (passed|failed|missing|not applicable) \|/gmu);
  return new Map([...rows].map(([, id = '', status = '']) => [id, status]));
}

/** Which of the two columns nothing stands in: what there is to do. Empty where the row is not missing. */
export function missingColumns({ requirement, status, shown, refused }: Judgement): string {
  if (status !== 'missing') return '';
  const columns = [
    ...(shown.length === 0 ? ['positive'] : []),
    ...(refused.length === 0 && requirement.refused !== false ? ['negative'] : []),
  ];
  return columns.join(' and ');
}

function formatSummary(judgements: readonly Judgement[]): string {
  const rows = functions.map((name) => [name, ...countStatuses(judgements, name)]);
  const total = ['all rows', ...countStatuses(judgements, undefined)];
  return `## Summary\n\nA row that binds several functions counts for each.\n\n${formatRows(['', ...statuses], [...rows, total])}`;
}

function countStatuses(judgements: readonly Judgement[], name: FunctionName | undefined): readonly string[] {
  const rows = judgements.filter(({ requirement }) => name === undefined || requirement.on.includes(name));
  return statuses.map((wanted) => String(rows.filter(({ status }) => status === wanted).length));
}

function formatChapter({ title, judgements }: JudgedChapter): string {
  const heads = ['', 'status', 'function', 'requirement', 'shown by', 'violation refused by'];
  return `## ${title}\n\n${formatRows(heads, judgements.map(formatJudgement))}`;
}

function formatJudgement({ requirement, status, shown, refused }: Judgement): readonly string[] {
  const { id, on, says, notApplicable } = requirement;
  const columns =
    notApplicable === undefined
      ? [formatTests(shown), requirement.refused === false ? '–' : formatTests(refused)]
      : [notApplicable, ''];
  return [id, status, on.join(', '), says, ...columns];
}

/** The first few, failed ones before others; a clause of many tests would fill pages. */
function formatTests(tests: readonly TestResult[]): string {
  const most = 3;
  if (tests.length === 0) return '**missing**';
  const failed = tests.filter(({ status }) => status === 'failed');
  const passed = tests.filter(({ status }) => status !== 'failed');
  const titles = [
    ...failed.map(({ title }) => `**failed:** ${titleWithoutTags(title)}`),
    ...passed.map(({ title }) => titleWithoutTags(title)),
  ];
  const rest = titles.length > most ? [`and ${titles.length - most} more`] : [];
  return [...titles.slice(0, most), ...rest].join('<br>');
}

function formatRows(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

/** Text of a title must neither end a cell nor become markup; our own line breaks and marks stay. */
function escapeCell(cell: string): string {
  return cell
    .split('<br>')
    .map((line) => line.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('`', '\\`'))
    .join('<br>');
}

/**
 * What a test run says about the TURN engines, out of the titles of its tests.
 *
 * @module
 */
import type { TestResult } from '../conformance/read-reports.ts';

export const engines = ['builtin', 'coturn', 'node-turn'] as const;

export type Engine = (typeof engines)[number];

/** `meets`, `fails: <why>`, or undefined: not judged in this run. */
export type Verdict = string | undefined;

export interface EngineRow {
  readonly clause: string;
  readonly says: string;
  readonly verdicts: Readonly<Record<Engine, Verdict>>;
}

export interface EngineResults {
  /** In the order of their clauses. */
  readonly rows: readonly EngineRow[];
  /** Tests whose engine did not do what its title says. */
  readonly failed: readonly string[];
}

const titlePattern = /^TURN engine (builtin|coturn|node-turn): [[(]([^\])]+)[\])] (.*?)(?: – (fails: .*))?$/u;

/** Tests of anything else are passed over. */
export function readEngineResults(tests: readonly TestResult[]): EngineResults {
  const rows = new Map<string, { clause: string; says: string; verdicts: Record<Engine, Verdict> }>();
  const failed: string[] = [];
  for (const { title, status } of tests) {
    const [, engine, clause = '', says = '', defect] = titlePattern.exec(title) ?? [];
    if (engine === undefined) continue;
    const name = `${clause} ${says}`;
    const row = rows.get(name) ?? {
      clause,
      says,
      verdicts: { 'builtin': undefined, 'coturn': undefined, 'node-turn': undefined },
    };
    rows.set(name, row);
    if (status === 'passed') row.verdicts[engine as Engine] = defect ?? 'meets';
    if (status === 'failed') failed.push(title);
  }
  const inOrder = [...rows].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return { rows: inOrder.map(([, row]) => row), failed };
}

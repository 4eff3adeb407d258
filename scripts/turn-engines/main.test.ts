import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turn-engines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A run in which these tests ended like that. */
function run(tests: Readonly<Record<string, string>>, ...options: readonly string[]) {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  const reports = join(folder, 'unit.json');
  writeFileSync(reports, JSON.stringify({ testResults: [{ name: '/a.test.ts', assertionResults }] }));
  const table = join(folder, 'table.md');
  const args = [program, '--reports', folder, '--table', table, ...options];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, lines: stdout.split('\n'), table: existsSync(table) ? readFileSync(table, 'utf8') : '' };
}

const passed = {
  'TURN engine builtin: [RFC 1 2] does it': 'passed',
  'TURN engine coturn: (RFC 1 2) does it – fails: it does not': 'passed',
  'TURN engine node-turn: (RFC 1 2) does it': 'passed',
  'something else': 'passed',
};

describe('the table of TURN engines', () => {
  it('has a row for each sentence, with the verdict on each engine and why', () => {
    const { status, table } = run(passed);
    expect(status).toBe(0);
    expect(table).toContain('| RFC 1 2 | does it | meets | fails: it does not | meets |');
    expect(run(passed, '--check').status).toBe(0);
  });

  it('keeps what it said of an engine that was skipped', () => {
    run(passed);
    const skipped = { ...passed, 'TURN engine coturn: (RFC 1 2) does it – fails: it does not': 'pending' };
    expect(run(skipped, '--check').status).toBe(0);
  });

  it('is refused where it is not of the run', () => {
    run(passed);
    const learned = {
      'TURN engine builtin: [RFC 1 2] does it': 'passed',
      'TURN engine coturn: (RFC 1 2) does it': 'passed',
      'TURN engine node-turn: (RFC 1 2) does it': 'passed',
    };
    const { status, lines } = run(learned, '--check');
    expect(status).toBe(1);
    expect(lines).toContain('docs/turn-engines.md is not of this run: npm run turn-engines writes it');
  });

  it('is refused where an engine did not do what is expected, or no engine was judged', () => {
    const failing = { ...passed, 'TURN engine builtin: [RFC 1 2] does it': 'failed' };
    expect(run(failing).lines).toContain('not as expected: TURN engine builtin: [RFC 1 2] does it');
    expect(run({ 'something else': 'passed' }).lines).toContain('expected tests of TURN engines among the reports');
  });
});

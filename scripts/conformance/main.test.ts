import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Checks a run in which one test of that title ended like that. */
function check(title: string, status: string, ...options: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  folders.push(folder);
  const file = fileURLToPath(new URL('../../apps/ep-cscf/src/a.test.ts', import.meta.url));
  const report = { testResults: [{ name: file, assertionResults: [{ fullName: title, status }] }] };
  writeFileSync(join(folder, 'unit.json'), JSON.stringify(report));
  const { status: code, stdout } = spawnSync(process.execPath, [program, '--check', '--reports', folder, ...options], {
    encoding: 'utf8',
  });
  return { code, lines: stdout.split('\n'), folder };
}

describe('the check of a run', () => {
  it('fails where the statuses are not those of the committed table, and says what to do', () => {
    const { code, lines, folder } = check('[X.3.2.3-5.1 c] has an empty response', 'passed');
    expect(code).toBe(1);
    expect(lines).toContain('docs/conformance.md is not of this run: npm run conformance writes it');
    expect(existsSync(join(folder, 'conformance.md'))).toBe(true);
    expect(readFileSync(join(folder, 'conformance.md'), 'utf8')).toContain('| X.3.2.3-5.1 c | passed |');
  });

  it('takes a row as it is in docs where this machine skips its tests', () => {
    const row = /^X\.3\.2\.3-5\.1 c: passed in docs/u;
    const title = '[X.3.2.3-5.1 c] has an empty response';
    expect(check('nothing', 'passed').lines.filter((line) => row.test(line))).toHaveLength(1);
    expect(check(title, 'skipped').lines.filter((line) => row.test(line))).toEqual([]);
  });

  it('fails where a row has failed', () => {
    expect(check('[X.3.2.3-5.1 c] has an empty response', 'failed').lines).toContain('X.3.2.3-5.1 c: failed');
  });

  it('fails where a title names what does not exist', () => {
    const { lines } = check('[X.3.2.3-55] has an empty response', 'passed');
    expect(lines).toContain('no such clause or item: [x.3.2.3-55] in: [X.3.2.3-55] has an empty response');
  });

  it('prints what is missing, and fails for X.2 to X.4 where it is strict', () => {
    const missing = 'missing (positive and negative) X.3.2.3-5.2 eP-CSCF:';
    const fault = 'X.3.2.3-5.2: expected a test (positive and negative)';
    const lax = check('nothing', 'passed').lines;
    expect(lax.some((line) => line.startsWith(missing))).toBe(true);
    expect(lax).not.toContain(fault);
    expect(check('nothing', 'passed', '--strict').lines).toContain(fault);
  });
});

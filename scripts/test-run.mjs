/**
 * A run of tests: its steps are counted, and its last line is the total of all of them, whatever failed before.
 *
 * @module
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runForwardingSignals } from './workspace.mjs';

const results = join(root, 'results');

export class TestRun {
  #total = { passed: 0, failed: 0, skipped: 0 };
  #env;

  constructor(env) {
    this.#env = env;
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
  }

  /** A program that says by its exit code whether all is well: one test. */
  async check(name, args) {
    const code = await runForwardingSignals('node', args, this.#env);
    process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}: ${name}\n`);
    if (code === 0) this.#total.passed += 1;
    else this.#total.failed += 1;
  }

  /** Unit tests, with the options of vitest. */
  async unitTests(name, options = []) {
    const file = join(results, `${name}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const args = ['node_modules/vitest/vitest.mjs', 'run', ...options, ...reporters];
    const code = await runForwardingSignals('node', args, this.#env);
    this.#count(code, file, ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests }) => ({
      passed: numPassedTests,
      failed: numFailedTests,
      skipped: numPendingTests + numTodoTests,
    }));
  }

  /** The end-to-end tests of one project of the Playwright configuration. */
  async endToEndTests(project, workers) {
    const file = join(results, `e2e-${project}.json`);
    const args = ['e2e/node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts'];
    args.push('--project', project, '--workers', String(workers));
    const code = await runForwardingSignals('node', args, { ...this.#env, PLAYWRIGHT_JSON_OUTPUT_NAME: file });
    this.#count(code, file, ({ stats }) => {
      if (stats.flaky > 0) process.stdout.write(`flaky: ${stats.flaky} end-to-end tests needed a second try\n`);
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
    });
  }

  /** A suite that failed without a failed test (a fault outside its tests) counts as one failure. */
  #count(code, file, read) {
    let counted = { passed: 0, failed: 0, skipped: 0 };
    try {
      counted = read(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      process.stdout.write(`no result: ${error.message}\n`);
    }
    this.#total.passed += counted.passed;
    this.#total.skipped += counted.skipped;
    this.#total.failed += counted.failed === 0 && code !== 0 ? 1 : counted.failed;
  }

  /** Counts what stopped the run as one failure. */
  fail(error) {
    process.stdout.write(`${error.stack}\n`);
    this.#total.failed += 1;
  }

  /** Prints the total; the process ends with 1 where anything failed. */
  end() {
    const { passed, failed, skipped } = this.#total;
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  }
}

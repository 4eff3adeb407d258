/**
 * `npm test`: static checks, unit tests, end-to-end tests.
 *
 * The last line is the total of all of them, whatever failed before.
 *
 * @module
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareBrowser } from './browser.mjs';
import { prepareWorkspace, root, runForwardingSignals } from './workspace.mjs';

const results = join(root, 'results');
const total = { passed: 0, failed: 0, skipped: 0 };

try {
  const env = { ...prepareWorkspace(), CI: process.env.CI ?? '' };
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  await check('biome', ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off', '.'], env);
  await check('types', ['node_modules/typescript/bin/tsc', '-b'], env);
  await check('imports', ['scripts/check-deps.ts'], env);
  await unitTests(env);
  prepareBrowser(env);
  await endToEndTests(env);
} catch (error) {
  process.stdout.write(`${error.stack}\n`);
  total.failed += 1;
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A check counts as one test. */
async function check(name, args, env) {
  const code = await runForwardingSignals('node', args, env);
  process.stdout.write(`${code === 0 ? 'ok' : 'FAILED'}: ${name}\n`);
  if (code === 0) total.passed += 1;
  else total.failed += 1;
}

async function unitTests(env) {
  const file = join(results, 'unit.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runForwardingSignals('node', ['node_modules/vitest/vitest.mjs', 'run', ...reporters], env);
  count(code, file, ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests }) => ({
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
  }));
}

async function endToEndTests(env) {
  const file = join(results, 'e2e.json');
  const args = ['e2e/node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts'];
  const code = await runForwardingSignals('node', args, { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  count(code, file, ({ stats }) => {
    if (stats.flaky > 0) process.stdout.write(`flaky: ${stats.flaky} end-to-end tests needed a second try\n`);
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
  });
}

/** A suite that failed without a failed test (a fault outside its tests) counts as one failure. */
function count(code, file, read) {
  let counted = { passed: 0, failed: 0, skipped: 0 };
  try {
    counted = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    process.stdout.write(`no result: ${error.message}\n`);
  }
  total.passed += counted.passed;
  total.skipped += counted.skipped;
  total.failed += counted.failed === 0 && code !== 0 ? 1 : counted.failed;
}

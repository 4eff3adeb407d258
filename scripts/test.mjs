/**
 * `npm test`: static checks, unit tests in Node and Chromium, end-to-end tests, and whether docs/conformance.md and
 * docs/turn-engines.md say what they show. With `--strict` no row of X.2 to X.4 may be missing there.
 *
 * @module
 */
import { prepareBrowser } from './browser.mjs';
import { prepareProgram } from './debian-package.mjs';
import { TestRun } from './test-run.mjs';
import { prepareWorkspace } from './workspace.mjs';

const env = { ...process.env, CI: process.env.CI ?? '' };
const strict = process.argv.slice(2).filter((option) => option === '--strict');
const run = new TestRun(env);
try {
  Object.assign(env, prepareWorkspace());
  await run.check('biome', ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off', '.']);
  await run.check('types', ['node_modules/typescript/bin/tsc', '-b']);
  await run.check('imports', ['scripts/check-deps.ts']);
  // Without SIPp its conversations are skipped, and say so.
  prepareProgram('/usr/bin/sipp', 'sip-tester', env);
  // Without coturn it is not judged beside our own TURN server.
  prepareProgram('/usr/bin/turnserver', 'coturn', env);
  // Without these there are no networks to put browsers into, behind firewalls.
  prepareProgram('/usr/sbin/ip', 'iproute2', env);
  prepareProgram('/usr/sbin/nft', 'nftables', env);
  await run.unitTests('unit');
  prepareBrowser(env);
  await run.unitTests('unit-chromium', ['--config', 'vitest.chromium.config.ts']);
  // What is heard and seen needs both cores for itself; the others wait for much.
  await run.endToEndTests('together', 3);
  await run.endToEndTests('alone', 1);
  await run.check('TURN engines', ['scripts/turn-engines/main.ts', '--check']);
  await run.check('conformance', ['scripts/conformance/main.ts', '--check', ...strict]);
} catch (error) {
  run.fail(error);
}
run.end();

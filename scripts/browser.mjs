/**
 * The browser of the tests: Debian's chromium where root can install it, else Playwright's own.
 *
 * @module
 */
import { prepareProgram } from './debian-package.mjs';
import { run } from './workspace.mjs';

/** @throws {Error} neither can be had; the message says what to do. */
export function prepareBrowser(env) {
  if (prepareProgram('/usr/bin/chromium', 'chromium', env)) return;
  try {
    run('node', ['e2e/node_modules/@playwright/test/cli.js', 'install', 'chromium'], env);
  } catch (cause) {
    throw new Error(
      "The tests need Chromium. Install Debian's package as root (apt-get install chromium), " +
        'or let Playwright download its own (cd e2e && npx playwright install chromium).',
      { cause },
    );
  }
}

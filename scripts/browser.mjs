/**
 * The browser of the end-to-end tests: Debian's chromium where root can install it, else Playwright's own.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { run } from './workspace.mjs';

const debianChromium = '/usr/bin/chromium';

/** @throws {Error} neither can be had; the message says what to do. */
export function prepareBrowser(env) {
  if (existsSync(debianChromium)) return;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    return;
  }
  try {
    run('node', ['e2e/node_modules/@playwright/test/cli.js', 'install', 'chromium'], env);
  } catch (cause) {
    throw new Error(
      "The end-to-end tests need Chromium. Install Debian's package as root (apt-get install chromium), " +
        'or let Playwright download its own (cd e2e && npx playwright install chromium).',
      { cause },
    );
  }
}

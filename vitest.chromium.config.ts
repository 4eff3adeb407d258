/**
 * The unit tests of the pure packages once more, in Chromium: they must not care where they run.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { propertySeed } from './scripts/property-seed.ts';

const debianChromium = '/usr/bin/chromium';

export default defineConfig({
  test: {
    include: ['packages/{aka,reg-event,sip,turn-credentials}/{src,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    setupFiles: ['./vitest.setup.ts'],
    provide: { propertySeed: propertySeed(process.env) },
    silent: 'passed-only',
    api: { host: '127.0.0.1' },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      ui: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          ...(existsSync(debianChromium) && { executablePath: debianChromium }),
          args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
        },
      }),
    },
  },
});

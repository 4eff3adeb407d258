/**
 * End-to-end tests in real Chromium against a lab of their own.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const debianChromium = '/usr/bin/chromium';
/** Neither sound nor what passes within a second is measured in these: some at a time do no harm. */
const together = [
  /\/e2e\/(?:attacks|canary|commands|faults|screens|turn)\/(?!turn-revocation)[\w-]+\.e2e\.ts$/u,
  /\/calls\/(?:call-outcomes|emergency)\.e2e\.ts$/u,
  /\/registration\/(?!open-range|partner|registration-event|revocation)[\w-]+\.e2e\.ts$/u,
];
/** The test command runs all of them, and adds up results from the JSON. */
const isWholeRun = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME !== undefined;

export default defineConfig({
  testDir: '.',
  // Two cores: unless said otherwise one lab and its browsers at a time.
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: isWholeRun ? [['list'], ['json']] : [['list']],
  // On a shared machine a browser may stall; a test that needs its second try is reported as flaky, and is to be mended.
  retries: process.env.CI === 'true' ? 1 : 0,
  forbidOnly: process.env.CI === 'true',
  projects: [
    { name: 'together', testMatch: together, outputDir: '../results/e2e/together' },
    { name: 'alone', testMatch: /\.e2e\.ts$/u, testIgnore: together, outputDir: '../results/e2e/alone' },
  ],
  use: {
    // Traces of all tests would take a quarter of the time of a whole run; there CI keeps those of second tries.
    trace: isWholeRun ? 'on-first-retry' : 'retain-on-failure',
    screenshot: 'only-on-failure',
    ignoreHTTPSErrors: true,
    permissions: ['microphone', 'camera'],
    launchOptions: {
      ...(existsSync(debianChromium) && { executablePath: debianChromium }),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        '--allow-loopback-in-peer-connection',
        '--autoplay-policy=no-user-gesture-required',
        '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1 , EXCLUDE 198.18.* , EXCLUDE 198.19.*',
        '--disable-features=WebRtcHideLocalIpsWithMdns',
        '--ignore-certificate-errors',
      ],
    },
  },
});

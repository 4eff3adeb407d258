/**
 * Fixtures of the end-to-end tests: one lab a worker, fresh subscribers every test.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base } from '@playwright/test';
import { type DemoAccount, type Lab, startLab } from '@wicgate/lab';
import { installInstruments } from './media/instruments.ts';
import { WicPage } from './pages/wic-page.ts';

interface WorkerFixtures {
  /** Settings of the functions that differ from the lab's. */
  labSettings: Readonly<Record<string, string>>;
  /** Every function on ports of this worker's own. */
  lab: Lab;
}

export interface WicOptions {
  /** What its microphone hears. */
  readonly toneHz?: number;
}

interface TestFixtures {
  /** A person who exists for this test only. */
  subscriber: (name: string) => Promise<DemoAccount>;
  /** A browser of its own, signed in and registered. */
  openWic: (account: DemoAccount, options?: WicOptions) => Promise<WicPage>;
}

let made = 0;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  labSettings: [{}, { option: true, scope: 'worker' }],

  lab: [
    async ({ labSettings }, use, { parallelIndex }) => {
      const stateFolder = mkdtempSync(join(tmpdir(), 'wicgate-e2e-'));
      const lab = await startLab({
        portBase: 20_000 + 200 * parallelIndex,
        stateFolder,
        logLevel: process.env.LAB_LOG === 'debug' ? 'debug' : 'warn',
        settings: {
          // Everything in a test comes from one address, and fast.
          WAF_LOGIN_FAILURES_PER_ADDRESS: '1000',
          ...labSettings,
        },
      });
      await use(lab);
      await lab.stop();
      rmSync(stateFolder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  subscriber: async ({ lab }, use, { parallelIndex }) => {
    await use((name) => {
      made += 1;
      const username = `${name}${parallelIndex}x${made}`;
      const displayName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      return lab.createSubscriber({ username, displayName, password: `${name}-secret` });
    });
  },

  openWic: async ({ browser, lab }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (account, { toneHz = 440 } = {}) => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone', 'camera'] });
      contexts.push(context);
      await context.addInitScript(installInstruments, toneHz);
      const wic = new WicPage(await context.newPage(), account, lab.wwsfUrl);
      await wic.goOnline();
      return wic;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

export { expect } from '@playwright/test';

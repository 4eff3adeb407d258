/**
 * Fixtures of the end-to-end tests: one lab a worker, fresh subscribers every test.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { type DemoAccount, type Lab, type LabOptions, portsFrom, startLab } from '@wicgate/lab';
import { installInstruments } from './media/instruments.ts';
import { WicPage } from './pages/wic-page.ts';

export interface WorkerFixtures {
  /** Settings of the functions that differ from the lab's. */
  labSettings: Readonly<Record<string, string>>;
  /** Whether the partner domain runs too. */
  labPartner: boolean;
  /** Trusted W2 origins beside those of the lab's own. */
  labOrigins: readonly string[];
  /** Lines of the lab's log from level info on, as JSON. */
  labLog: string[];
  /** Every function on ports of this worker's own. */
  lab: Lab;
}

export interface WicOptions {
  /** What its microphone hears. */
  readonly toneHz?: number;
}

export interface TestFixtures {
  /** A person who exists for this test only. */
  subscriber: (name: string) => Promise<DemoAccount>;
  /** A page in a browser of its own, with the instruments in it. */
  openPage: (options?: WicOptions) => Promise<Page>;
  /** A browser of its own, signed in and registered. */
  openWic: (account: DemoAccount, options?: WicOptions) => Promise<WicPage>;
}

let made = 0;
/** Distance between the labs of workers, and of tries where ports are taken. */
const portsEach = 200;
const triesForPorts = 20;
const isDebugging = process.env.LAB_LOG === 'debug';

/** Somebody else on the machine may have taken ports of the range: then the next one is tried. */
async function startOnFreePorts(first: number, optionsFor: (portBase: number) => LabOptions): Promise<Lab> {
  for (let portBase = first; ; portBase += portsEach) {
    try {
      return await startLab(optionsFor(portBase));
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'ERR_ADDRESS_IN_USE';
      if (!isTaken || portBase >= first + portsEach * triesForPorts) throw error;
    }
  }
}

/** What somebody has to see goes to standard error too. */
function keepLine(log: string[], line: string): void {
  log.push(line);
  if (isDebugging || /"level":"(?:warn|error)"/u.test(line)) process.stderr.write(line);
}

/** Settings in which `{turn}` stands for the port of the TURN server. */
function withPorts(settings: Readonly<Record<string, string>>, portBase: number): Record<string, string> {
  const { turn } = portsFrom(portBase);
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value.replaceAll('{turn}', String(turn))]),
  );
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  labSettings: [{}, { option: true, scope: 'worker' }],
  labPartner: [false, { option: true, scope: 'worker' }],
  labOrigins: [[], { option: true, scope: 'worker' }],

  labLog: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first parameter.
    async ({}, use) => {
      await use([]);
    },
    { scope: 'worker' },
  ],

  lab: [
    async ({ labSettings, labPartner, labOrigins, labLog }, use, { parallelIndex }) => {
      const stateFolder = mkdtempSync(join(tmpdir(), 'wicgate-e2e-'));
      const lab = await startOnFreePorts(20_000 + 20 * portsEach * parallelIndex, (portBase) => ({
        portBase,
        stateFolder,
        partner: labPartner,
        origins: labOrigins,
        logLevel: isDebugging ? 'debug' : 'info',
        writeLog: (line) => keepLine(labLog, line),
        settings: {
          // Everything in a test comes from one address, and fast.
          WAF_LOGIN_FAILURES_PER_ADDRESS: '1000',
          ...withPorts(labSettings, portBase),
        },
      }));
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

  openPage: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async ({ toneHz = 440 } = {}) => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone', 'camera'] });
      contexts.push(context);
      await context.addInitScript(installInstruments, toneHz);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  openWic: async ({ openPage, lab }, use) => {
    await use(async (account, options) => {
      const wic = new WicPage(await openPage(options), account, lab.wwsfUrl);
      await wic.goOnline();
      return wic;
    });
  },
});

export { expect } from '@playwright/test';

/**
 * Fixtures of the tests behind firewalls: networks of their own for browsers, proxies in the way out of these, and a
 * lab outside whose functions listen where firewalls let people through: on port 443, and TURN on TCP port 80 too.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { CertificateAuthority } from '@wicgate/certificates';
import type { DemoAccount } from '@wicgate/lab';
import { test as base } from '../fixtures.ts';
import { installInstruments } from '../media/instruments.ts';
import { WicPage } from '../pages/wic-page.ts';
import { ConnectProxy, type ConnectProxyOptions } from './connect-proxy.ts';
import { functionSettings } from './function-settings.ts';
import type { NetworkAddresses } from './network-addresses.ts';
import { NetworkNamespace, whyNoNamespace } from './network-namespace.ts';

export interface Person {
  readonly account: DemoAccount;
  /** What the microphone hears. */
  readonly toneHz?: number;
}

export interface Inside extends Person {
  readonly network: NetworkNamespace;
  /** What the browser is told of the network it is in. */
  readonly proxy?: ConnectProxy;
}

interface WorkerFixtures {
  /** The network that the lab has a cable to. */
  network: NetworkNamespace;
  /** Where the functions of the lab are. */
  functions: Omit<NetworkAddresses, 'proxy' | 'client'>;
}

interface TestFixtures {
  /** One more network, with a cable to this machine. */
  createNetwork: () => NetworkNamespace;
  /** A proxy in the way out of a network, which lets nothing else out. */
  openProxy: (network: NetworkNamespace, options: Omit<ConnectProxyOptions, 'host'>) => Promise<ConnectProxy>;
  /** The page of the WIC in a browser inside a network, before anything has been done there. */
  openInside: (inside: Inside) => Promise<WicPage>;
  /** The same outside. */
  openOutside: (person: Person) => Promise<WicPage>;
}

async function withInstruments(browser: Browser, toneHz = 440): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone', 'camera'] });
  await context.addInitScript(installInstruments, toneHz);
  return context.newPage();
}

/** A program that runs `program` inside. */
function writeLauncher(folder: string, { name, prefix }: NetworkNamespace, program: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexec ${prefix.join(' ')} ${program} "$@"\n`, { mode: 0o700 });
  return file;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  network: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first parameter.
    async ({}, use) => {
      const network = NetworkNamespace.create();
      await use(network);
      network.remove();
    },
    { scope: 'worker' },
  ],

  functions: [({ network }, use) => use(network.addresses), { scope: 'worker' }],

  labSettings: [
    async ({ functions }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'wicgate-firewall-'));
      const authority = await CertificateAuthority.open(folder);
      await use(await functionSettings(functions, authority));
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first parameter.
  createNetwork: async ({}, use) => {
    const networks: NetworkNamespace[] = [];
    await use(() => {
      const network = NetworkNamespace.create();
      networks.push(network);
      return network;
    });
    for (const network of networks) network.remove();
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first parameter.
  openProxy: async ({}, use) => {
    const proxies: ConnectProxy[] = [];
    await use(async (network, options) => {
      const { proxy: host } = network.addresses;
      const proxy = await ConnectProxy.listen({ host, ...options });
      proxies.push(proxy);
      network.letOut([{ address: host, port: proxy.port }]);
      return proxy;
    });
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  },

  openInside: async ({ playwright, launchOptions, functions, createNetwork: _first }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'wicgate-firewall-'));
    const browsers: Browser[] = [];
    await use(async ({ network, proxy, account, toneHz }) => {
      const { args = [], executablePath = playwright.chromium.executablePath() } = launchOptions;
      const browser = await playwright.chromium.launch({
        ...launchOptions,
        executablePath: writeLauncher(folder, network, executablePath),
        args: [...args, ...(proxy ? [`--proxy-server=${proxy.url}`, '--proxy-bypass-list=<-loopback>'] : [])],
      });
      browsers.push(browser);
      return new WicPage(await withInstruments(browser, toneHz), account, `https://${functions.wwsf}`);
    });
    await Promise.all(browsers.map((browser) => browser.close()));
    rmSync(folder, { recursive: true, force: true });
  },

  openOutside: async ({ browser, functions }, use) => {
    const pages: Page[] = [];
    await use(async ({ account, toneHz }) => {
      const page = await withInstruments(browser, toneHz);
      pages.push(page);
      return new WicPage(page, account, `https://${functions.wwsf}`);
    });
    await Promise.all(pages.map((page) => page.context().close()));
  },
});

/** Before any network is made. */
test.beforeEach(() => {
  const reason = whyNoNamespace();
  test.skip(reason !== undefined, reason);
});

export { expect } from '@playwright/test';

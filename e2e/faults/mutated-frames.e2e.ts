import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, test } from '@playwright/test';
import { webAccounts } from '@wicgate/lab';
import { findFreePorts, LabProcess } from '../lab-process.ts';
import { WicPage } from '../pages/wic-page.ts';
import { overMutualTls, overMutualTlsAlone, overTcp, overUdp, overWebSocket } from './listeners.ts';
import { mutatedMessages, mutatedWithinBorders } from './mutations.ts';

const messagesEach = 2_000;

test('[RFC 3261 16.3] 2,000 broken messages on each listener: the process lives, a call goes on, another one works', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const stateFolder = mkdtempSync(join(tmpdir(), 'wicgate-faults-'));
  const portBase = await findFreePorts(10_000);
  const lab = await LabProcess.start(portBase, stateFolder);
  const w2 = overWebSocket(portBase + 2, `https://localhost:${portBase}`);
  const strangers = {
    'W2': w2,
    'I-CSCF TCP': overTcp(portBase + 4),
    'I-CSCF UDP': overUdp(portBase + 4),
    'S-CSCF TCP': overTcp(portBase + 5),
    'S-CSCF UDP': overUdp(portBase + 5),
  };
  const nodes = { 'ep-cscf': [6, 's-cscf'], 'i-cscf': [9, 'ep-cscf'], 's-cscf': [10, 'i-cscf'] } as const;

  async function pass(count: number, seed: number): Promise<void> {
    for (const [name, send] of Object.entries(strangers)) {
      await test.step(name, () => send(mutatedMessages(count, seed)));
      expect(lab.isRunning).toBe(true);
    }
    for (const [name, [offset, certificate]] of Object.entries(nodes)) {
      // A TLS handshake itself leaves some KB in the process (Node's, not ours): few connections carry most of them.
      await test.step(`${name} mutual TLS`, async () => {
        await overMutualTls(portBase + offset, stateFolder, certificate)(mutatedWithinBorders(count, seed));
        await overMutualTlsAlone(portBase + offset, stateFolder, certificate)(mutatedMessages(count / 20, seed));
      });
      expect(lab.isRunning).toBe(true);
    }
  }

  const [alice, bob] = await Promise.all([open(browser, portBase, 'alice'), open(browser, portBase, 'bob')]);
  // The first pass warms everything up; what the second adds would grow without end.
  await alice.dial('bob');
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  await pass(messagesEach, 1);
  await expect.poll(() => lab.transactions(), { timeout: 60_000 }).toBe(0);
  const before = await lab.settledMegabytes();
  await pass(messagesEach, 2);
  await expect.poll(() => lab.transactions(), { timeout: 60_000 }).toBe(0);
  const grown = (await lab.settledMegabytes()) - before;
  test.info().annotations.push({ type: 'resident memory grown', description: `${grown.toFixed(1)} MB` });
  expect(grown).toBeLessThan(20);

  await expect(alice.call).toHaveText(/^In call/u);
  await bob.hangUp();
  await expect(alice.call).toHaveText(/^Ended/u);
  await alice.dial('bob');
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  await alice.hangUp();

  expect(await lab.stop()).toMatchObject({ code: 0 });
  rmSync(stateFolder, { recursive: true, force: true });
});

async function open(browser: Browser, portBase: number, username: string): Promise<WicPage> {
  const account = webAccounts('ims.example').find((each) => each.username === username);
  if (account === undefined) throw new TypeError(`expected a demo account ${username}`);
  const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone', 'camera'] });
  const wic = new WicPage(await context.newPage(), account, `https://localhost:${portBase}`);
  await wic.goOnline();
  return wic;
}

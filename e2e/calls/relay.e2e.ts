import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, startLab } from '@wicgate/lab';
import { test as base, expect } from '../fixtures.ts';
import { listen, selectedPair } from '../media/instruments.ts';

/** A lab where media may take no way but the relay, and allocations are short. */
const test = base.extend<object, { lab: Lab }>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from the pattern.
    async ({}, use) => {
      const stateFolder = mkdtempSync(join(tmpdir(), 'wicgate-relay-'));
      const lab = await startLab({
        portBase: 24_800,
        stateFolder,
        logLevel: 'warn',
        settings: {
          WWSF_ICE_TRANSPORT_POLICY: 'relay',
          TURN_DEFAULT_LIFETIME_SECONDS: '10',
          TURN_MAX_LIFETIME_SECONDS: '10',
        },
      });
      await use(lab);
      await lab.stop();
      rmSync(stateFolder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
});

test('[X.5.2.2] a relayed call outlives several Refreshes of its allocations', async ({ openWic, subscriber }) => {
  const alice = await openWic(await subscriber('alice'), { toneHz: 600 });
  const bob = await openWic(await subscriber('bob'), { toneHz: 1_200 });
  await alice.dial(bob.account.username);
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  expect(await selectedPair(alice.page)).toMatchObject({ local: 'relay', remote: 'relay' });

  // The call's own timer: by then each allocation would have ended three times over without a Refresh.
  await expect(alice.page.getByRole('timer', { name: 'Duration' })).toHaveText(/0:3[3-9]/u, { timeout: 60_000 });
  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(600, -1);
  await expect.poll(async () => (await listen(alice.page)).hz).toBeCloseTo(1_200, -1);
  await expect(alice.call).toHaveText(/^In call/u);
  await alice.hangUp();
  await expect(bob.call).toHaveText(/^Ended/u);
});

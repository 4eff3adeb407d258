/**
 * Calls whose media may take no way but the relay.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';
import { listen, selectedPair } from '../media/instruments.ts';

// Without a Refresh an allocation would be gone after ten seconds.
test.use({
  labSettings: {
    WWSF_ICE_TRANSPORT_POLICY: 'relay',
    TURN_DEFAULT_LIFETIME_SECONDS: '10',
    TURN_MAX_LIFETIME_SECONDS: '10',
  },
});

test('[X.5.2.2] a relayed call outlives several Refreshes of its allocations', async ({ openWic, subscriber }) => {
  const alice = await openWic(await subscriber('alice'), { toneHz: 600 });
  const bob = await openWic(await subscriber('bob'), { toneHz: 1_200 });
  await alice.dial(bob.account.username);
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  expect(await selectedPair(alice.page)).toMatchObject({ local: 'relay', remote: 'relay', relayProtocol: 'udp' });

  // The call's own timer: by then each allocation would have ended three times over without a Refresh.
  const timer = alice.page.getByRole('timer', { name: 'Duration' });
  await expect(timer).toHaveText(/0:3[3-9]/u, { timeout: 60_000 });
  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(600, -1);
  await expect.poll(async () => (await listen(alice.page)).hz).toBeCloseTo(1_200, -1);
  await expect(alice.call).toHaveText(/^In call/u);
  await alice.hangUp();
  await expect(bob.call).toHaveText(/^Ended/u);
});

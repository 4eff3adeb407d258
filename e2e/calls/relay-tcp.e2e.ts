/**
 * Calls whose media may take no way but the relay, over TCP.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';
import { listen, selectedPair } from '../media/instruments.ts';

test.use({
  labSettings: { WWSF_ICE_TRANSPORT_POLICY: 'relay', WWSF_TURN_URIS: 'turn:127.0.0.1:{turn}?transport=tcp' },
});

test('[RFC 8656 3.1] a relayed call over TCP, with picture', async ({ openWic, subscriber }) => {
  const alice = await openWic(await subscriber('alice'), { toneHz: 600 });
  const bob = await openWic(await subscriber('bob'), { toneHz: 1_200 });
  await alice.dial(bob.account.username, { video: true });
  await bob.answer({ video: true });
  await expect(alice.call).toHaveText(/^In call/u);
  expect(await selectedPair(alice.page)).toMatchObject({ local: 'relay', remote: 'relay', relayProtocol: 'tcp' });
  await expect.poll(async () => (await bob.remotePicture()).isMoving).toBe(true);
  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(600, -1);
  await alice.hangUp();
  await expect(bob.call).toHaveText(/^Ended/u);
});

test('[RFC 8445 9] a call whose relay is lost says so, and goes on by a fresh one', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'), { toneHz: 600 });
  const bob = await openWic(await subscriber('bob'), { toneHz: 1_200 });
  await alice.dial(bob.account.username);
  await bob.answer();
  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(600, -1);
  const media = [alice, bob].map(({ page }) => page.getByRole('status', { name: 'Media', exact: true }));
  for (const status of media) await expect(status).toBeEmpty();

  await lab.stopFunction('turn');
  for (const status of media) await expect(status).toHaveText('No connection. Trying again…');
  await lab.startFunction('turn');
  for (const status of media) await expect(status).toBeEmpty({ timeout: 40_000 });
  await expect(alice.call).toHaveText(/^In call/u);
  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(600, -1);
  await expect.poll(async () => (await listen(alice.page)).hz).toBeCloseTo(1_200, -1);
  await alice.hangUp();
});

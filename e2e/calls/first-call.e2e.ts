import { expect, test } from '../fixtures.ts';
import { listen } from '../media/instruments.ts';
import { inviteAfterMs } from './invite-after-ms.ts';

test('[X.3.2.3] a call between two browsers is heard in both directions', async ({ openWic, subscriber }) => {
  const alice = await openWic(await subscriber('alice'), { toneHz: 440 });
  const bob = await openWic(await subscriber('bob'), { toneHz: 1_000 });

  await alice.dial(bob.account.username);
  await expect(alice.call).toHaveText(/^Ringing/u);
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  await expect(bob.call).toHaveText(/^In call/u);

  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(440, -1);
  await expect.poll(async () => (await listen(alice.page)).hz).toBeCloseTo(1_000, -1);

  await alice.button('Mute').click();
  await expect.poll(async () => (await listen(bob.page)).level).toBeLessThan(0.001);
  await alice.button('Unmute').click();
  await expect.poll(async () => (await listen(bob.page)).level).toBeGreaterThan(0.1);

  await bob.hangUp();
  await expect(alice.call).toHaveText(/^Ended/u);
  await expect(bob.call).toHaveText(/^Ended/u);
});

test('[RFC 3264] a video call is seen in both directions', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];

  await alice.dial(bob.account.username, { video: true });
  await bob.answer({ video: true });
  for (const wic of [alice, bob]) {
    await expect(wic.call).toHaveText(/^In call/u);
    await expect.poll(() => wic.remotePicture()).toMatchObject({ width: expect.any(Number), isMoving: true });
    expect((await wic.remotePicture()).width).toBeGreaterThanOrEqual(320);
    await expect(wic.page.getByLabel('Self video')).toBeVisible();
  }

  await alice.button('Camera off').click();
  await expect.poll(async () => (await bob.remotePicture()).isMoving).toBe(false);
  await alice.button('Camera on').click();
  await expect.poll(async () => (await bob.remotePicture()).isMoving).toBe(true);

  await alice.hangUp();
  await expect(bob.call).toHaveText(/^Ended/u);
});

test('[RFC 3261 13.2] the INVITE leaves within 300 ms of the click', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  const tookMs = await inviteAfterMs(alice, bob.account.username);
  expect(tookMs).toBeGreaterThan(0);
  expect(tookMs).toBeLessThanOrEqual(300);
});

import { expect, test } from '../fixtures.ts';
import { played } from '../media/instruments.ts';

test('[RFC 3261 13.3.1.1] ringing is heard on both sides, and stops when it shall', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  expect(await played(alice.page)).toBe(0);

  await alice.dial(bob.account.username);
  await bob.incoming.waitFor();
  expect(await played(alice.page)).toBeGreaterThan(0.01);
  expect(await played(bob.page)).toBeGreaterThan(0.01);

  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  await expect.poll(() => played(alice.page)).toBe(0);
  await expect.poll(() => played(bob.page)).toBe(0);
  await alice.hangUp();
});

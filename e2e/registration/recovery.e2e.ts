import { expect, test } from '../fixtures.ts';

test('[O.4.1] a reload ends registered again', async ({ openWic, subscriber }) => {
  const alice = await openWic(await subscriber('alice'));
  await alice.page.reload();
  await expect(alice.registration).toHaveText(/^Registered/u);
});

test('[O.4.1] the loss of the WebSocket ends registered again, and calls reach the person', async ({
  openWic,
  subscriber,
}) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  await bob.loseConnection();
  // What the page says in between passes within a second or so; the second connection stays.
  await expect.poll(() => bob.page.evaluate(() => window.testWebSockets.length)).toBe(2);
  await expect(bob.registration).toHaveText(/^Registered/u);
  await alice.dial(bob.account.username);
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  await alice.hangUp();
});

test('[O.4.1] a restart of the eP-CSCF ends registered again, and the call goes on', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  await alice.dial(bob.account.username);
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);

  await lab.stopFunction('ep-cscf');
  for (const wic of [alice, bob]) await expect(wic.registration).not.toHaveText(/^Registered/u);
  await lab.startFunction('ep-cscf');
  for (const wic of [alice, bob]) await expect(wic.registration).toHaveText(/^Registered/u, { timeout: 45_000 });

  await expect(alice.call).toHaveText(/^In call/u);
  await bob.hangUp();
  await expect(alice.call).toHaveText(/^Ended/u);
});

test('[RFC 5626 4.2] one registration per browser: Use here moves it between tabs', async ({ openWic, subscriber }) => {
  const first = await openWic(await subscriber('alice'));
  const second = first.inNewTab(await first.page.context().newPage());
  await second.page.goto(first.page.url());
  await expect(second.page.getByText('Active in another tab')).toBeVisible();

  await second.button('Use here').click();
  await expect(second.registration).toHaveText(/^Registered/u);
  await expect(first.page.getByText('Active in another tab')).toBeVisible();

  await first.button('Use here').click();
  await expect(first.registration).toHaveText(/^Registered/u);
  await expect(second.page.getByText('Active in another tab')).toBeVisible();
});

test('[X.3.2.3-0] sign out ends the web session and the registration', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  await bob.button('Sign out').click();
  await expect(bob.button('Sign in')).toBeVisible();
  expect(await bob.page.evaluate(async () => (await fetch('/token')).status)).toBe(401);

  await alice.dial(bob.account.username);
  await expect(alice.call).toHaveText(/^Failed.*is not signed in/u);
});

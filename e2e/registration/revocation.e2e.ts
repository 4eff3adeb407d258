/**
 * What ends at the WAF ends at the gateway: within a second nobody is registered by it any more.
 */
import { expect, test } from '../fixtures.ts';
import type { WicPage } from '../pages/wic-page.ts';

/** Within a second; then the page says that the network will not have it, and what to do. */
async function expectEnd(wic: WicPage): Promise<void> {
  await expect(wic.registration).not.toHaveText(/^Registered/u, { timeout: 1_000 });
  await expect(wic.registration).toHaveText(/^Failed: the network/u);
  await expect(wic.button('Sign in again')).toBeVisible();
}

test('[REQ 2.2] [X.3.2.3-4] signing out at the WAF ends the registration, and the page says so', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  const waf = await alice.page.context().newPage();
  await waf.goto(`https://localhost:${lab.ports.waf}/session/end`);
  await waf.getByRole('button', { name: 'Sign out' }).click();
  await expect(waf.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await expectEnd(alice);

  await bob.dial(alice.account.username);
  await expect(bob.call).toHaveText(/^Failed.*is not signed in/u);
  await alice.button('Sign in again').click();
  await expect(alice.page.getByRole('textbox', { name: 'Username' })).toBeVisible();
});

test('[REQ 2.2] [X.3.2.3-4] barring an account ends its registration, and it cannot come back', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'));
  await lab.barAccount(alice.account.username);
  await expectEnd(alice);
  await alice.button('Sign in again').click();
  await alice.page.getByRole('textbox', { name: 'Username' }).fill(alice.account.username);
  await alice.page.getByLabel('Password').fill(alice.account.password);
  await alice.button('Sign in').click();
  await expect(alice.page.getByRole('alert')).toBeVisible();
});

test('[X.3.2.3-0] signing out in one tab of the page ends the registration that another tab holds', async ({
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'));
  const second = alice.inNewTab(await alice.page.context().newPage());
  await second.page.goto(alice.page.url());
  await expect(second.page.getByText('Active in another tab')).toBeVisible();
  await second.button('Sign out').click();
  await expect(second.button('Sign in')).toBeVisible();
  await expect(alice.registration).toHaveText('Failed: your sign-in has ended');
});

/**
 * Guests, and the pool that their identities come from.
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';

test.use({ labSettings: { WWSF_POOL: 'guest-001..002@ims.example', WWSF_POOL_COOL_DOWN_SECONDS: '4' } });

const registrationOf = (page: Page) => page.getByRole('status', { name: 'Registration' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function enter(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await button(page, 'Continue as guest').click();
}

async function identityOf(page: Page): Promise<string> {
  await expect(registrationOf(page)).toHaveText(/^Registered/u);
  const text = await page.getByText('People reach you at').textContent();
  return /guest-\d{3}/u.exec(text ?? '')?.[0] ?? '';
}

test('[X.4.2.1 b] [REQ 3.2] each guest has an identity alone; returned, it rests before another guest gets it', async ({
  lab,
  openPage,
  openWic,
  subscriber,
}) => {
  const [first, second, third] = [await openPage(), await openPage(), await openPage()];
  await enter(first, lab.wwsfUrl);
  await enter(second, lab.wwsfUrl);
  const identity = await identityOf(first);
  expect(new Set([identity, await identityOf(second)])).toEqual(new Set(['guest-001', 'guest-002']));

  await test.step('with the pool exhausted, the third hears why, and when to ask again', async () => {
    await enter(third, lab.wwsfUrl);
    await expect(third.getByRole('heading', { name: 'Every guest address is in use' })).toBeVisible();
    await expect(third.getByRole('button', { name: /^Try again in \d+ s$/u })).toBeDisabled();
    await button(third, 'Choose another way').click();
  });
  await test.step('the session of a guest survives a reload, with the same identity', async () => {
    await first.reload();
    expect(await identityOf(first)).toBe(identity);
  });
  await test.step('signed out, nobody is reached there, and nobody gets it before it has rested', async () => {
    const alice = await openWic(await subscriber('alice'));
    await button(first, 'Sign out').click();
    await expect(button(first, 'Continue as guest')).toBeVisible();
    await button(third, 'Continue as guest').click();
    await expect(third.getByRole('heading', { name: 'Every guest address is in use' })).toBeVisible();
    await alice.dial(identity);
    await expect(alice.call).toHaveText(/^Failed.*is not signed in/u);
  });
  await test.step('rested, it goes to the next', async () => {
    await button(third, 'Try again').click();
    expect(await identityOf(third)).toBe(identity);
  });
});

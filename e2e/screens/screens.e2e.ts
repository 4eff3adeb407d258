/**
 * Every screen, as people see it: light and dark, phone and desktop, no accessibility violation on any.
 *
 * @module
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { WicPage } from '../pages/wic-page.ts';

const looks = [
  { name: 'phone-light', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  { name: 'desktop-light', colorScheme: 'light', viewport: { width: 1_280, height: 800 } },
  { name: 'desktop-dark', colorScheme: 'dark', viewport: { width: 1_280, height: 800 } },
] as const;

const smallLooks = [
  { name: 'phone-small', viewport: { width: 320, height: 568 } },
  { name: 'phone-landscape', viewport: { width: 844, height: 390 } },
] as const;

/** What appears later than the state it shows would be judged while it fades in. */
const still = { reducedMotion: 'reduce' } as const;

for (const { name, ...look } of looks) {
  test(`[WCAG 2.2 AA] signing in: ${name}`, async ({ browser, lab, subscriber }, info) => {
    const context = await browser.newContext({ ...look, ...still, ignoreHTTPSErrors: true });
    const wic = new WicPage(await context.newPage(), await subscriber('alice'), lab.wwsfUrl);
    const show = (screen: string): Promise<void> => check(wic.page, info, `${name}-${screen}`);

    await wic.page.goto(lab.wwsfUrl);
    await expect(wic.button('Sign in')).toBeVisible();
    await show('welcome');
    await wic.button('Sign in').click();
    await wic.page.getByRole('textbox', { name: 'Username' }).fill(wic.account.username);
    await show('login');
    await wic.page.getByLabel('Password').fill('not the password');
    await wic.button('Sign in').click();
    await expect(wic.page.getByRole('alert')).toBeVisible();
    await show('login-error');
    await wic.page.goto(`https://localhost:${lab.ports.waf}/nothing-here`);
    await show('waf-not-found');
    await wic.page.goto(`https://localhost:${lab.ports.waf}/session/end`);
    await show('waf-sign-out');
    await wic.page.goto(`${lab.wwsfUrl}/nothing-here`);
    await show('wwsf-not-found');
    await wic.page.goto(`${lab.wwsfUrl}/?sign-in=denied`);
    await expect(wic.button('Sign in')).toBeVisible();
    await show('sign-in-denied');
    await context.close();
  });

  test(`[WCAG 2.2 AA] calling: ${name}`, async ({ browser, lab, openWic, subscriber }, info) => {
    const bob = await openWic(await subscriber('bob'));
    const permissions = ['microphone', 'camera'];
    const context = await browser.newContext({ ...look, ...still, ignoreHTTPSErrors: true, permissions });
    const alice = new WicPage(await context.newPage(), await subscriber('alice'), lab.wwsfUrl);
    const show = (screen: string): Promise<void> => check(alice.page, info, `${name}-${screen}`);

    await alice.goOnline();
    await show('registered');
    await alice.dial(bob.account.username);
    await expect(alice.call).toHaveText(/^Ringing/u);
    await show('ringing');
    await bob.answer();
    await expect(alice.call).toHaveText(/^In call/u);
    await show('in-call');
    await bob.hangUp();
    await expect(alice.call).toHaveText(/^Ended/u);
    await show('ended');

    await bob.dial(alice.account.username, { video: true });
    await alice.incoming.waitFor();
    await show('incoming');
    await alice.answer({ video: true });
    await expect(alice.call).toHaveText(/^In call/u);
    await expect.poll(async () => (await alice.remotePicture()).isMoving).toBe(true);
    await show('in-video-call');
    await alice.hangUp();
    await alice.dial('nobodyatall');
    await expect(alice.call).toHaveText(/^Failed/u);
    await show('failed');

    const other = alice.inNewTab(await context.newPage());
    await other.page.goto(lab.wwsfUrl);
    await expect(other.page.getByText('Active in another tab')).toBeVisible();
    await check(other.page, info, `${name}-elsewhere`);
    await other.page.close();
    await lab.stopFunction('ep-cscf');
    await expect(alice.page.getByRole('region', { name: 'Connection' })).toBeVisible();
    await show('connection-lost');
    await lab.startFunction('ep-cscf');
    await context.close();
  });
}

test('[WCAG 1.4.10] a call fits on the smallest phone, upright and on its side', async ({
  browser,
  lab,
  openWic,
  subscriber,
}, info) => {
  const bob = await openWic(await subscriber('bob'));
  const permissions = ['microphone', 'camera'];
  const context = await browser.newContext({ ...still, ignoreHTTPSErrors: true, permissions });
  const alice = new WicPage(await context.newPage(), await subscriber('alice'), lab.wwsfUrl);
  const show = async (screen: string, buttons: readonly string[]): Promise<void> => {
    for (const { name, viewport } of smallLooks) {
      await alice.page.setViewportSize(viewport);
      await expectFits(alice.page, info, `${name}-${screen}`);
      for (const button of buttons) await expect(alice.button(button)).toBeInViewport({ ratio: 1 });
      expect(await alice.page.evaluate(findMisfits), `${name}-${screen}`).toEqual([]);
    }
  };

  await alice.goOnline();
  await show('registered', ['Sign out']);
  await bob.dial(alice.account.username, { video: true });
  await alice.incoming.waitFor();
  await show('incoming', ['Decline', 'Answer', 'Answer with video']);
  await alice.answer({ video: true });
  await expect(alice.call).toHaveText(/^In call/u);
  await show('in-video-call', ['Mute', 'Camera off', 'Hang up']);
  await alice.hangUp();
  await context.close();
});

async function check(page: Page, info: TestInfo, screen: string): Promise<void> {
  await expectFits(page, info, screen);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id} at ${nodes[0]?.html}`)).toEqual([]);
}

/** Nothing is wider than the screen; the picture goes to the results. */
async function expectFits(page: Page, info: TestInfo, screen: string): Promise<void> {
  await page.evaluate(entrancesEnded);
  await page.screenshot({ path: info.outputPath(`${screen}.png`) });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${screen}: wider than the screen`).toBeLessThanOrEqual(0);
}

/** What fades in has another contrast until it is there; what moves without end (a spinner) is not waited for. */
async function entrancesEnded(): Promise<void> {
  const entrances = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(entrances.map(({ finished }) => finished));
}

/** What is cut short or runs out of its place, and buttons that the self view touches. */
function findMisfits(): string[] {
  const self = document.querySelector('video[aria-label="Self video"]')?.getBoundingClientRect();
  const overSelf = ({ left, right, top, bottom }: DOMRect): boolean =>
    self !== undefined && left < self.right && right > self.left && top < self.bottom && bottom > self.top;
  return [...document.querySelectorAll('button, form > div, [role=status], [role=alertdialog]')]
    .filter((part) => !part.closest('.sr-only'))
    .filter(
      (part) =>
        part.scrollWidth > part.clientWidth || (part.matches('button') && overSelf(part.getBoundingClientRect())),
    )
    .map((part) => part.outerHTML);
}

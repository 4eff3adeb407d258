/**
 * Every screen, as people see it: light and dark, phone and desktop, no accessibility violation on any.
 *
 * @module
 */
import type { Page, TestInfo } from '@playwright/test';
import { webAccounts } from '@wicgate/lab';
import { expect, test } from '../fixtures.ts';
import { nobody, WicPage } from '../pages/wic-page.ts';
import { createDigestAccount } from '../registration/home-subscribers.ts';
import { expectFits, look, still } from './look.ts';

test.use({ labPartner: true, labSettings: { WWSF_POOL: 'guest-001..001@ims.example' } });

/** Each screen is looked at five times. One after the other they would be what a whole run waits for at its end. */
test.describe.configure({ mode: 'parallel', timeout: 180_000 });

const smallLooks = [
  { name: 'phone-small', viewport: { width: 320, height: 568 } },
  { name: 'phone-360', viewport: { width: 360, height: 740 } },
  { name: 'phone-landscape', viewport: { width: 844, height: 390 } },
] as const;

const looksAt = (page: Page, info: TestInfo) => (screen: string) => look(page, info, screen);

test('[WCAG 2.2 AA] the ways in, and signing in', async ({ lab, openPage, subscriber }, info) => {
  const wic = new WicPage(await openPage(), await subscriber('alice'), lab.wwsfUrl);
  const show = looksAt(wic.page, info);

  await wic.page.goto(lab.wwsfUrl);
  await expect(wic.button('Continue as guest')).toBeVisible();
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
});

test('[WCAG 2.2 AA] [WCAG 2.4.3] in by SIP password', async ({ lab, openPage }, info) => {
  const wic = new WicPage(await openPage(), nobody, lab.wwsfUrl);
  const show = looksAt(wic.page, info);
  const dora = await createDigestAccount(lab, 'dora');

  await wic.page.goto(lab.wwsfUrl);
  await wic.button('Use SIP password').click();
  await show('password');
  await wic.typeSipPassword({ ...dora, password: 'not the password' });
  await expect(wic.registration).toHaveText(/^Failed/u);
  await show('password-wrong');
  await wic.typeSipPassword(dora);
  await expect(wic.registration).toHaveText(/^Registered/u);
  await expect(wic.page.getByRole('heading', { level: 1 })).toBeFocused();
  await wic.openDetails();
  await show('password-details');
  await wic.details.getByRole('button', { name: 'Close' }).click();
  await wic.button('Sign out').click();
  await expect(wic.page.getByRole('heading', { name: 'Your phone, in this browser' })).toBeFocused();
});

test('[WCAG 2.2 AA] in by SIM', async ({ lab, openPage }, info) => {
  const wic = new WicPage(await openPage(), nobody, lab.wwsfUrl);
  const show = looksAt(wic.page, info);

  await wic.page.goto(lab.wwsfUrl);
  await wic.button('Use SIM').click();
  await expect(wic.sim.getByLabel('Profile file')).toBeVisible();
  await show('sim-new');
  const profile = Buffer.from(JSON.stringify(await lab.createSimSubscriber(`erik${process.pid}screens`)));
  const file = { name: 'profile.json', mimeType: 'application/json', buffer: profile };
  await wic.sim.getByLabel('Profile file').setInputFiles(file);
  await wic.sim.getByLabel('PIN', { exact: true }).fill('2580');
  await wic.sim.getByLabel('Repeat PIN').fill('2580');
  await wic.sim.getByLabel('Repeat PIN').press('Enter');
  const allow = wic.sim.getByRole('button', { name: 'Allow', exact: true });
  await expect(allow).toBeVisible();
  await show('sim-consent');
  await allow.click();
  await expect(wic.registration).toHaveText(/^Registered/u);
  await show('sim-registered');
  await wic.openDetails();
  await show('sim-details');
  await wic.page.reload();
  await wic.button('Use SIP password').click();
  await show('sim-first');
  await wic.button('Use SIM').click();
  await expect(wic.sim.getByRole('button', { name: 'Unlock' })).toBeVisible();
  await show('sim-pin');
});

test('[WCAG 2.2 AA] guests', async ({ lab, openPage }, info) => {
  const wic = new WicPage(await openPage(), nobody, lab.wwsfUrl);
  const show = looksAt(wic.page, info);

  await wic.continueAsGuest();
  await expect(wic.registration).toHaveText(/^Registered/u);
  await show('guest');
  await wic.page.context().clearCookies();
  await wic.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(wic.page.getByRole('heading', { name: 'Your time as a guest is over' })).toBeVisible();
  await show('guest-over');
  await wic.button('Continue as guest').click();
  await expect(wic.page.getByRole('heading', { name: 'Every guest address is in use' })).toBeFocused();
  await show('guest-pool-exhausted');
});

test('[WCAG 2.2 AA] [REQ 2.1] the partner: its login page, refusals, and what it is allowed', async ({
  lab,
  openPage,
}, info) => {
  const [carol, bob] = ['carol', 'bob'].map((name) => webAccounts(lab.homeDomain).find((who) => who.username === name));
  if (carol === undefined || bob === undefined) throw new TypeError('expected the demo accounts');
  const url = `https://localhost:${lab.ports.partnerWwsf}`;
  const wic = new WicPage(await openPage(), carol, url);
  const show = looksAt(wic.page, info);

  await wic.page.goto(url);
  await wic.button('Sign in').click();
  await expect(wic.page.getByRole('textbox', { name: 'Username' })).toBeVisible();
  await show('partner-login');
  await wic.signIn();
  await expect(wic.page.getByRole('heading', { name: 'Your account does not allow this website' })).toBeVisible();
  await show('partner-not-allowed');
  await wic.openDetails();
  await show('partner-not-allowed-details');

  const his = new WicPage(await openPage(), bob, url);
  await his.goOnline();
  const grants = new WicPage(await openPage(), bob, `https://localhost:${lab.ports.partnerWaf}/grants`);
  await grants.page.goto(`https://localhost:${lab.ports.partnerWaf}/grants`);
  await grants.page.getByRole('textbox', { name: 'Username' }).fill(bob.username);
  await grants.page.getByLabel('Password').fill(bob.password);
  await grants.button('Sign in').click();
  await expect(grants.button('Remove access')).toBeVisible();
  await look(grants.page, info, 'grants');
  await grants.button('Remove access').click();
  await expect(grants.page.getByText('Nobody yet')).toBeVisible();
  await look(grants.page, info, 'grants-none');

  await expect(his.registration).toHaveText(/^Failed/u);
  await look(his.page, info, 'access-removed');
  await his.button('Sign in again').click();
  await his.page.getByRole('textbox', { name: 'Username' }).fill(bob.username);
  await his.page.getByLabel('Password').fill(bob.password);
  await his.button('Sign in').click();
  await expect(his.page.getByRole('heading', { level: 1 })).not.toHaveText('Sign in');
  await look(his.page, info, 'partner-not-granted');
});

test('[WCAG 2.2 AA] calling', async ({ lab, openPage, openWic, subscriber }, info) => {
  const bob = await openWic(await subscriber('bob'));
  const alice = new WicPage(await openPage(), await subscriber('alice'), lab.wwsfUrl);
  const show = looksAt(alice.page, info);

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

  const other = alice.inNewTab(await alice.page.context().newPage());
  await other.page.goto(lab.wwsfUrl);
  await expect(other.page.getByText('Active in another tab')).toBeVisible();
  await look(other.page, info, 'elsewhere');
  await other.page.close();
  await lab.stopFunction('ep-cscf');
  await expect(alice.button('Try now')).toBeVisible();
  await show('connection-lost');
  await lab.startFunction('ep-cscf');
});

test('[WCAG 1.4.10] a call fits on small phones, upright and on their side', async ({
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

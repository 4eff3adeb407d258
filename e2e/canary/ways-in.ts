/**
 * Every way into the network, with the right and with a wrong secret, in browsers that are watched.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import { expect, type FrameLocator, type Page } from '@playwright/test';
import { WicPage } from '../pages/wic-page.ts';
import { askHttp } from './ask-http.ts';
import type { CanaryLab } from './canary-lab.ts';

/** No two are alike, and none looks like anything else. */
function createPassword(): string {
  return `canary ${randomBytes(9).toString('base64url')} & "ü"`;
}

const registered = /^Registered/u;

/** Two people sign in at the WAF, one of them with a slip, and talk. */
export async function callOnTheWeb(canaryLab: CanaryLab): Promise<{ readonly anna: WicPage; readonly ben: WicPage }> {
  const { lab, canaries } = canaryLab;
  const [anna, ben] = await Promise.all(
    ['anna', 'ben'].map(async (username) => {
      const password = createPassword();
      canaries.add('web password', password);
      const account = await lab.createSubscriber({ username, password });
      const page = await canaryLab.openBrowser();
      return new WicPage(page, account, lab.wwsfUrl);
    }),
  );
  if (anna === undefined || ben === undefined) throw new TypeError('expected two people');
  await failToSignIn(anna, canaryLab);
  await Promise.all([anna, ben].map(async (wic) => wic.goOnline()));
  await anna.dial(ben.account.username);
  await ben.answer();
  await expect(anna.call).toHaveText(/^In call/u);
  await Promise.all([anna, ben].map(({ page }) => canaryLab.lookAt(page)));
  await canaryLab.look();
  await anna.hangUp();
  await expect(ben.call).toHaveText(/^Ended/u);
  return { anna, ben };
}

/** A wrong password, and the password where the user name belongs. */
async function failToSignIn({ page, account }: WicPage, canaryLab: CanaryLab): Promise<void> {
  const { lab, canaries } = canaryLab;
  await page.goto(lab.wwsfUrl);
  await button(page, 'Sign in').click();
  const [misplaced, wrong] = [createPassword(), createPassword()];
  canaries.add('web password typed as user name', misplaced);
  canaries.add('web password', wrong);
  for (const username of [misplaced, account.username]) {
    await page.getByRole('textbox', { name: 'Username' }).fill(username);
    await page.getByLabel('Password').fill(wrong);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('not right');
    await canaryLab.lookAt(page);
  }
}

/** SIP Digest (X.2.2): the operator gives a password, the person types a wrong one, then it. */
export async function registerByPassword(canaryLab: CanaryLab): Promise<void> {
  const { lab, canaries } = canaryLab;
  const [password, wrong] = [createPassword(), createPassword()];
  const impi = 'dana@ims.example';
  for (const each of [password, wrong]) {
    canaries.add('SIP password', each);
    for (const hash of ['md5', 'sha256']) {
      canaries.add('H(A1) of SIP Digest', createHash(hash).update(`${impi}:ims.example:${each}`).digest());
    }
  }
  const answer = await askHttp(lab.ports.hss, '/subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ impi, impus: [{ impu: `sip:${impi}` }], digest: { password } }),
  });
  expect(answer.status).toBe(201);
  canaryLab.evidence.add('error answer', 'hss POST /subscriptions', answer.text);
  const page = await canaryLab.openBrowser();
  await page.goto(lab.wwsfUrl);
  await button(page, 'Use SIP password').click();
  await page.getByRole('textbox', { name: 'Public identity' }).fill('dana');
  for (const each of [wrong, password]) {
    await page.getByLabel('Password', { exact: true }).fill(each);
    await button(page, 'Register').click();
    if (each === wrong) await expect(page.getByRole('alert')).toBeVisible();
    else await expect(registrationOf(page)).toHaveText(registered);
    await canaryLab.lookAt(page);
  }
  await button(page, 'Sign out').click();
  await expect(button(page, 'Use SIP password')).toBeVisible();
  await canaryLab.lookAt(page);
}

/** IMS AKA (X.2.3): a PIN opens the SIM, after a reload only the second one that is typed. */
export async function registerBySim(canaryLab: CanaryLab): Promise<void> {
  const { lab, canaries } = canaryLab;
  const pin = '73918264';
  const wrongPin = '60284517';
  for (const each of [pin, wrongPin]) canaries.add('PIN', each);
  const profile = await canaryLab.createSim('sina');
  const page = await canaryLab.openBrowser();
  await page.goto(lab.wwsfUrl);
  await button(page, 'Use SIM').click();
  const frame = page.frameLocator('iframe[title="SIM"]');
  const buffer = Buffer.from(JSON.stringify(profile));
  await frame.getByLabel('Profile file').setInputFiles({ name: 'p.json', mimeType: 'application/json', buffer });
  await frame.getByLabel('PIN', { exact: true }).fill(pin);
  await frame.getByLabel('Repeat PIN').fill(pin);
  await press(frame, 'Set up');
  await press(frame, 'Allow');
  await expect(registrationOf(page)).toHaveText(registered);
  await canaryLab.lookAt(page);

  await page.reload();
  await button(page, 'Use SIM').click();
  for (const each of [wrongPin, pin]) {
    await frame.getByLabel('PIN', { exact: true }).fill(each);
    await press(frame, 'Unlock');
    if (each === pin) break;
    await expect(frame.getByRole('alert')).toContainText('That was not it');
    await canaryLab.lookAt(page);
  }
  await expect(registrationOf(page)).toHaveText(registered);
  await canaryLab.lookAt(page);
}

/** An identity of the pool (X.4), and back. */
export async function registerAsGuest(canaryLab: CanaryLab): Promise<void> {
  const page = await canaryLab.openBrowser();
  await page.goto(canaryLab.lab.wwsfUrl);
  await button(page, 'Continue as guest').click();
  await expect(registrationOf(page)).toHaveText(registered);
  await canaryLab.lookAt(page);
  await canaryLab.look();
  await button(page, 'Sign out').click();
  await expect(button(page, 'Continue as guest')).toBeVisible();
}

/** A third party (X.3): its WWSF signs in itself; then the subscriber takes its right away. */
export async function registerAtPartner(canaryLab: CanaryLab): Promise<void> {
  const { ports } = canaryLab.lab;
  const password = 'alice-demo';
  canaryLab.canaries.add('web password', password);
  const page = await canaryLab.openBrowser();
  await page.goto(`https://localhost:${ports.partnerWwsf}`);
  await button(page, 'Sign in').click();
  const wrong = createPassword();
  canaryLab.canaries.add('web password', wrong);
  for (const each of [wrong, password]) {
    await page.getByRole('textbox', { name: 'Username' }).fill('alice');
    await page.getByLabel('Password').fill(each);
    await button(page, 'Sign in').click();
    if (each === wrong) await expect(page.getByRole('alert')).toContainText('not right');
    await canaryLab.lookAt(page);
  }
  await expect(registrationOf(page)).toHaveText(registered);
  await canaryLab.lookAt(page);

  const grants = await canaryLab.openBrowser();
  await grants.goto(`https://localhost:${ports.partnerWaf}/grants`);
  await grants.getByRole('textbox', { name: 'Username' }).fill('alice');
  await grants.getByLabel('Password').fill(password);
  await button(grants, 'Sign in').click();
  await expect(button(grants, 'Remove access')).toBeVisible();
  await canaryLab.lookAt(grants);
  await button(grants, 'Remove access').click();
  await expect(registrationOf(page)).not.toHaveText(registered);
  await canaryLab.lookAt(page);
}

function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true });
}

async function press(frame: FrameLocator, name: string): Promise<void> {
  await frame.getByRole('button', { name, exact: true }).click();
}

function registrationOf(page: Page) {
  return page.getByRole('status', { name: 'Registration' });
}

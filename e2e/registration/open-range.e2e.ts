/**
 * Identities that exist for one guest only: a range in the HSS in place of stored subscriptions.
 */
import type { Page } from '@playwright/test';
import type { Lab } from '@wicgate/lab';
import { Wic } from '../attacks/wic.ts';
import { expect, test } from '../fixtures.ts';
import { listen } from '../media/instruments.ts';
import { headersOf, traceW2 } from '../media/w2-trace.ts';
import { nobody, WicPage } from '../pages/wic-page.ts';
import { provision } from './home-subscribers.ts';

const pattern = 'visitor-*@ims.example';

test.use({
  labSettings: {
    WWSF_POOL: pattern,
    WAF_WWSF_POOL: pattern,
    EP_CSCF_POOLS: `wwsf.ims.example=${pattern}`,
  },
});

interface Range {
  readonly impi: string;
  readonly registered: number;
}

async function registeredIn(lab: Lab): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${lab.ports.hss}/identity-ranges/${encodeURIComponent(pattern)}`);
  return ((await response.json()) as Range).registered;
}

async function guest(lab: Lab, page: Page): Promise<{ readonly wic: WicPage; readonly name: string }> {
  const wic = new WicPage(page, nobody, lab.wwsfUrl);
  await wic.continueAsGuest();
  await expect(wic.registration).toHaveText(/^Registered/u);
  const text = await page.getByText('People reach you at').textContent();
  return { wic, name: /visitor-[\w.-]*\w/u.exec(text ?? '')?.[0] ?? '' };
}

test('[X.4.2.1 c] [REQ 3.2] while the HSS has no such range, a visitor is nobody', async ({ lab, openPage }) => {
  const wic = new WicPage(await openPage(), nobody, lab.wwsfUrl);
  await wic.continueAsGuest();
  await expect(wic.registration).toHaveText(/^Failed/u);
});

test('[X.4.2.1 c] [X.4.1] two guests get identities of the range that nobody had before, and talk', async ({
  lab,
  openPage,
}) => {
  await provision(lab, 'POST', '/identity-ranges', { impi: pattern, impu: `sip:${pattern}`, maxRegistered: 10 });
  const [firstPage, secondPage] = [await openPage({ toneHz: 440 }), await openPage({ toneHz: 1_000 })];
  const { sent } = traceW2(firstPage);
  const first = await guest(lab, firstPage);
  const second = await guest(lab, secondPage);
  expect(first.name).not.toBe('');
  expect(second.name).not.toBe(first.name);
  expect(await registeredIn(lab)).toBe(2);

  await first.wic.dial(second.name);
  await second.wic.answer();
  await expect(first.wic.call).toHaveText(/^In call/u);
  await expect.poll(async () => (await listen(secondPage)).hz).toBeCloseTo(440, -1);
  await expect.poll(async () => (await listen(firstPage)).hz).toBeCloseTo(1_000, -1);
  await second.wic.hangUp();
  await expect(first.wic.call).toHaveText(/^Ended/u);

  await test.step('[X.4.1] [REQ 3.2] the token of a guest is no good for a visitor outside the range', async () => {
    const bearer = headersOf(sent, 'REGISTER', 'Authorization')[0];
    const mallory = await Wic.open(lab.ports.epCscf, lab.wwsfUrl, 'outsider-1');
    expect((await mallory.register(bearer)).statusCode).toBe(403);
    mallory.close();
  });
  await test.step('[X.4.2.1 c] signed out, the HSS knows nothing of the identity, and the next guest has another', async () => {
    await first.wic.button('Sign out').click();
    await expect(first.wic.button('Continue as guest')).toBeVisible();
    await expect.poll(() => registeredIn(lab)).toBe(1);
    const next = await guest(lab, await openPage());
    expect([first.name, second.name]).not.toContain(next.name);
    await next.wic.dial(first.name);
    await expect(next.wic.call).toHaveText(/^Failed/u);
  });
});

/**
 * In by SIM, on the WIC's own screens, with the soft ISIM in its frame.
 */
import type { Page } from '@playwright/test';
import type { Lab } from '@wicgate/lab';
import { expect, test } from '../fixtures.ts';
import { headersOf, traceW2 } from '../media/w2-trace.ts';
import { expectConnectionDetails } from '../pages/connection-details.ts';
import { SimFrame } from '../pages/sim-frame.ts';

type Profile = Readonly<Record<string, string>>;

let made = 0;

function createSim(lab: Lab): Promise<Profile> {
  made += 1;
  return lab.createSimSubscriber(`erik${process.pid}x${made}`);
}

async function useSim(page: Page, url: string, profile: Profile): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Use SIM' }).click();
  const sim = new SimFrame(page);
  await sim.setUp(profile);
  await sim.allow();
}

const registrationOf = (page: Page) => page.getByRole('status', { name: 'Registration' });
const noncesOf = (received: readonly string[]): readonly string[] =>
  headersOf(received, 'SIP/2.0 401', 'WWW-Authenticate').map((value) => /nonce="([^"]*)"/u.exec(value)?.[1] ?? '');

test('[X.2.3.3] [WIC 5] registers by IMS AKA with AKAv2-SHA-256, and again with a fresh vector', async ({
  lab,
  openPage,
}) => {
  const profile = await createSim(lab);
  const page = await openPage();
  const { sent, received } = traceW2(page);
  await page.clock.install();
  await useSim(page, lab.wwsfUrl, profile);
  await expect(registrationOf(page)).toHaveText(/^Registered/u);
  await expectConnectionDetails(page, {
    ...{ way: 'SIM', standard: /IMS AKA with AKAv2-SHA-256 \(TS 33\.203 X\.2\.3\)/u, gateway: lab.epCscfUrl },
    ...{ impu: profile.impu ?? '', impi: profile.impi },
  });
  expect(headersOf(received, 'SIP/2.0 401', 'WWW-Authenticate')[0]).toMatch(/algorithm=AKAv2-SHA-256/u);
  expect(headersOf(sent, 'REGISTER', 'Authorization').at(-1)).toMatch(/response="[0-9a-f]{64}"/u);
  expect(received.join('\n')).not.toMatch(/\b[ci]k=/iu);

  // Half an hour and more passes for the page: it is time to renew.
  await page.clock.fastForward('55:00');
  await expect.poll(() => new Set(noncesOf(received)).size).toBe(2);
  await expect.poll(() => received.filter((message) => message.startsWith('SIP/2.0 200')).length).toBe(2);
  await expect(registrationOf(page)).toHaveText(/^Registered/u);
});

test('[6.1.3] [WIC 20] a SIM that is out of step says so (AUTS), is brought into step and registers', async ({
  lab,
  openPage,
}) => {
  const page = await openPage();
  const { sent, received } = traceW2(page);
  await useSim(page, lab.wwsfUrl, { ...(await createSim(lab)), SQN: '000000100000' });
  await expect(registrationOf(page)).toHaveText(/^Registered/u);
  expect(headersOf(sent, 'REGISTER', 'Authorization').filter((value) => /auts="/u.test(value))).toHaveLength(1);
  expect(noncesOf(received)).toHaveLength(2);
});

test('[6.1.2.2] a network that does not know K is not believed, and nothing registers', async ({ lab, openPage }) => {
  const page = await openPage();
  const { sent, received } = traceW2(page);
  await useSim(page, lab.wwsfUrl, { ...(await createSim(lab)), K: 'f'.repeat(32) });
  await expect(registrationOf(page)).toHaveText('Failed: this may not be your network');
  await expect(page.getByText('could not prove to know your secret')).toBeVisible();
  expect(received.some((message) => message.startsWith('SIP/2.0 200'))).toBe(false);
  expect(headersOf(sent, 'REGISTER', 'Authorization').at(-1)).toMatch(/response=""/u);
});

test('[X.2.1] [X.2.3.1] where a SIM was used it comes first; it is locked again, and registers after its PIN', async ({
  lab,
  openPage,
}) => {
  const page = await openPage();
  await useSim(page, lab.wwsfUrl, await createSim(lab));
  await expect(registrationOf(page)).toHaveText(/^Registered/u);
  await page.reload();
  await page.getByRole('button', { name: 'Use SIP password' }).click();
  await expect(page.getByRole('heading', { name: 'Your SIM comes first' })).toBeVisible();
  await page.getByRole('button', { name: 'Use SIM' }).click();
  await new SimFrame(page).unlock();
  await expect(registrationOf(page)).toHaveText(/^Registered/u);
});

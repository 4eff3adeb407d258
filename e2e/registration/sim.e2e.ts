/**
 * In by SIM, on the WIC's own screens, with the soft ISIM in its frame.
 */
import type { Lab } from '@wicgate/lab';
import { expect, test } from '../fixtures.ts';
import { headersOf, traceW2 } from '../media/w2-trace.ts';
import { expectConnectionDetails } from '../pages/connection-details.ts';
import { nobody, WicPage } from '../pages/wic-page.ts';

type Profile = Readonly<Record<string, string>>;

let made = 0;

function createSim(lab: Lab): Promise<Profile> {
  made += 1;
  return lab.createSimSubscriber(`erik${process.pid}x${made}`);
}

const pin = '2580';

function fileOf(profile: Profile) {
  const buffer = Buffer.from(JSON.stringify(profile));
  return { name: 'profile.json', mimeType: 'application/json', buffer };
}

const noncesOf = (received: readonly string[]): readonly string[] =>
  headersOf(received, 'SIP/2.0 401', 'WWW-Authenticate').map((value) => /nonce="([^"]*)"/u.exec(value)?.[1] ?? '');

test('[X.2.3.3] [WIC 5] registers by IMS AKA with AKAv2-SHA-256, and again with a fresh vector', async ({
  lab,
  openPage,
}) => {
  const profile = await createSim(lab);
  const page = await openPage();
  const wic = new WicPage(page, nobody, lab.wwsfUrl);
  const { sent, received } = traceW2(page);
  await page.clock.install();
  await wic.useSim(fileOf(profile), pin);
  await expect(wic.registration).toHaveText(/^Registered/u);
  await expectConnectionDetails(wic, {
    ...{ way: 'SIM', standard: /IMS AKA with AKAv2-SHA-256 \(TS 33\.203 X\.2\.3\)/u, gateway: lab.epCscfUrl },
    ...{ impu: profile.impu ?? '', impi: profile.impi ?? '' },
  });
  expect(headersOf(received, 'SIP/2.0 401', 'WWW-Authenticate')[0]).toMatch(/algorithm=AKAv2-SHA-256/u);
  expect(headersOf(sent, 'REGISTER', 'Authorization').at(-1)).toMatch(/response="[0-9a-f]{64}"/u);
  expect(received.join('\n')).not.toMatch(/\b[ci]k=/iu);

  // Most of an hour passes for the page: it is time to renew.
  await page.clock.fastForward('55:00');
  const registrations = (): number =>
    headersOf(received, 'SIP/2.0 200', 'CSeq').filter((value) => value.endsWith(' REGISTER')).length;
  await expect.poll(registrations).toBeGreaterThanOrEqual(2);
  const nonces = noncesOf(received);
  expect(nonces.length).toBeGreaterThanOrEqual(2);
  expect(new Set(nonces).size).toBe(nonces.length);
  await expect(wic.registration).toHaveText(/^Registered/u);
});

test('[6.1.3] [WIC 20] a SIM that is out of step says so (AUTS), is brought into step and registers', async ({
  lab,
  openPage,
}) => {
  const page = await openPage();
  const wic = new WicPage(page, nobody, lab.wwsfUrl);
  const { sent, received } = traceW2(page);
  await wic.useSim(fileOf({ ...(await createSim(lab)), SQN: '000000100000' }), pin);
  await expect(wic.registration).toHaveText(/^Registered/u);
  expect(headersOf(sent, 'REGISTER', 'Authorization').filter((value) => /auts="/u.test(value))).toHaveLength(1);
  expect(noncesOf(received)).toHaveLength(2);
});

test('[6.1.2.2] a network that does not know K (its MAC is wrong) is not believed, and nothing registers', async ({
  lab,
  openPage,
}) => {
  const page = await openPage();
  const wic = new WicPage(page, nobody, lab.wwsfUrl);
  const { sent, received } = traceW2(page);
  await wic.useSim(fileOf({ ...(await createSim(lab)), K: 'f'.repeat(32) }), pin);
  await expect(wic.registration).toHaveText('Failed: this may not be your network');
  await expect(page.getByText('could not prove to know your secret')).toBeVisible();
  expect(received.some((message) => message.startsWith('SIP/2.0 200'))).toBe(false);
  expect(headersOf(sent, 'REGISTER', 'Authorization').at(-1)).toMatch(/response=""/u);
});

test('[X.2.1] [X.2.3.1] where a SIM was used it comes first; it is locked again, and registers after its PIN', async ({
  lab,
  openPage,
}) => {
  const page = await openPage();
  const wic = new WicPage(page, nobody, lab.wwsfUrl);
  await wic.useSim(fileOf(await createSim(lab)), pin);
  await expect(wic.registration).toHaveText(/^Registered/u);
  await page.reload();
  await wic.button('Use SIP password').click();
  await expect(page.getByRole('heading', { name: 'Your SIM comes first' })).toBeVisible();
  await wic.button('Use SIM').click();
  await wic.sim.getByLabel('PIN', { exact: true }).fill(pin);
  await wic.sim.getByRole('button', { name: 'Unlock' }).click();
  await expect(wic.registration).toHaveText(/^Registered/u);
});

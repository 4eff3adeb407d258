/**
 * What the network says of a registration that stands, as the page takes it (TS 24.229 5.1.1.3, 5.1.1.7).
 */
import { expect, test } from '../fixtures.ts';
import { headersOf, traceW2 } from '../media/w2-trace.ts';
import { WicPage } from '../pages/wic-page.ts';
import { createDigestAccount, provision } from './home-subscribers.ts';

test('[TS 24.229 5.1.1.7] [TS 29.228 6.1.3] ended by the HSS: Failed within a second, and the socket is closed', async ({
  lab,
  openPage,
  subscriber,
}) => {
  const alice = await subscriber('alice');
  const page = await openPage();
  const { sent, received } = traceW2(page);
  const wic = new WicPage(page, alice, lab.wwsfUrl);
  await wic.goOnline();
  await expect.poll(() => headersOf(received, 'NOTIFY', 'Event')).toContain('reg');

  await provision(lab, 'POST', `/subscriptions/${encodeURIComponent(alice.impi)}/deregister`, {});
  await expect(wic.registration).toHaveText(/^Failed/u, { timeout: 1_000 });
  expect(await page.evaluate(() => window.testWebSockets.filter(({ readyState }) => readyState < 2).length)).toBe(0);
  expect(sent.filter((message) => message.startsWith('REGISTER'))).toHaveLength(1);
});

test('[N.2.4] [S-CSCF 17] asked to authenticate anew, the WIC does so at once and stays registered', async ({
  lab,
  openPage,
}) => {
  const dora = await createDigestAccount(lab, 'dora');
  const page = await openPage();
  const { sent, received } = traceW2(page);
  const wic = new WicPage(page, { ...dora, username: 'dora', displayName: 'Dora' }, lab.wwsfUrl);
  await page.goto(lab.wwsfUrl);
  await wic.button('Use SIP password').click();
  await page.getByRole('textbox', { name: 'Public identity' }).fill(dora.impu);
  await page.getByRole('textbox', { name: 'Private identity' }).fill(dora.impi);
  await page.getByLabel('Password', { exact: true }).fill(dora.password);
  await wic.button('Register').click();
  await expect(wic.registration).toHaveText(/^Registered/u);
  await expect.poll(() => headersOf(received, 'NOTIFY', 'Event')).toContain('reg');
  const challenges = (): number => headersOf(received, 'SIP/2.0 401', 'WWW-Authenticate').length;
  const proofs = (): number => headersOf(received, 'SIP/2.0 200', 'Authentication-Info').length;
  const [before, provenBefore] = [challenges(), proofs()];

  const response = await fetch(`http://127.0.0.1:${lab.ports.operations}/re-authentications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ impi: dora.impi }),
  });
  expect(response.status).toBe(204);
  await expect.poll(challenges).toBe(before + 1);
  await expect.poll(proofs).toBe(provenBefore + 1);
  await expect(wic.registration).toHaveText(/^Registered/u);
  expect(headersOf(sent, 'REGISTER', 'Authorization').at(-1)).toMatch(/response="[0-9a-f]{32}"/u);
});

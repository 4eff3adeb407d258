/**
 * In by SIP password, on the WIC's own screens.
 */
import { createHash } from 'node:crypto';
import { readStorage } from '../canary/read-storage.ts';
import { expect, test } from '../fixtures.ts';
import { headersOf, traceW2 } from '../media/w2-trace.ts';
import { expectConnectionDetails } from '../pages/connection-details.ts';
import { nobody, WicPage } from '../pages/wic-page.ts';
import { createDigestAccount } from './home-subscribers.ts';

test('[X.2.2.3] [WIC 2] [WIC 7] [N.2.2.2] registers over WSS; the network proves (rspauth) that it knows the password too', async ({
  lab,
  openPage,
}) => {
  const dora = await createDigestAccount(lab, 'dora');
  const page = await openPage();
  const { sent, received } = traceW2(page);
  const wic = new WicPage(page, nobody, lab.wwsfUrl);
  await wic.useSipPassword(dora);
  await expect(wic.registration).toHaveText(/^Registered/u);
  await expectConnectionDetails(wic, {
    ...{ way: 'SIP password', standard: /SIP Digest \(TS 33\.203 X\.2\.2\)/u, gateway: lab.epCscfUrl },
    ...{ impu: dora.impu, impi: dora.impi },
  });

  await test.step('[X.2.2.3-3] challenge, answer and proof are those of annex N', async () => {
    expect(headersOf(received, 'SIP/2.0 401', 'WWW-Authenticate')[0]).toMatch(/^Digest .*qop="auth/u);
    expect(headersOf(sent, 'REGISTER', 'Authorization').at(-1)).toMatch(/response="[0-9a-f]{32}"/u);
    expect(headersOf(received, 'SIP/2.0 200', 'Authentication-Info')[0]).toMatch(/rspauth="[0-9a-f]+"/u);
  });
  await test.step('[WIC 2] Via says SIP/2.0/WSS and an .invalid host, Contact transport=ws', async () => {
    expect(headersOf(sent, 'REGISTER', 'Via')[0]).toMatch(/^SIP\/2\.0\/WSS [a-z0-9]+\.invalid;/u);
    expect(headersOf(sent, 'REGISTER', 'Contact')[0]).toMatch(/\.invalid;transport=ws/u);
  });
  await test.step('[X.2.2.3 b] nothing of the password or H(A1) is in any storage, and a reload asks again', async () => {
    const kept = `${await page.evaluate(readStorage)}\n${sent.join('\n')}`;
    const ha1 = (hash: string): string =>
      createHash(hash).update(`${dora.impi}:${lab.homeDomain}:${dora.password}`).digest('hex');
    for (const secret of [dora.password, ha1('md5'), ha1('sha256')]) expect(kept).not.toContain(secret);
    await page.reload();
    await page.getByRole('button', { name: 'Use SIP password' }).click();
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
    await expect(wic.registration).toHaveText(/^Not registered/u);
  });
});

test('[X.2.2.3] a wrong password is refused and asked for again; the right one is accepted', async ({
  lab,
  openPage,
}) => {
  const dora = await createDigestAccount(lab, 'dora');
  const page = await openPage();
  const { received } = traceW2(page);
  const wic = new WicPage(page, nobody, lab.wwsfUrl);
  await wic.useSipPassword({ ...dora, password: 'not the password' });
  await expect(wic.registration).toHaveText('Failed: the network did not accept the password');
  await expect(page.getByRole('alert')).toContainText('Check both, and type them again.');
  await expect(page.getByRole('textbox', { name: 'Public identity' })).toHaveValue(dora.impu);
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
  expect(received.some((message) => message.startsWith('SIP/2.0 200'))).toBe(false);
  await wic.typeSipPassword(dora);
  await expect(wic.registration).toHaveText(/^Registered/u);
  await wic.button('Sign out').click();
  await expect(wic.registration).toHaveText(/^Not registered/u);
});

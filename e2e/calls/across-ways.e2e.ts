/**
 * Calls between people who came in by different ways.
 */
import { expect, test } from '../fixtures.ts';
import { listen } from '../media/instruments.ts';
import { expectConnectionDetails } from '../pages/connection-details.ts';
import { nobody, WicPage } from '../pages/wic-page.ts';

test('[X.4.2.1] [X.4.2.3] [X.2.3] a guest calls a user of the web and is called by one with a SIM', async ({
  lab,
  openPage,
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'));
  await expectConnectionDetails(alice, {
    ...{ way: 'Signed in on the web', standard: /\(TS 33\.203 X\.3\)/u, gateway: lab.epCscfUrl },
    ...{ impu: alice.account.impu, impi: alice.account.impi },
  });

  const guest = new WicPage(await openPage({ toneHz: 500 }), nobody, lab.wwsfUrl);
  await guest.continueAsGuest();
  await expect(guest.registration).toHaveText(/^Registered/u);
  const [name = ''] =
    /guest-\d{3}/u.exec((await guest.page.getByText('People reach you at').textContent()) ?? '') ?? [];
  await expectConnectionDetails(guest, {
    ...{ way: 'Guest', standard: /from a pool \(TS 33\.203 X\.4\)/u, gateway: lab.epCscfUrl },
    ...{ impu: `sip:${name}@${lab.homeDomain}`, impi: `${name}@${lab.homeDomain}` },
  });

  await guest.dial(alice.account.username);
  await alice.answer();
  await expect(guest.call).toHaveText(/^In call/u);
  await alice.hangUp();
  await expect(guest.call).toHaveText(/^Ended/u);

  const erik = new WicPage(await openPage({ toneHz: 900 }), nobody, lab.wwsfUrl);
  const profile = JSON.stringify(await lab.createSimSubscriber(`erik${process.pid}`));
  await erik.useSim({ name: 'erik.json', mimeType: 'application/json', buffer: Buffer.from(profile) }, '2580');
  await expect(erik.registration).toHaveText(/^Registered/u);
  await erik.dial(name);
  await guest.answer();
  await expect(erik.call).toHaveText(/^In call/u);
  await expect.poll(async () => (await listen(erik.page)).hz).toBeCloseTo(500, -1);
  await expect.poll(async () => (await listen(guest.page)).hz).toBeCloseTo(900, -1);
  await guest.hangUp();
  await expect(erik.call).toHaveText(/^Ended/u);
});

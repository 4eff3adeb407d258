/**
 * Calls between the WIC and SIP clients for browsers that others wrote.
 */
import { expect, test } from '../fixtures.ts';
import { listen } from '../media/instruments.ts';
import { createDigestAccount } from '../registration/home-subscribers.ts';
import { type SipClientName, SipClientPage, sipClients } from '../sip-clients/sip-client-page.ts';

for (const name of Object.keys(sipClients) as SipClientName[]) {
  test(`[X.2.2.1] [RFC 3264] ${name}, registered by SIP Digest with MD5, calls the WIC and is called by it`, async ({
    browser,
    lab,
    openWic,
    subscriber,
  }) => {
    const dora = await createDigestAccount(lab, 'dora');
    const alice = await openWic(await subscriber('alice'), { toneHz: 500 });
    const phone = await SipClientPage.open(browser, name, lab, 900);
    expect(await phone.register(dora)).toBe('registered');
    const expectSound = async (): Promise<void> => {
      await expect(alice.call).toHaveText(/^In call/u);
      await expect.poll(() => phone.state()).toBe('in call');
      await expect.poll(async () => (await listen(phone.page)).hz).toBeCloseTo(500, -1);
      await expect.poll(async () => (await listen(alice.page)).hz).toBeCloseTo(900, -1);
    };

    await test.step('it calls the WIC, and hangs up', async () => {
      await phone.call(alice.account.impu);
      await alice.answer();
      await expectSound();
      await phone.hangUp();
      await expect(alice.call).toHaveText(/^Ended/u);
    });

    await test.step('the WIC calls it, and hangs up', async () => {
      await alice.dial(dora.impu);
      await phone.answer();
      await expectSound();
      await alice.hangUp();
      await expect.poll(() => phone.state()).toBe('idle');
    });
    await phone.close();
  });
}

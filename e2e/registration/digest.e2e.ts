import { expect, test } from '../fixtures.ts';
import { type SipClientName, SipClientPage, sipClients } from '../sip-clients/sip-client-page.ts';

for (const name of Object.keys(sipClients) as SipClientName[]) {
  test(`[X.2.2] ${name} registers by SIP Digest over W2, and not with a wrong password`, async ({ browser, lab }) => {
    const phone = await SipClientPage.open(browser, name, lab);
    const dora = { impi: 'dora@ims.example', impu: 'sip:dora@ims.example' };
    expect(await phone.register({ ...dora, password: 'dora-demo' })).toBe('registered');
    expect(await phone.register({ ...dora, password: 'not the password' })).toBe('refused');
    expect(await phone.register({ ...dora, password: 'dora-demo' })).toBe('registered');
    await phone.close();
  });
}

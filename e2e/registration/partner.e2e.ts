/**
 * The partner domain: a WWSF with a login page of its own, and the third-party WAF that vouches for its users.
 */
import type { Page } from '@playwright/test';
import { type DemoAccount, type Lab, webAccounts } from '@wicgate/lab';
import { expect, test } from '../fixtures.ts';
import { listen } from '../media/instruments.ts';
import { headersOf, traceW2 } from '../media/w2-trace.ts';
import { expectConnectionDetails } from '../pages/connection-details.ts';
import { WicPage } from '../pages/wic-page.ts';
import { sendPlain } from './plain-request.ts';

test.use({ labPartner: true });

/** The network ends within this what counts no more. */
const ended = { timeout: 1_000 };

async function signInAtPartner(page: Page, lab: Lab, username: string): Promise<WicPage> {
  const account = webAccounts(lab.homeDomain).find((each) => each.username === username) as DemoAccount;
  const wic = new WicPage(page, account, `https://localhost:${lab.ports.partnerWwsf}`);
  await wic.signIn();
  return wic;
}

const eventsOf = (log: readonly string[], event: string): readonly Readonly<Record<string, unknown>>[] =>
  log.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.event === event);

test('[X.3.2.3-0.1] [X.3.2.3-5.2] [REQ 2.3] a user of the partner registers by client credentials, in its name', async ({
  lab,
  labLog,
  openPage,
}) => {
  const page = await openPage();
  const { sent } = traceW2(page);
  const alice = await signInAtPartner(page, lab, 'alice');
  await expect(alice.registration).toHaveText(/^Registered/u);
  expect(headersOf(sent, 'REGISTER', 'Authorization')[0]).toMatch(/^Bearer /u);
  await expectConnectionDetails(alice, {
    ...{ way: 'Signed in on the web', standard: /\(TS 33\.203 X\.3\)/u, gateway: lab.epCscfUrl },
    ...{ impu: alice.account.impu, impi: alice.account.impi },
  });
  expect(eventsOf(labLog, 'registration.created').at(-1)).toMatchObject({
    ...{ 'function': 'core', 'authorizationEntity': 'waf.partner.example', 'wwsf': 'wwsf.partner.example' },
  });

  await test.step('[REQ 2.1] who takes the access away on the page of the WAF is registered there no more', async () => {
    const subscriber = await openPage();
    await subscriber.goto(`https://localhost:${lab.ports.partnerWaf}/grants`);
    await subscriber.getByRole('textbox', { name: 'Username' }).fill('alice');
    await subscriber.getByLabel('Password').fill(alice.account.password);
    await subscriber.getByRole('button', { name: 'Sign in' }).click();
    await subscriber.getByRole('button', { name: 'Remove access' }).click();
    await expect(subscriber.getByText('Nobody yet')).toBeVisible();
    await expect(alice.registration).not.toHaveText(/^Registered/u, ended);
    await expect(alice.registration).toHaveText(/^Failed/u);
  });
});

test('[REQ 2.1] [X.3.2.3-6.2] a subscriber who has not allowed the partner is refused, and reads so', async ({
  lab,
  labLog,
  openPage,
}) => {
  const page = await openPage();
  const { received } = traceW2(page);
  const carol = await signInAtPartner(page, lab, 'carol');
  await expect(carol.registration).toHaveText('Failed: your account does not allow this website');
  expect(received.map((message) => message.slice(0, 11))).toContain('SIP/2.0 403');
  expect(eventsOf(labLog, 'request.refused').map(({ code }) => code)).toContain('ERR_CORE_THIRD_PARTY_NOT_ALLOWED');
});

test('[REQ 2.2] [X.3.2.3-6.2] barring the partner drops its users; two at home talk on', async ({
  lab,
  openPage,
  openWic,
  subscriber,
}) => {
  const anna = await openWic(await subscriber('anna'), { toneHz: 500 });
  const ben = await openWic(await subscriber('ben'));
  await anna.dial(ben.account.username);
  await ben.answer();
  await expect(anna.call).toHaveText(/^In call/u);
  const bob = await signInAtPartner(await openPage(), lab, 'bob');
  await expect(bob.registration).toHaveText(/^Registered/u);

  const operate = (method: string): Promise<number> =>
    sendPlain(lab.ports.operations, method, '/barred-authorities/wwsf.partner.example');
  expect(await operate('PUT')).toBe(204);
  await expect(bob.registration).not.toHaveText(/^Registered/u, ended);
  await expect(bob.registration).toHaveText(/^Failed: the network/u);
  await bob.button('Try again').click();
  await expect(bob.registration).toHaveText('Failed: the network has barred this website');

  for (const wic of [anna, ben]) {
    await expect(wic.registration).toHaveText(/^Registered/u);
    await expect(wic.call).toHaveText(/^In call/u);
  }
  await expect.poll(async () => (await listen(ben.page)).hz).toBeCloseTo(500, -1);
  await anna.hangUp();

  await test.step('admitted again, they register', async () => {
    expect(await operate('DELETE')).toBe(204);
    await bob.button('Try again').click();
    await expect(bob.registration).toHaveText(/^Registered/u);
  });
});

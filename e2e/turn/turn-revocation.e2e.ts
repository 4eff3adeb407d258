/**
 * Whom the network or the operator puts out loses the relay in the middle of a call, and nobody else does (X.5.2.2 step 7).
 *
 * @module
 */
import type { Lab } from '@wicgate/lab';
import { expect, test } from '../fixtures.ts';
import type { WicPage } from '../pages/wic-page.ts';
import { tryLogin } from './relay-by-token.ts';
import { callOverRelay, credentialOf, expectMedia } from './relayed-calls.ts';
import { operatedTurn, TurnOperator, tidOf } from './turn-operator.ts';

test.use({ labSettings: { ...operatedTurn, WWSF_ICE_TRANSPORT_POLICY: 'relay' } });

/** Four browsers sign in first. */
test.describe.configure({ timeout: 180_000 });

/** Within a second. */
async function expectNoRelay(operator: TurnOperator, tid: string): Promise<void> {
  await expect.poll(() => operator.relayedOf(tid), { timeout: 1_000, intervals: [50] }).toEqual([]);
}

async function signOutAtWaf({ page }: WicPage, { ports }: Lab): Promise<void> {
  const waf = await page.context().newPage();
  await waf.goto(`https://localhost:${ports.waf}/session/end`);
  await waf.getByRole('button', { name: 'Sign out' }).click();
  await expect(waf.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
}

async function signInAgain(wic: WicPage): Promise<void> {
  await wic.button('Sign in again').click();
  await wic.page.getByRole('textbox', { name: 'Username' }).fill(wic.account.username);
  await wic.page.getByLabel('Password').fill(wic.account.password);
  await wic.button('Sign in').click();
  await expect(wic.registration).toHaveText(/^Registered/u);
}

test('[X.5.2.2-7] [TURN server 3] [X.5.2.1 b] [eP-CSCF 17] [REQ 2.2] whose session ends at the WAF, whom it bars and whom the operator revokes loses the relay of a call within a second, nobody else does, and who signs in anew relays with another Tid', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const operator = new TurnOperator(lab.ports);
  const open = async (name: string): Promise<WicPage> => openWic(await subscriber(name));
  const [alice, bob, carol, dave] = await Promise.all([open('alice'), open('bob'), open('carol'), open('dave')]);
  await callOverRelay(alice, bob);
  await callOverRelay(carol, dave);
  const [old, ofCarol, ofDave] = [await credentialOf(alice), await credentialOf(carol), await credentialOf(dave)];
  /** Those whom nobody has put out. */
  const relays = async (): Promise<readonly string[]> =>
    (await Promise.all([ofCarol, ofDave].map((each) => operator.relayedOf(tidOf(each))))).flat();
  const others = await relays();
  expect(others.length).toBeGreaterThanOrEqual(2);
  expect(await operator.relayedOf(tidOf(old))).not.toEqual([]);

  await test.step('the session ends at the WAF', async () => {
    await signOutAtWaf(alice, lab);
    await expectNoRelay(operator, tidOf(old));
    expect(await tryLogin(lab, old)).toBe('error 401');
    expect(await relays()).toEqual(expect.arrayContaining([...others]));
    await Promise.all([expectMedia(carol), expectMedia(dave)]);
  });

  const fresh = await test.step('who signs in anew has another Tid', async () => {
    await carol.hangUp();
    await expect(dave.call).toHaveText(/^Ended/u);
    await signInAgain(alice);
    await callOverRelay(alice, dave);
    const given = await credentialOf(alice);
    expect(tidOf(given)).not.toBe(tidOf(old));
    expect(await operator.relayedOf(tidOf(given))).not.toEqual([]);
    expect(await tryLogin(lab, old)).toBe('error 401');
    return given;
  });

  await test.step('the operator revokes', async () => {
    const daves = await operator.relayedOf(tidOf(ofDave));
    expect(daves).not.toEqual([]);
    expect(await operator.revoke(tidOf(fresh))).toBe(204);
    // Gone before the operator had the answer.
    expect(await operator.relayedOf(tidOf(fresh))).toEqual([]);
    expect(await operator.relayedOf(tidOf(ofDave))).toEqual(expect.arrayContaining([...daves]));
    expect([await tryLogin(lab, fresh), await tryLogin(lab, ofDave)]).toEqual(['error 401', 'success']);
  });

  await test.step('the WAF bars the account', async () => {
    await lab.barAccount(dave.account.username);
    await expectNoRelay(operator, tidOf(ofDave));
    expect([await tryLogin(lab, ofDave), await tryLogin(lab, ofCarol)]).toEqual(['error 401', 'success']);
  });
});

/**
 * Distinctive secrets are used in every way into the network, and then looked for everywhere.
 */
import { type Browser, expect, test } from '@playwright/test';
import { allowedPlaces, isAllowed } from './allowed-places.ts';
import { CanaryLab } from './canary-lab.ts';
import { places } from './evidence.ts';
import { findSecrets } from './find-secrets.ts';
import { plantEverywhere } from './plant-everywhere.ts';
import { challengeStranger, refuseRequests, refuseTokens } from './refusals.ts';
import { callOnTheWeb, registerAsGuest, registerAtPartner, registerByPassword, registerBySim } from './ways-in.ts';
import { refuseTurn, relayByTurn } from './ways-to-relay.ts';

// What is recorded of a browser would be one more place for secrets.
test.use({ trace: 'off' });

/** Those that have something to say: each must have been heard. */
const talkative = ['hss', 'core', 'waf', 'ep-cscf', 'wwsf', 'partner', 'isim', 'turn'] as const;
/** What must have gone between the CSCFs, or nobody has listened. */
const onMw = [/^INVITE sip:/mu, /^REGISTER sip:/mu, /integrity-protected/u, /algorithm="?AKAv[12]/u] as const;

test.setTimeout(180_000);

let started: CanaryLab | undefined;

test.afterEach(async () => {
  await started?.finish();
  started = undefined;
});

async function startCanaryLab(browser: Browser): Promise<CanaryLab> {
  started = await CanaryLab.start(browser);
  return started;
}

test('[canary] [X.2.3.3] [N.2.1.1] [REQ 2.0] no secret of a full run is where it does not belong', async ({
  browser,
}) => {
  const canaryLab = await startCanaryLab(browser);
  const { lab } = canaryLab;
  const [{ anna }] = await Promise.all([
    test.step('web sign-in and a call', () => callOnTheWeb(canaryLab)),
    test.step('SIP password', () => registerByPassword(canaryLab)),
    test.step('SIM', () => registerBySim(canaryLab)),
    test.step('guest', () => registerAsGuest(canaryLab)),
    test.step('partner, and revocation', () => registerAtPartner(canaryLab)),
    test.step('TURN', () => relayByTurn(canaryLab)),
  ]);
  await test.step('refusals', async () => {
    await challengeStranger(canaryLab);
    const token = await refuseTokens(canaryLab, anna);
    await refuseRequests(canaryLab, token);
    await refuseTurn(canaryLab);
  });
  await test.step('restarts', async () => {
    for (const name of ['ep-cscf', 'wwsf', 'waf'] as const) {
      await lab.stopFunction(name);
      await lab.startFunction(name);
    }
    await expect(anna.registration).toHaveText(/^Registered/u, { timeout: 30_000 });
  });
  await test.step('sign-out', async () => {
    await anna.button('Sign out').click();
    await expect(anna.button('Sign in')).toBeVisible();
    await canaryLab.lookAt(anna.page);
    await canaryLab.look();
  });
  const planted = await test.step('planting', () => plantEverywhere(canaryLab));
  await canaryLab.finish();

  await test.step('search', () => {
    const { evidence, canaries } = canaryLab;
    expect(canaries.missing).toEqual([]);
    expect([...new Set(evidence.of('log').map(({ at }) => at))]).toEqual(expect.arrayContaining([...talkative]));
    const mw = Buffer.concat(evidence.of('Mw').map(({ octets }) => octets)).toString();
    for (const pattern of onMw) expect(mw).toMatch(pattern);
    const found = findSecrets(evidence.items, canaries.all);
    const faults = found.filter((each) => !allowedPlaces.some((allowed) => isAllowed(each, allowed)));
    expect(faults.map(({ kind, form, place, at }) => `${kind} (${form}) in ${place}: ${at}`)).toEqual([]);
    const foundPlaces = new Set(findSecrets(evidence.items, planted).map(({ place }) => place));
    expect(places.filter((place) => !foundPlaces.has(place))).toEqual([]);
    const needed = allowedPlaces.filter(({ isFleeting }) => !isFleeting);
    const unused = needed.filter((allowed) => !found.some((each) => isAllowed(each, allowed)));
    expect(unused.map(({ kind, place, at }) => `${kind} in ${place}: ${at}`)).toEqual([]);
  });
});

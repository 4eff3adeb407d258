/**
 * Distinctive secrets are used in every way into the network, and then looked for everywhere.
 */
import { type Browser, expect, test } from '@playwright/test';
import { allowedPlaces, isAllowed } from './allowed-places.ts';
import { CanaryLab } from './canary-lab.ts';
import { findSecrets } from './find-secrets.ts';
import { challengeStranger, refuseRequests, refuseTokens } from './refusals.ts';
import { callOnTheWeb, registerAsGuest, registerAtPartner, registerByPassword, registerBySim } from './ways-in.ts';

/** Where a good run leaves nothing. */
const mayBeEmpty: ReadonlySet<string> = new Set(['output', 'console', 'referrer']);

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
  const { anna } = await test.step('web sign-in and a call', () => callOnTheWeb(canaryLab));
  await test.step('SIP password', () => registerByPassword(canaryLab));
  await test.step('SIM', () => registerBySim(canaryLab));
  await test.step('guest', () => registerAsGuest(canaryLab));
  await test.step('partner, and revocation', () => registerAtPartner(canaryLab));
  await test.step('refusals', async () => {
    await challengeStranger(canaryLab);
    const token = await refuseTokens(canaryLab, anna);
    await refuseRequests(canaryLab, token);
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
    await canaryLab.look();
  });
  await canaryLab.finish();

  await test.step('search', () => {
    const { evidence, canaries } = canaryLab;
    expect(canaries.missing).toEqual([]);
    expect(evidence.empty.filter((place) => !mayBeEmpty.has(place))).toEqual([]);
    const found = findSecrets(evidence.items, canaries.all);
    const faults = found.filter((each) => !allowedPlaces.some((allowed) => isAllowed(each, allowed)));
    expect(faults.map(({ kind, form, place, at }) => `${kind} (${form}) in ${place}: ${at}`)).toEqual([]);
    const unused = allowedPlaces.filter((allowed) => !found.some((each) => isAllowed(each, allowed)));
    expect(unused.map(({ kind, place, at }) => `${kind} in ${place}: ${at}`)).toEqual([]);
  });
});

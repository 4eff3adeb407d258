/**
 * Calls that need a relay, and find none: the page says what is the matter, and what to do.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';

// What the eP-CSCF hands out is no credential for this TURN server.
test.use({
  labSettings: {
    WWSF_ICE_TRANSPORT_POLICY: 'relay',
    EP_CSCF_TURN_SECRET: 'another key, which the TURN server does not know',
  },
});

test('[RFC 8656 7.4] [RFC 8828 5.2] a call without a relay fails at once with the reason', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  await alice.dial(bob.account.username);
  await expect(alice.call).toHaveText(/^Failed: The relay did not let you in\. Sign out and in again/u, {
    timeout: 5_000,
  });

  await alice.openDetails();
  await expect(alice.relayOnly).toBeChecked();
  await expect(alice.relayOnly).toHaveAttribute('aria-disabled', 'true');
  await expect(alice.relayOnly).toHaveAccessibleDescription(/this website lets calls take no other way/u);
  await alice.details.getByRole('button', { name: 'Close' }).click();

  await lab.stopFunction('turn');
  await alice.dial(bob.account.username);
  await expect(alice.call).toHaveText(/^Failed: The relay cannot be reached\. Check that you are online/u);
  await expect(bob.call).toHaveText(/^Ended/u);
  await lab.startFunction('turn');
});

/**
 * The switch by which somebody's address stays unknown to whom they talk to.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';
import { selectedPair } from '../media/instruments.ts';
import { traceW2 } from '../media/w2-trace.ts';
import { WicPage } from '../pages/wic-page.ts';
import { openWicWith } from './client-configuration.ts';

/** Types of the candidates in what was sent, each once. */
function candidateTypes(messages: readonly string[]): readonly string[] {
  const types = messages.flatMap((message) => [...message.matchAll(/^a=candidate:.* typ (\w+)/gmu)]);
  return [...new Set(types.map(([, type = '']) => type))];
}

test('[RFC 8828 5.2] relay only: no address but that of the relay leaves, from the next call on', async ({
  lab,
  openPage,
  subscriber,
}) => {
  // Who has no relay of his own.
  const his = { lab, page: await openPage(), account: await subscriber('bob') };
  const bob = await openWicWith(his, { turnUris: [] });
  const page = await openPage();
  const { sent } = traceW2(page);
  const alice = new WicPage(page, await subscriber('alice'), lab.wwsfUrl);
  await alice.goOnline();
  /** Talks, and returns what was told of addresses meanwhile. */
  const talk = async (during: () => Promise<void>): Promise<readonly string[]> => {
    const from = sent.length;
    await alice.dial(bob.account.username);
    await bob.answer();
    await expect(alice.call).toHaveText(/^In call/u);
    await during();
    await alice.hangUp();
    await expect(bob.call).toHaveText(/^Ended/u);
    return sent.slice(from);
  };

  const before = await talk(async () => {
    await expect(alice.button('Media path: Direct')).toBeVisible();
    // During a call: this one stays as it is.
    await alice.setRelayOnly(true);
    expect(await selectedPair(page)).toMatchObject({ local: 'host' });
  });
  expect(candidateTypes(before)).toContain('host');

  // The choice outlives the page.
  await page.reload();
  await expect(alice.registration).toHaveText(/^Registered/u);
  const told = await talk(async () => {
    expect(await selectedPair(page)).toMatchObject({ local: 'relay' });
    await expect(alice.button('Media path: Relayed over UDP')).toBeVisible();
    await expect(bob.button('Media path: Relayed at the other end')).toBeVisible();
    await alice.openDetails();
    await expect(alice.detail('Media path')).toContainText(`Through the relay 127.0.0.1:${lab.ports.turn} over UDP`);
    await alice.details.getByRole('button', { name: 'Close' }).click();
    await bob.openDetails();
    await expect(bob.relayOnly).not.toBeChecked();
    await expect(bob.relayOnly).toHaveAttribute('aria-disabled', 'true');
    await expect(bob.relayOnly).toHaveAccessibleDescription(/this website has no relay/u);
    await expect(bob.detail('Media path')).toContainText('Through a relay 127.0.0.1:');
    await bob.details.getByRole('button', { name: 'Close' }).click();
  });
  expect(candidateTypes(told)).toEqual(['relay']);
  const related = told.flatMap((message) => [...message.matchAll(/ raddr (\S+) rport (\d+)/gu)]);
  expect(related.map(([, address, port]) => `${address} ${port}`).filter((each) => each !== '0.0.0.0 0')).toEqual([]);

  await alice.setRelayOnly(false);
  expect(candidateTypes(await talk(async () => undefined))).toContain('host');
});

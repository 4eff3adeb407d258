/**
 * The connection test, in a browser against the lab: what it says where all is well, and where a relay is silent.
 *
 * @module
 */
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { WicPage } from '../pages/wic-page.ts';
import { look } from '../screens/look.ts';
import { openWicWith } from './client-configuration.ts';
import { openSilentUdp, openTlsFront } from './turn-fronts.ts';

test.describe.configure({ timeout: 240_000 });

const summaryOf = (page: Page) => page.getByRole('status', { name: 'Connection test' });
const rowOf = (page: Page, name: string) => page.getByRole('listitem', { name, exact: true });

/** Keeps every track that a device gives. */
async function keepTracks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: MediaStreamTrack[] = [];
    Object.assign(window, { testTracks: kept });
    const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints);
      kept.push(...stream.getTracks());
      return stream;
    };
  });
}

/** How many devices are on, and how many connections are open. */
function openThings(page: Page): Promise<{ readonly tracks: number; readonly connections: number }> {
  return page.evaluate(() => {
    const { testTracks = [] } = window as { readonly testTracks?: readonly MediaStreamTrack[] };
    return {
      tracks: testTracks.filter(({ readyState }) => readyState === 'live').length,
      connections: window.testPeerConnections.filter(({ signalingState }) => signalingState !== 'closed').length,
    };
  });
}

const nothing = { tracks: 0, connections: 0 };

async function begin({ page }: WicPage): Promise<void> {
  await page.getByRole('button', { name: 'Test your connection' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Test your connection' })).toBeFocused();
  await page.getByRole('button', { name: 'Start test' }).click();
}

/** Until then the test is not over. */
async function hearTone({ page }: WicPage): Promise<void> {
  await page.getByRole('button', { name: 'Play tone' }).click();
  await page.getByRole('button', { name: 'I heard it' }).click();
}

test('[WIC 15] [X.5.2.2-4] [W.3.5] a test before a call finds all well, and leaves nothing open', async ({
  lab,
  openPage,
  subscriber,
}, info) => {
  const page = await openPage();
  await keepTracks(page);
  const front = await openTlsFront(lab.ports.turn);
  const turn = `127.0.0.1:${lab.ports.turn}`;
  const turnUris = [`turn:${turn}`, `turn:${turn}?transport=tcp`, `turns:localhost:${front.port}?transport=tcp`];
  const wic = await openWicWith({ lab, page, account: await subscriber('alice') }, { turnUris });
  await begin(wic);
  await expect(page.getByRole('meter', { name: 'Microphone level' })).toBeVisible();
  const preview = page.getByLabel('Camera preview');
  await expect.poll(() => preview.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  await page.screenshot({ path: info.outputPath('pre-call-camera.png'), fullPage: true });
  await hearTone(wic);
  await expect(summaryOf(page)).toHaveText('Ready for calls', { timeout: 60_000 });

  for (const name of ['Microphone', 'Loudspeaker', 'Camera', 'Phone network']) {
    await expect(rowOf(page, name)).toContainText('Good');
  }
  for (const transport of ['UDP', 'TCP', 'TLS']) {
    await expect(rowOf(page, `Relay over ${transport}`)).toContainText('Good');
  }
  await expect(rowOf(page, 'Sound quality')).toContainText('Calls will sound good.');
  expect(await openThings(page)).toEqual(nothing);
  await look(page, info, 'pre-call-good');
  const results = await page.getByRole('list').allInnerTexts();
  expect(results.join()).not.toMatch(/:\d{10}|credential=/u);

  // Back on the phone, still registered on the same connection, nothing runs; and by keyboard alone.
  await wic.button('Back to the phone').press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hello');
  await expect(wic.registration).toHaveText(/^Registered/u);
  expect(await page.evaluate(() => window.testWebSockets.length)).toBe(1);
  await front.stop();
});

test('[WIC] leaving the test ends it: microphone, camera and connections', async ({ lab, openPage, subscriber }) => {
  const page = await openPage();
  await keepTracks(page);
  const wic = new WicPage(page, await subscriber('alice'), lab.wwsfUrl);
  await wic.goOnline();
  await begin(wic);
  await expect(page.getByLabel('Camera preview')).toBeVisible();
  expect((await openThings(page)).tracks).toBeGreaterThan(0);
  await page.goBack();
  await expect(wic.whoToCall).toBeVisible();
  await expect.poll(() => openThings(page)).toEqual(nothing);
  await expect(wic.registration).toHaveText(/^Registered/u);
});

test('[WIC 15] [W.3.1] a relay that answers nothing fails in words, while the others pass', async ({
  lab,
  openPage,
  subscriber,
}, info) => {
  const silent = await openSilentUdp();
  const turn = `localhost:${lab.ports.turn}`;
  const turnUris = [`turn:127.0.0.1:${silent.port}?transport=udp`, `turn:${turn}?transport=tcp`];
  const account = await subscriber('alice');
  const wic = await openWicWith({ lab, page: await openPage(), account }, { turnUris });
  const { page } = wic;
  await begin(wic);
  await hearTone(wic);
  await expect(summaryOf(page)).toHaveText(/^Calls will work, but UDP is blocked here/u, { timeout: 90_000 });
  const row = rowOf(page, 'Relay over UDP');
  await expect(row).toContainText('Failed');
  await expect(row).toContainText('The relay cannot be reached this way');
  expect(silent.octets()).toBeGreaterThan(0);
  await expect(rowOf(page, 'Relay over TCP')).toContainText('Good');
  await expect(rowOf(page, 'Sound quality')).toContainText('Calls will sound good.');
  await row.getByText('Details').click();
  await expect(row).toContainText(`127.0.0.1:${silent.port}`);
  await look(page, info, 'pre-call-limited');
  await silent.stop();
});

test('[WIC] during a call there is no test; one that comes in ends it', async ({ openWic, subscriber }) => {
  const [alice, bob] = [await openWic(await subscriber('alice')), await openWic(await subscriber('bob'))];
  await begin(alice);
  await bob.dial(alice.account.username);
  await expect(alice.incoming).toBeVisible();
  await expect(summaryOf(alice.page)).toHaveText('There is a call. Finish it first, then start the test.');
  await alice.answer();
  await expect(alice.call).toHaveText(/^In call/u);
  const button = alice.page.getByRole('button', { name: 'Test your connection' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await alice.hangUp();
  await expect(alice.page.getByRole('heading', { level: 1, name: 'Test your connection' })).toBeVisible();
});

test('[WIC] [W3C mediacapture-streams 10.3] without a microphone the page says what to do, and tests the rest', async ({
  openPage,
  lab,
  subscriber,
}) => {
  const page = await openPage();
  await page.addInitScript(() => {
    const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (constraints) =>
      constraints?.audio ? Promise.reject(new DOMException('', 'NotAllowedError')) : getUserMedia(constraints);
  });
  const wic = new WicPage(page, await subscriber('alice'), lab.wwsfUrl);
  await wic.goOnline();
  await begin(wic);
  await hearTone(wic);
  await expect(summaryOf(page)).toHaveText('Calls will not work: the microphone cannot be used', { timeout: 60_000 });
  await page.getByLabel('Which loudspeaker').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(rowOf(page, 'Loudspeaker')).toContainText('A tone is playing');
  await expect(rowOf(page, 'Loudspeaker')).toContainText('You hear the tone');
  await expect(rowOf(page, 'Microphone')).toContainText('Allow it by the icon in the address bar');
  await expect(rowOf(page, 'Sound quality')).toContainText('Calls will sound good.');
});

test('[WIC] a tone that is begun again or answered before it sounds counts as what the person did', async ({
  lab,
  openPage,
  subscriber,
}) => {
  const page = await openPage();
  const wic = new WicPage(page, await subscriber('alice'), lab.wwsfUrl);
  await wic.goOnline();
  await begin(wic);
  const row = rowOf(page, 'Loudspeaker');
  await page.getByRole('button', { name: 'Play tone' }).evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await expect(row).toContainText('Did you hear the tone?');
  await row.evaluate((element) => {
    const [play, , heard] = [...element.querySelectorAll('button')].filter(({ textContent }) =>
      ['Play again', 'Skip', 'I heard it'].includes(textContent),
    );
    play?.click();
    heard?.click();
  });
  await expect(row).toContainText('You hear the tone.');
  await expect(summaryOf(page)).toHaveText('Ready for calls', { timeout: 60_000 });
  await expect(row).toContainText('You hear the tone.');
});

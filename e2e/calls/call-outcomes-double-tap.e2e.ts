import type { Locator } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { WicPage } from '../pages/wic-page.ts';

const phone = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } } as const;
/** As long as a person takes to see what is there. */
const lookMs = 800;

/** Where the finger comes down, once the person has seen the button. */
async function aim(button: Locator): Promise<{ x: number; y: number }> {
  await button.waitFor();
  await button.page().waitForTimeout(lookMs);
  const box = await button.boundingBox();
  if (box === null) throw new TypeError('expected a button in the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Two taps at one place; the time between them belongs to the gesture. */
async function doubleTap(button: Locator, gapMs: number): Promise<void> {
  const { x, y } = await aim(button);
  const page = button.page();
  // The finger does not wait until the page has dealt with the first tap.
  const first = page.touchscreen.tap(x, y);
  await page.waitForTimeout(gapMs);
  await Promise.all([first, page.touchscreen.tap(x, y)]);
}

for (const gapMs of [0, 200, 400]) {
  test(`[WIC] a second tap on Answer or Hang up, ${gapMs} ms later, does nothing`, async ({
    browser,
    lab,
    openWic,
    subscriber,
  }) => {
    const alice = await openWic(await subscriber('alice'));
    const permissions = ['microphone', 'camera'];
    const context = await browser.newContext({ ...phone, ignoreHTTPSErrors: true, permissions });
    const bob = new WicPage(await context.newPage(), await subscriber('bob'), lab.wwsfUrl);
    await bob.goOnline();
    for (const video of [false, true]) {
      await alice.dial(bob.account.username, { video });
      await doubleTap(bob.button(video ? 'Answer with video' : 'Answer'), gapMs);
      await expect(bob.call).toHaveText(/^In call/u);
      // A call that a stray tap ended would be over by the time that the person has looked.
      await doubleTap(bob.button('Hang up'), gapMs);
      await expect(alice.call).toHaveText(/^Ended.*hung up/u);
      await expect(bob.call).toHaveText('Ended: You hung up');
    }
    await alice.dial(bob.account.username);
    await doubleTap(bob.button('Decline'), gapMs);
    await expect(alice.call).toHaveText(/declined/u);
    await expect(bob.call).toHaveText('Ended: You declined');
    await context.close();
  });
}

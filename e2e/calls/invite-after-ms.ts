/**
 * How soon after the click the INVITE leaves.
 *
 * @module
 */
import { expect } from '@playwright/test';
import type { WicPage } from '../pages/wic-page.ts';

/** In milliseconds, the best of three: it is the client that is measured. The last call rings on. */
export async function inviteAfterMs(wic: WicPage, target: string): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    if (round > 0) {
      await wic.hangUp();
      await expect(wic.call).toHaveText(/^Ended/u);
    }
    await wic.button('Call').evaluate((button) => {
      const note = ({ timeStamp }: Event): unknown => Object.assign(window, { clickedAt: timeStamp });
      button.addEventListener('click', note, { once: true, capture: true });
    });
    // A press, as people do it: two on Hang up within half a second, and none elsewhere, would be a double click.
    await wic.dial(target);
    await expect(wic.call).toHaveText(/^Ringing/u);
    taken.push(await wic.page.evaluate(readTimes));
  }
  return Math.min(...taken);
}

function readTimes(): number {
  const { clickedAt = Number.NaN } = window as { readonly clickedAt?: number };
  return (window.testSent.findLast(({ text }) => text.startsWith('INVITE'))?.at ?? Number.NaN) - clickedAt;
}

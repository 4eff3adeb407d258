/**
 * Looks at a screen as people do: light and dark, phone and desktop, and on the smallest phone.
 *
 * @module
 */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';

/** What is done after the look is done on the desktop. `axe`: judged for accessibility; on the smallest phone it would find the same as on the other. */
const looks = [
  { name: 'desktop-dark', colorScheme: 'dark', viewport: { width: 1_280, height: 800 }, axe: false },
  { name: 'phone-small', colorScheme: 'dark', viewport: { width: 320, height: 568 }, axe: false },
  { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 }, axe: true },
  { name: 'phone-light', colorScheme: 'light', viewport: { width: 390, height: 844 }, axe: false },
  { name: 'desktop-light', colorScheme: 'light', viewport: { width: 1_280, height: 800 }, axe: true },
] as const;

/** What appears later than the state it shows would be judged while it fades in. */
export const still = { reducedMotion: 'reduce' } as const;

/** In every look nothing is wider than the screen, and axe finds nothing; the pictures go to the results. */
export async function look(page: Page, info: TestInfo, screen: string): Promise<void> {
  for (const { name, colorScheme, viewport, axe } of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, ...still });
    await expectFits(page, info, `${screen}-${name}`);
    if (axe) await expectAccessible(page, `${screen}-${name}`);
  }
}

async function expectAccessible(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id} at ${nodes[0]?.html}`)).toEqual([]);
}

/** Nothing is wider than the screen, in frames neither; the picture goes to the results. */
export async function expectFits(page: Page, info: TestInfo, screen: string): Promise<void> {
  for (const frame of page.frames()) await frame.evaluate(entrancesEnded);
  await page.screenshot({ path: info.outputPath(`${screen}.png`) });
  for (const frame of page.frames()) {
    const overflow = await frame.evaluate(findOverflow);
    expect(overflow, `${screen}: wider than the screen`).toBeLessThanOrEqual(0);
  }
}

/** In pixels; a frame that is hidden is no wider than a dot. */
function findOverflow(): number {
  return window.innerWidth < 100 ? 0 : document.documentElement.scrollWidth - window.innerWidth;
}

/** What fades in has another contrast until it is there; what moves without end (a spinner) is not waited for. */
async function entrancesEnded(): Promise<void> {
  const entrances = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(entrances.map(({ finished }) => finished));
}

/**
 * The page of the WIC that says how one is registered.
 *
 * @module
 */
import { expect } from '@playwright/test';
import type { WicPage } from './wic-page.ts';

export interface Details {
  /** As people call the way in, and as the standard does. */
  readonly way: string;
  readonly standard: RegExp;
  readonly impu: string;
  readonly impi: string;
  readonly gateway: string;
}

/** Opens it, looks, and closes it again. */
export async function expectConnectionDetails(wic: WicPage, expected: Details): Promise<void> {
  const dialog = await wic.openDetails();
  await expect(wic.detail('Way in')).toContainText(expected.way);
  await expect(wic.detail('Way in')).toContainText(expected.standard);
  await expect(wic.detail('Public identit')).toContainText(expected.impu);
  await expect(wic.detail('Private identity')).toContainText(expected.impi);
  await expect(wic.detail('Gateway')).toHaveText(expected.gateway);
  await expect(wic.detail('Encryption')).toContainText('TLS');
  const until = await wic.detail('Valid until').locator('time').getAttribute('datetime');
  const minutesLeft = (Date.parse(until ?? '') - Date.now()) / 60_000;
  expect(minutesLeft).toBeGreaterThan(30);
  expect(minutesLeft).toBeLessThanOrEqual(61);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
}

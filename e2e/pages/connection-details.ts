/**
 * The page of the WIC that says how one is registered.
 *
 * @module
 */
import { expect, type Page } from '@playwright/test';

export interface Details {
  /** As people call the way in, and as the standard does. */
  readonly way: string;
  readonly standard: RegExp;
  readonly impu: string;
  /** Undefined: the network alone knows it. */
  readonly impi: string | undefined;
  readonly gateway: string;
}

/** Opens it, looks, and closes it again. */
export async function expectConnectionDetails(page: Page, details: Details): Promise<void> {
  await page.getByRole('button', { name: 'Connection details' }).click();
  const dialog = page.getByRole('dialog', { name: 'Connection details' });
  const item = (name: RegExp) => dialog.locator('dt', { hasText: name }).locator('xpath=following-sibling::dd');
  await expect(item(/^Way in$/u)).toContainText(details.way);
  await expect(item(/^Way in$/u)).toContainText(details.standard);
  await expect(item(/^Public identit/u)).toContainText(details.impu);
  await expect(item(/^Private identity$/u)).toContainText(details.impi ?? 'The network alone knows it');
  await expect(item(/^Gateway$/u)).toHaveText(details.gateway);
  await expect(item(/^Encryption$/u)).toContainText('TLS');
  const until = await item(/^Valid until$/u)
    .locator('time')
    .getAttribute('datetime');
  const minutesLeft = (Date.parse(until ?? '') - Date.now()) / 60_000;
  expect(minutesLeft).toBeGreaterThan(30);
  expect(minutesLeft).toBeLessThanOrEqual(61);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
}

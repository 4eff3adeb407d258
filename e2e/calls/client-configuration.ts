/**
 * Pages whose WWSF configures them differently from the other pages of the same lab.
 *
 * @module
 */
import type { Page } from '@playwright/test';
import type { DemoAccount, Lab } from '@wicgate/lab';
import { WicPage } from '../pages/wic-page.ts';

export interface ClientConfiguration {
  readonly turnUris: readonly string[];
  readonly iceTransportPolicy: 'all' | 'relay';
}

interface Opened {
  readonly lab: Lab;
  readonly page: Page;
  readonly account: DemoAccount;
}

/** Signed in and registered, with this in the place of what the WWSF says. */
export async function openWicWith(
  { lab, page, account }: Opened,
  configuration: Partial<ClientConfiguration>,
): Promise<WicPage> {
  await page.route(`${lab.wwsfUrl}/configuration`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...configuration } });
  });
  const wic = new WicPage(page, account, lab.wwsfUrl);
  await wic.goOnline();
  return wic;
}

/**
 * The page of the soft ISIM, in its frame inside the WIC.
 *
 * @module
 */
import type { FrameLocator, Page } from '@playwright/test';

export const simPin = '2580';

export class SimFrame {
  readonly #frame: FrameLocator;

  constructor(page: Page) {
    this.#frame = page.frameLocator('iframe[title="SIM"]');
  }

  /** Gives it the profile file and a PIN. */
  async setUp(profile: object): Promise<void> {
    const buffer = Buffer.from(JSON.stringify(profile));
    await this.#frame
      .getByLabel('Profile file')
      .setInputFiles({ name: 'profile.json', mimeType: 'application/json', buffer });
    await this.#frame.getByLabel('PIN', { exact: true }).fill(simPin);
    await this.#frame.getByLabel('Repeat PIN').fill(simPin);
    await this.#button('Set up').click();
  }

  async unlock(): Promise<void> {
    await this.#frame.getByLabel('PIN', { exact: true }).fill(simPin);
    await this.#button('Unlock').click();
  }

  /** The WIC may use it. */
  async allow(): Promise<void> {
    await this.#button('Allow').click();
  }

  #button(name: string) {
    return this.#frame.getByRole('button', { name, exact: true });
  }
}

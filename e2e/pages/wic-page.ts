/**
 * The WIC as a person sees it.
 *
 * @module
 */
import { expect, type Locator, type Page } from '@playwright/test';
import type { DemoAccount } from '@wicgate/lab';

export class WicPage {
  readonly page: Page;
  readonly account: DemoAccount;
  readonly registration: Locator;
  readonly call: Locator;
  readonly incoming: Locator;
  readonly whoToCall: Locator;
  readonly remoteVideo: Locator;
  readonly #url: string;

  constructor(page: Page, account: DemoAccount, url: string) {
    this.page = page;
    this.account = account;
    this.#url = url;
    this.registration = page.getByRole('status', { name: 'Registration' });
    this.call = page.getByRole('status', { name: 'Call' });
    this.incoming = page.getByRole('alertdialog', { name: 'Incoming call' });
    this.whoToCall = page.getByRole('textbox', { name: 'Who to call' });
    this.remoteVideo = page.getByLabel('Remote video');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Opens the page and signs in through the WAF. */
  async signIn(): Promise<void> {
    await this.page.goto(this.#url);
    await this.button('Sign in').click();
    await this.page.getByRole('textbox', { name: 'Username' }).fill(this.account.username);
    await this.page.getByLabel('Password').fill(this.account.password);
    await this.button('Sign in').click();
  }

  async goOnline(): Promise<void> {
    await this.signIn();
    await expect(this.registration).toHaveText(/^Registered/u);
  }

  async dial(target: string, { video = false } = {}): Promise<void> {
    await this.whoToCall.fill(target);
    await this.button(video ? 'Video call' : 'Call').click();
  }

  async answer({ video = false } = {}): Promise<void> {
    await this.incoming.waitFor();
    await this.button(video ? 'Answer with video' : 'Answer').click();
  }

  async hangUp(): Promise<void> {
    await this.button('Hang up').click();
  }

  /** Size of the far end's picture, and whether new frames are decoded. */
  remotePicture(): Promise<{ width: number; height: number; isMoving: boolean }> {
    return this.page.evaluate(async () => {
      const video = document.querySelector<HTMLVideoElement>('video[aria-label="Remote video"]');
      if (video === null) return { width: 0, height: 0, isMoving: false };
      const before = video.getVideoPlaybackQuality().totalVideoFrames;
      const start = performance.now();
      while (performance.now() - start < 1_000) await new Promise((resolve) => requestAnimationFrame(resolve));
      const isMoving = video.getVideoPlaybackQuality().totalVideoFrames - before > 2;
      return { width: video.videoWidth, height: video.videoHeight, isMoving };
    });
  }

  /** The network goes away under the WebSocket. */
  async loseConnection(): Promise<void> {
    await this.page.evaluate(() => {
      for (const socket of window.testWebSockets) socket.close();
    });
  }

  /** The same person in another tab of the same browser. */
  inNewTab(page: Page): WicPage {
    return new WicPage(page, this.account, this.#url);
  }
}

/**
 * The WIC as a person sees it.
 *
 * @module
 */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { DemoAccount } from '@wicgate/lab';

/** What a person types who has a SIP password. */
export interface SipAccount {
  readonly impu: string;
  /** Left empty in the form where undefined. */
  readonly impi?: string | undefined;
  readonly password: string;
}

/** A path, or what would be in the file. */
type ProfileFile = Parameters<Locator['setInputFiles']>[0];

/** Whoever has no account on the web. */
export const nobody: DemoAccount = { username: '', displayName: '', password: '', impi: '', impu: '' };

export class WicPage {
  readonly page: Page;
  readonly account: DemoAccount;
  readonly registration: Locator;
  readonly call: Locator;
  readonly incoming: Locator;
  readonly whoToCall: Locator;
  readonly remoteVideo: Locator;
  /** The page of the soft ISIM, in its frame. */
  readonly sim: FrameLocator;
  readonly details: Locator;
  /** In the details. */
  readonly relayOnly: Locator;
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
    this.sim = page.frameLocator('iframe[title="SIM"]');
    this.details = page.getByRole('dialog', { name: 'Connection details' });
    this.relayOnly = this.details.getByRole('switch', { name: 'Relay only' });
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

  /** Opens the page and sends the SIP password; how it goes is in {@link registration}. */
  async useSipPassword({ impu, impi, password }: SipAccount): Promise<void> {
    await this.page.goto(this.#url);
    await this.button('Use SIP password').click();
    await this.typeSipPassword({ impu, impi, password });
  }

  /** Fills in the form that is there, and sends it. */
  async typeSipPassword({ impu, impi = '', password }: SipAccount): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Public identity' }).fill(impu);
    await this.page.getByRole('textbox', { name: 'Private identity' }).fill(impi);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.button('Register').click();
  }

  /** Opens the page, sets the SIM up with the profile, and lets the page use it. */
  async useSim(profileFile: ProfileFile, pin: string): Promise<void> {
    await this.page.goto(this.#url);
    await this.button('Use SIM').click();
    await this.sim.getByLabel('Profile file').setInputFiles(profileFile);
    await this.sim.getByLabel('PIN', { exact: true }).fill(pin);
    await this.sim.getByLabel('Repeat PIN').fill(pin);
    await this.sim.getByRole('button', { name: 'Set up' }).click();
    await this.sim.getByRole('button', { name: 'Allow', exact: true }).click();
  }

  /** Opens the page, which has used a SIM in this browser before, and unlocks that. */
  async useSimAgain(pin: string): Promise<void> {
    await this.page.goto(this.#url);
    await this.button('Use SIM').click();
    await this.sim.getByLabel('PIN', { exact: true }).fill(pin);
    await this.sim.getByRole('button', { name: 'Unlock' }).click();
  }

  async continueAsGuest(): Promise<void> {
    await this.page.goto(this.#url);
    await this.button('Continue as guest').click();
  }

  /** How the page says that it is registered, or why it is not. */
  async openDetails(): Promise<Locator> {
    await this.button('Connection details').click();
    await this.details.waitFor();
    return this.details;
  }

  /** For the calls that follow. */
  async setRelayOnly(isOn: boolean): Promise<void> {
    const dialog = await this.openDetails();
    await this.relayOnly.setChecked(isOn);
    await dialog.getByRole('button', { name: 'Close' }).click();
  }

  /** The words below a name in the details. */
  detail(name: string): Locator {
    return this.details.locator('dt', { hasText: name }).locator('xpath=following-sibling::dd');
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

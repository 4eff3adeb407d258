/**
 * A page in which a SIP client that others wrote is the telephone: JsSIP or SIP.js, as their packages are.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import type { Lab } from '@wicgate/lab';
import { rolldown } from 'rolldown';
import { installInstruments } from '../media/instruments.ts';
import { startJsSip } from './jssip.ts';
import { startSipJs } from './sip-js.ts';

declare global {
  interface Window {
    testPhone: TestPhone;
  }
}

/** What every one of the clients is driven by. */
export interface TestPhone {
  state: 'idle' | 'refused' | 'ringing' | 'calling' | 'in call';
  call: (uri: string) => void;
  answer: () => void;
  hangUp: () => void;
  stop: () => Promise<void> | void;
}

export interface SipAccount {
  readonly w2: string;
  readonly impi: string;
  readonly impu: string;
  readonly password: string;
}

/** They know MD5 only, and keep one challenge of several. */
export const sipClients = { 'jssip': startJsSip, 'sip.js': startSipJs } as const;

export type SipClientName = keyof typeof sipClients;

export class SipClientPage {
  readonly page: Page;
  readonly #name: SipClientName;
  readonly #w2: string;

  private constructor(page: Page, name: SipClientName, w2: string) {
    this.page = page;
    this.#name = name;
    this.#w2 = w2;
  }

  /** Its own browser, at the origin of the WWSF: one that the gateway trusts. */
  static async open(browser: Browser, name: SipClientName, lab: Lab, toneHz = 440): Promise<SipClientPage> {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      bypassCSP: true,
      permissions: ['microphone', 'camera'],
    });
    await context.addInitScript(installInstruments, toneHz);
    const page = await context.newPage();
    await page.goto(lab.wwsfUrl);
    await page.addScriptTag({ content: await bundle(name) });
    return new SipClientPage(page, name, lab.epCscfUrl);
  }

  async register(account: Omit<SipAccount, 'w2'>): Promise<'registered' | 'refused'> {
    await this.page.evaluate(async () => window.testPhone?.stop());
    return this.page.evaluate(sipClients[this.#name], { ...account, w2: this.#w2 });
  }

  state(): Promise<TestPhone['state']> {
    return this.page.evaluate(() => window.testPhone.state);
  }

  async call(uri: string): Promise<void> {
    await this.page.evaluate((target) => window.testPhone.call(target), uri);
  }

  async answer(): Promise<void> {
    await this.page.waitForFunction(() => window.testPhone.state === 'ringing');
    await this.page.evaluate(() => window.testPhone.answer());
  }

  async hangUp(): Promise<void> {
    await this.page.evaluate(() => window.testPhone.hangUp());
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** The package as one script that a page can hold, with its exports in `client`. */
async function bundle(name: string): Promise<string> {
  const made = await rolldown({ input: fileURLToPath(import.meta.resolve(name)), platform: 'browser' });
  const { output } = await made.generate({ format: 'iife', name: 'client', exports: 'auto' });
  await made.close();
  return output[0].code;
}

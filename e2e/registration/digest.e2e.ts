import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { rolldown } from 'rolldown';
import { expect, test } from '../fixtures.ts';

/** SIP clients for browsers that others wrote: they know MD5 only, and keep one challenge of several. */
const clients = [
  { name: 'jssip', register: registerByJsSip },
  { name: 'sip.js', register: registerBySipJs },
] as const;

for (const { name, register } of clients) {
  test(`[X.2.2] ${name} registers by SIP Digest over W2, and not with a wrong password`, async ({ browser, lab }) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(lab.wwsfUrl);
    await page.addScriptTag({ content: await bundle(name) });
    const w2 = `wss://localhost:${lab.ports.epCscf}/`;
    expect(await register(page, w2, 'dora-demo')).toBe('registered');
    expect(await register(page, w2, 'not the password')).toBe('refused');
    expect(await register(page, w2, 'dora-demo')).toBe('registered');
    await context.close();
  });
}

/** The package as one script that a page can hold, with its exports in `client`. */
async function bundle(name: string): Promise<string> {
  const made = await rolldown({ input: fileURLToPath(import.meta.resolve(name)), platform: 'browser' });
  const { output } = await made.generate({ format: 'iife', name: 'client', exports: 'auto' });
  await made.close();
  return output[0].code;
}

interface JsSip {
  readonly WebSocketInterface: new (url: string) => unknown;
  readonly UA: new (configuration: object) => { on(event: string, run: () => void): void; start(): void; stop(): void };
}

function registerByJsSip(page: Page, w2: string, password: string): Promise<string> {
  return page.evaluate(
    async ([url = '', secret = '']) => {
      const { UA, WebSocketInterface } = (globalThis as unknown as { client: JsSip }).client;
      const ua = new UA({
        sockets: [new WebSocketInterface(url)],
        uri: 'sip:dora@ims.example',
        authorization_user: 'dora@ims.example',
        password: secret,
      });
      const outcome = await new Promise<string>((resolve) => {
        ua.on('registered', () => resolve('registered'));
        ua.on('registrationFailed', () => resolve('refused'));
        ua.start();
      });
      ua.stop();
      return outcome;
    },
    [w2, password],
  );
}

interface SipJs {
  readonly UserAgent: {
    new (options: object): { start(): Promise<void>; stop(): Promise<void> };
    makeURI(uri: string): unknown;
  };
  readonly Registerer: new (
    userAgent: object,
  ) => {
    readonly stateChange: { addListener(listener: (state: string) => void): void };
    register(): Promise<unknown>;
  };
}

function registerBySipJs(page: Page, w2: string, password: string): Promise<string> {
  return page.evaluate(
    async ([url = '', secret = '']) => {
      const { UserAgent, Registerer } = (globalThis as unknown as { client: SipJs }).client;
      const userAgent = new UserAgent({
        uri: UserAgent.makeURI('sip:dora@ims.example'),
        authorizationUsername: 'dora@ims.example',
        authorizationPassword: secret,
        transportOptions: { server: url },
        logLevel: 'error',
      });
      await userAgent.start();
      const registerer = new Registerer(userAgent);
      const outcome = await new Promise<string>((resolve) => {
        registerer.stateChange.addListener((state) => resolve(state === 'Registered' ? 'registered' : 'refused'));
        void registerer.register();
      });
      await userAgent.stop();
      return outcome;
    },
    [w2, password],
  );
}

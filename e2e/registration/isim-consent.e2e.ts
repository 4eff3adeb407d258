/**
 * The consent of the soft ISIM in real Chromium: a page that may frame it decides where the frame shows, and must not get
 * a person to allow what nobody could read.
 */
import { expect, type FrameLocator, type Page, test } from '@playwright/test';
import { ask, heardOf } from './isim-knowledge.ts';
import { type IsimSite, startIsimSite } from './isim-site.ts';

const pin = '2580';
const profile = {
  impi: 'erik@ims.example',
  impu: 'sip:erik@ims.example',
  k: '465b5ce8b199b49faa5f0a2ee238a6bc',
  op: 'cdc202d5123e20f62b6d676ac72cb318',
};

let site: IsimSite;

test.beforeAll(async () => {
  site = await startIsimSite();
});

test.afterAll(() => site.stop());

const frameOf = (page: Page): FrameLocator => page.frameLocator('iframe');
const allow = (page: Page) => frameOf(page).getByRole('button', { name: 'Allow', exact: true });

/** With a SIM that is ready, and nobody allowed. */
async function openWic(page: Page): Promise<void> {
  await page.goto(site.wicOrigin);
  await page.waitForLoadState('load');
  await page.evaluate('wic.hello()');
  const frame = frameOf(page);
  const file = { name: 'profile.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(profile)) };
  await frame.getByLabel('Profile file').setInputFiles(file);
  await frame.getByLabel('PIN', { exact: true }).fill(pin);
  await frame.getByLabel('Repeat PIN').fill(pin);
  await frame.getByRole('button', { name: 'Set up' }).click();
  await expect(frame.getByRole('heading', { name: 'Your SIM is ready' })).toBeVisible();
}

/** What a page can do to the frame that it holds; `undo` is its state at the beginning. */
const tricks: Readonly<Record<string, string>> = {
  'lies under a transparent thing that lets every press through': `
    const cover = document.createElement('div');
    cover.style = 'position: fixed; inset: 0; pointer-events: none; background: transparent';
    document.body.append(cover);
    undo = () => cover.remove();`,
  'is hardly to be seen': `
    frame.style.opacity = '0.02';
    undo = () => { frame.style.opacity = ''; };`,
  'is so small that only the button shows': `
    frame.height = '40';
    undo = () => { frame.height = '420'; };`,
  'is shrunk': `
    frame.style.transform = 'scale(0.05)';
    undo = () => { frame.style.transform = ''; };`,
  'is cut off': `
    frame.style.clipPath = 'inset(200px 0 0 0)';
    undo = () => { frame.style.clipPath = ''; };`,
};

for (const [trick, program] of Object.entries(tricks)) {
  test(`[X.2.3.1] the question ${trick}: it cannot be allowed, until all of it shows`, async ({ page }) => {
    await openWic(page);
    await page.evaluate(`{ const frame = document.querySelector('iframe'); let undo; ${program} window.undo = undo; }`);
    await ask(page, { id: 1, type: 'identify' });
    // It is told why once the button would long be free.
    await expect(frameOf(page).getByText('all of this has to be in view')).toBeVisible();
    await expect(allow(page)).toBeDisabled();
    await page.evaluate('undo()');
    await allow(page).click();
    await expect.poll(async () => (await heardOf(page)).filter(({ data }) => data.id === 1).length).toBe(1);
  });
}

test('[X.2.3.1] what covers the question once it was free takes the freedom back', async ({ page }) => {
  await openWic(page);
  await ask(page, { id: 1, type: 'identify' });
  await expect(allow(page)).toBeEnabled();
  await page.evaluate(`document.querySelector('iframe').style.opacity = '0.02'`);
  await expect(allow(page)).toBeDisabled();
});

test('[X.2.3.1] a double press deletes no keys', async ({ page }) => {
  await openWic(page);
  const frame = frameOf(page);
  await frame.getByRole('button', { name: 'Remove SIM' }).dblclick();
  await expect(frame.getByRole('button', { name: 'Delete the keys' })).toBeVisible();
  await expect(async () => {
    await frame.getByRole('button', { name: 'Delete the keys' }).click({ timeout: 500 });
    await expect(frame.getByRole('heading', { name: 'Set up your SIM' })).toBeVisible({ timeout: 500 });
  }).toPass();
});

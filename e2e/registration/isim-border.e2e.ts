/**
 * The border of the soft ISIM in real Chromium: what crosses it, who gets an answer, and what stays inside.
 *
 * The page is the built one, served by its own server; the WIC's place is taken by a page that keeps everything it hears.
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, type FrameLocator, type Page, test } from '@playwright/test';
import {
  akaDigestPassword,
  createAuthenticationVector,
  createMilenage,
  deriveOpc,
  formatAkaNonce,
  nextSqn,
} from '@wicgate/aka';
import { answerOf, ask, everythingReachable, formsOf, heardOf } from './isim-knowledge.ts';
import { type IsimSite, startIsimSite } from './isim-site.ts';

const octets = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'));
const k = octets('465b5ce8b199b49faa5f0a2ee238a6bc');
const op = octets('cdc202d5123e20f62b6d676ac72cb318');
const opc = deriveOpc(k, op);
const profile = {
  impi: 'erik@ims.example',
  impu: 'sip:erik@ims.example',
  k: Buffer.from(k).toString('hex'),
  op: Buffer.from(op).toString('hex'),
  amf: '8000',
  sqn: '000000000020',
};
const pin = '2580';

let site: IsimSite;
let sqn = 32;

/** A challenge of the home network, with everything that must stay on the SIM. */
function createChallenge() {
  sqn = nextSqn(sqn);
  const rand = crypto.getRandomValues(new Uint8Array(16));
  const milenage = createMilenage({ k, opc });
  const { autn, xres, ck, ik } = createAuthenticationVector({ milenage, amf: octets('8000'), sqn, rand });
  const password = akaDigestPassword('AKAv2-SHA-256', { res: xres, ck, ik });
  return { rand, autn, nonce: formatAkaNonce({ rand, autn }), password, secrets: { res: xres, ck, ik } };
}

test.beforeAll(async () => {
  site = await startIsimSite();
});

test.afterAll(() => site.stop());

const frameOf = (page: Page): FrameLocator => page.frameLocator('iframe');

async function openWic(page: Page, origin = site.wicOrigin): Promise<void> {
  await page.goto(origin);
  await page.waitForLoadState('load');
  await page.evaluate('wic.hello()');
}

async function giveProfile(
  frame: FrameLocator,
  content: object = profile,
  text = JSON.stringify(content),
): Promise<void> {
  const file = { name: 'profile.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await frame.getByLabel('Profile file').setInputFiles(file);
  await frame.getByLabel('PIN', { exact: true }).fill(pin);
  await frame.getByLabel('Repeat PIN').fill(pin);
  await frame.getByRole('button', { name: 'Set up' }).click();
}

/** Until the SIM answers this WIC. */
async function setUp(page: Page): Promise<void> {
  sqn = 32;
  await openWic(page);
  await giveProfile(frameOf(page));
  await expect(frameOf(page).getByRole('heading', { name: 'Your SIM is ready' })).toBeVisible();
  await ask(page, { id: 1, type: 'identify' });
  await frameOf(page).getByRole('button', { name: 'Allow', exact: true }).click();
  expect(await answerOf(page, 1)).toEqual({ kind: 'identity', impi: profile.impi, impu: profile.impu });
}

test('[X.2.3.3] [WIC 6] [WIC 5] gives the password, and K, OPc, CK, IK and RES never cross the border', async ({
  page,
}) => {
  const bodies: string[] = [];
  page.on('request', (request) => void bodies.push(request.url(), request.postData() ?? ''));
  await setUp(page);
  const { nonce, password, secrets } = createChallenge();
  await ask(page, { id: 2, type: 'authenticate', nonce });
  expect(await answerOf(page, 2)).toEqual({ kind: 'password', password });
  const reachable = `${await everythingReachable(page, site.isimOrigin)}\n${bodies.join('\n')}`;
  expect(reachable).toContain(String(password));
  for (const form of formsOf({ k, op, opc, ...secrets })) expect(reachable).not.toContain(form);
  const kinds = (await heardOf(page)).map(({ from, data }) => `${from} ${data.type}`);
  expect(new Set(kinds)).toEqual(new Set(['port welcome', 'port attention', 'port answer']));
});

test('[6.1.3] [6.1.2.2] [WIC 20] gives AUTS for a used number, and only the failure for a wrong MAC', async ({
  page,
}) => {
  await setUp(page);
  const { rand, autn, nonce } = createChallenge();
  await ask(page, { id: 2, type: 'authenticate', nonce });
  expect((await answerOf(page, 2))?.kind).toBe('password');
  await ask(page, { id: 3, type: 'authenticate', nonce });
  expect(await answerOf(page, 3)).toEqual({
    kind: 'synchronisation failure',
    auts: expect.stringMatching(/^.{19}=$/u),
  });
  const wrong = autn.map((octet, at) => (at === 15 ? octet ^ 1 : octet));
  await ask(page, { id: 4, type: 'authenticate', nonce: formatAkaNonce({ rand, autn: wrong }) });
  expect(await answerOf(page, 4)).toEqual({ kind: 'mac failure' });
});

test('[X.2.3.1] keeps number and consent over a reload; the PIN is asked again', async ({ page }) => {
  await setUp(page);
  const { nonce } = createChallenge();
  await ask(page, { id: 2, type: 'authenticate', nonce });
  await answerOf(page, 2);
  await openWic(page);
  await ask(page, { id: 1, type: 'authenticate', nonce });
  await frameOf(page).getByLabel('PIN', { exact: true }).fill(pin);
  await page.keyboard.press('Enter');
  // The same nonce: had the number not been kept, there would be a password.
  expect((await answerOf(page, 1))?.kind).toBe('synchronisation failure');
});

test('[X.2.3.1] answers nobody whom the person did not allow, and takes permission back', async ({ page }) => {
  await openWic(page);
  await giveProfile(frameOf(page));
  await ask(page, { id: 1, type: 'authenticate', nonce: createChallenge().nonce });
  await expect(frameOf(page).getByText(site.wicOrigin)).toBeVisible();
  await frameOf(page).getByRole('button', { name: 'Do not allow' }).click();
  expect(await answerOf(page, 1)).toEqual({ kind: 'refused', problem: 'not allowed' });
  await ask(page, { id: 2, type: 'identify' });
  await frameOf(page).getByRole('button', { name: 'Allow', exact: true }).click();
  expect((await answerOf(page, 2))?.kind).toBe('identity');
  await frameOf(page).getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(frameOf(page).getByText('No page may use it yet.')).toBeVisible();
  await ask(page, { id: 3, type: 'identify' });
  await expect(frameOf(page).getByRole('heading', { name: 'Use your SIM here?' })).toBeVisible();
  expect((await heardOf(page)).some(({ data }) => data.id === 3)).toBe(false);
});

test('[X.2.3.1] is blocked after three wrong PINs, and deletes the keys', async ({ page }) => {
  await setUp(page);
  await openWic(page);
  for (const left of ['2 tries are left', 'One try is left', undefined]) {
    await frameOf(page).getByLabel('PIN', { exact: true }).fill('0000');
    await frameOf(page).getByRole('button', { name: 'Unlock' }).click();
    if (left !== undefined) await expect(frameOf(page).getByRole('alert')).toContainText(left);
  }
  await expect(frameOf(page).getByRole('heading', { name: 'Your SIM is blocked' })).toBeVisible();
  await ask(page, { id: 1, type: 'identify' });
  expect(await answerOf(page, 1)).toEqual({ kind: 'refused', problem: 'blocked' });
  await openWic(page);
  await expect(frameOf(page).getByRole('heading', { name: 'Your SIM is blocked' })).toBeVisible();
  await giveProfile(frameOf(page));
  await expect(frameOf(page).getByRole('heading', { name: 'Your SIM is ready' })).toBeVisible();
});

test('[X.2.3.1] a page of another origin may not even frame it', async ({ page }) => {
  const refused: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && refused.push(message.text())));
  await openWic(page, site.otherOrigin);
  await expect.poll(() => refused.join('\n')).toContain('frame-ancestors');
  await ask(page, { id: 1, type: 'identify' });
  await openWic(page, site.wicOrigin);
  await expect(frameOf(page).getByRole('heading', { name: 'Set up your SIM' })).toBeVisible();
});

test('[X.2.3.1] a page of another origin that frames it all the same gets no answer', async ({ page }) => {
  // As if the header were lost on the way: the page itself still looks who speaks.
  await page.route(`${site.isimOrigin}/`, async (route) => {
    const response = await route.fetch();
    const { 'content-security-policy': _policy, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await openWic(page, site.otherOrigin);
  await expect(frameOf(page).getByRole('heading', { name: 'Set up your SIM' })).toBeVisible();
  await giveProfile(frameOf(page));
  await expect(frameOf(page).getByRole('heading', { name: 'Your SIM is ready' })).toBeVisible();
  await ask(page, { id: 1, type: 'identify' });
  await page.evaluate('wic.ask({ version: 1, id: 2, type: "authenticate", nonce: "AAAA" })');
  await expect(frameOf(page).getByText('No page may use it yet.')).toBeVisible();
  expect(await heardOf(page)).toEqual([]);
});

test('[X.2.3.1] the records in the browser hold nothing in clear', async ({ page }) => {
  await setUp(page);
  const frame = page.frames().find((one) => one.url().startsWith(site.isimOrigin));
  const kept = await frame?.evaluate(async () => {
    const request = indexedDB.open('wicgate-isim');
    const database = await new Promise<IDBDatabase>((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
    const all = database.transaction('records').objectStore('records').getAll();
    const records = await new Promise<unknown[]>((resolve) => {
      all.onsuccess = () => resolve(all.result);
    });
    const keys = records.filter((record) => record instanceof CryptoKey).map(({ extractable }) => extractable);
    const text = JSON.stringify(records, (_name, value: unknown) =>
      value instanceof ArrayBuffer || value instanceof Uint8Array
        ? [...new Uint8Array(value as ArrayBuffer)].join(',')
        : value,
    );
    return { keys, text };
  });
  expect(kept?.keys).toEqual([false]);
  expect(kept?.text.length).toBeGreaterThan(500);
  for (const form of formsOf({ k, op, opc })) expect(kept?.text).not.toContain(form);
  for (const word of [profile.impi, pin]) expect(kept?.text).not.toContain(word);
});

test('[contract] says what is wrong with a profile file, and never repeats a value', async ({ page }) => {
  await openWic(page);
  const alert = frameOf(page).getByRole('alert');
  await giveProfile(frameOf(page), {}, 'nonsense');
  await expect(alert).toHaveText('file: expected JSON');
  await giveProfile(frameOf(page), { ...profile, k: 'abc' });
  await expect(alert).toHaveText('k: expected 32 hexadecimal digits');
  await giveProfile(frameOf(page), { ...profile, opc: profile.op });
  await expect(alert).toHaveText('op, opc: expected one of the two');
  await giveProfile(frameOf(page), {}, ' '.repeat(5_000));
  await expect(alert).toHaveText('file: expected at most 4096 characters');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[contract] every state of the page is accessible, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const violations: string[] = [];
    const look = async (heading: string): Promise<void> => {
      await expect(frameOf(page).getByRole('heading', { name: heading })).toBeVisible();
      const found = await new AxeBuilder({ page }).disableRules(['page-has-heading-one', 'region']).analyze();
      violations.push(...found.violations.map(({ id }) => `${heading}: ${id}`));
    };
    await openWic(page);
    await look('Set up your SIM');
    await giveProfile(frameOf(page));
    await look('Your SIM is ready');
    await ask(page, { id: 1, type: 'identify' });
    await look('Use your SIM here?');
    await frameOf(page).getByRole('button', { name: 'Do not allow' }).click();
    await frameOf(page).getByRole('button', { name: 'Lock' }).click();
    await look('Enter your PIN');
    expect(violations).toEqual([]);
  });
}

/**
 * The pages on which a subscriber sees and decides who may register in their name, over real https.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Browser, Shown } from './testing/browser.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';
import { Wwsf } from './testing/wwsf.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'waf-grants-'));
const secret = 'another-test-0123456789-0123456789';
const partner = new Wwsf('wwsf.partner.example', secret, 'https://partner.example');
const asking = new Wwsf('wwsf.asking.example', secret, 'https://asking.example');
const newGrant = `/grants/new?client_id=${partner.clientId}`;
const alice = { impi: 'alice@ims.example', impu: 'sip:alice@ims.example' };

let waf: WafUnderTest;

beforeAll(async () => {
  const file = join(folder, 'clients.json');
  writeFileSync(
    file,
    JSON.stringify([
      {
        client_id: partner.clientId,
        client_secret: secret,
        client_name: 'Partner <Phone>',
        grant_types: ['client_credentials'],
        post_logout_redirect_uris: ['https://partner.example/'],
      },
      {
        client_id: asking.clientId,
        client_secret: secret,
        client_name: 'Asking',
        redirect_uris: ['https://asking.example/callback'],
      },
    ]),
  );
  waf = await WafUnderTest.start({ WAF_CLIENTS_FILE: file });
});

afterAll(async () => {
  await waf.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  for (const { clientId } of await waf.running.grants.list('alice')) {
    await waf.running.grants.remove('alice', clientId);
  }
});

/** Opens a page of the grants, signing in on the way. */
async function open(browser: Browser, path = '/grants', username = 'alice'): Promise<Shown> {
  const page = await browser.open(path);
  if (!page.body.includes('<h1>Sign in</h1>')) return page;
  return browser.submit(page, { username, password: `${username}-demo` });
}

const canRegister = async (): Promise<boolean> => (await partner.credentials(waf.browser(), alice)).status === 200;

describe('The page of a subscriber', () => {
  it('[REQ 2.1] is reached by the one login page, and is empty at first', async () => {
    const browser = waf.browser();
    const login = await browser.open('/grants');
    expect(login.body).toContain('to continue to your calling permissions');
    const page = await browser.submit(login, { username: 'alice', password: 'alice-demo' });
    expect(page.url.pathname).toBe('/grants');
    expect(page.body).toContain('<h1>Who may call for you</h1>');
    expect(page.body).toContain('<strong>Alice</strong>');
    expect(page.body).toContain('Nobody yet');
    expect(page.headers['content-security-policy']).toContain("form-action 'self'; frame-ancestors 'none'");
  });

  it('[REQ 2.1] needs no second sign-in where the WWSF has led through one', async () => {
    const browser = waf.browser();
    await waf.signIn(browser);
    expect((await browser.open('/grants')).body).toContain('<h1>Who may call for you</h1>');
  });

  it('[REQ 2.1] shows who may register, since when, and when that was used last', async () => {
    const browser = waf.browser();
    await waf.running.grants.allow('alice', partner.clientId);
    const before = await open(browser);
    expect(before.body).toContain('<strong id="client-0">Partner &lt;Phone&gt;</strong>');
    expect(before.body).toContain('<span>partner.example</span>');
    expect(before.body).toMatch(/<dt>Allowed<\/dt><dd><time datetime="20[^"]+">\d+ \w+ 20\d\d, \d\d:\d\d UTC/);
    expect(before.body).toContain('<dt>Last used</dt><dd>never</dd>');
    expect(before.body).toContain('aria-describedby="client-0">Remove access</button>');
    await canRegister();
    expect((await open(browser)).body).toMatch(/<dt>Last used<\/dt><dd><time /);
  });

  it('[REQ 2.1] shows those that were allowed on a consent page, and what that is worth', async () => {
    const browser = waf.browser();
    await browser.submit(await waf.signIn(browser, 'alice', 'alice-demo', asking), { decision: 'allow' });
    const page = await open(browser);
    expect(page.body).toContain('Asking</strong>');
    expect(page.body).toContain('while you are signed in here');
  });

  it('[REQ 2.1] removes access at once, and asks for consent again', async () => {
    const browser = waf.browser();
    await browser.submit(await waf.signIn(browser, 'alice', 'alice-demo', asking), { decision: 'allow' });
    await browser.submit(await open(browser), {});
    expect((await browser.open(asking.authorizationPath())).body).toContain('<h1>Allow Asking?</h1>');

    await waf.running.grants.allow('alice', partner.clientId);
    expect(await canRegister()).toBe(true);
    const page = await browser.submit(await open(browser), {});
    expect(page.body).toContain('Nobody yet');
    expect(await canRegister()).toBe(false);
  });

  it('[REQ 2.1] shows nobody else’s, and nothing to who has signed out or is barred', async () => {
    await waf.running.grants.allow('alice', partner.clientId);
    const browser = waf.browser();
    expect((await open(browser, '/grants', 'bob')).body).toContain('Nobody yet');
    await waf.running.bar('bob');
    expect((await browser.open('/grants')).body).toContain('<h1>Sign in</h1>');
    await waf.running.unbar('bob');
  });
});

describe('Allowing a web operator', () => {
  it('[X.3.2.3-0] [REQ 2.1] [REQ 2.5] is asked with what it means, and lets it register from then on', async () => {
    const browser = waf.browser();
    const page = await open(browser, newGrant);
    expect(page.url.pathname + page.url.search).toBe(newGrant);
    expect(page.body).toContain('<h1>Allow Partner &lt;Phone&gt;?</h1>');
    expect(page.body).toContain('<code>sip:alice@ims.example</code>');
    expect(page.body).toContain('https://partner.example');
    expect(await canRegister()).toBe(false);

    const allowed = await browser.submit(page, { decision: 'allow' });
    expect(allowed.body).toContain('role="status">Partner &lt;Phone&gt; may now call for you.');
    expect(allowed.body).toContain('href="https://partner.example/"');
    expect(await canRegister()).toBe(true);
    expect((await browser.open(newGrant)).url.pathname).toBe('/grants');
  });

  it('[REQ 2.1] denied, changes nothing', async () => {
    const browser = waf.browser();
    const page = await browser.submit(await open(browser, newGrant), { decision: 'deny' });
    expect(page.body).toContain('Nobody yet');
    expect(await canRegister()).toBe(false);
  });

  it.each(['nobody.example', asking.clientId, 'grants%20page', ''])('[REQ 2.1] is not offered for "%s"', async (id) => {
    const page = await open(waf.browser(), `/grants/new?client_id=${id}`);
    expect(page.status).toBe(404);
    expect(page.body).toContain('Nobody to allow here');
  });

  it('[RFC 9700 4.11] leads nowhere but to our own pages after the sign-in', async () => {
    const browser = waf.browser();
    for (const state of ['new https://evil.example/', 'https://evil.example/', '//evil.example', 'list']) {
      const { headers } = await browser.send(`/grants/callback?${new URLSearchParams({ state, code: 'x' })}`);
      expect(headers.location).toMatch(/^\/grants($|\/new\?client_id=)/);
    }
  });

  it.each([
    { fault: 'no decision', fields: {}, headers: {}, status: 400 },
    { fault: 'another word', fields: { decision: 'maybe' }, headers: {}, status: 400 },
    { fault: 'no form token', fields: { decision: 'allow', form_token: '' }, headers: {}, status: 403 },
    {
      fault: 'another site',
      fields: { decision: 'allow' },
      headers: { 'sec-fetch-site': 'cross-site' },
      status: 403,
    },
    { fault: 'an unknown client', fields: { decision: 'allow', client_id: 'x' }, headers: {}, status: 404 },
  ])('[RFC 6749 10.12] [REQ 2.1] is not taken from a form with $fault', async ({ fields, headers, status }) => {
    const browser = waf.browser();
    const page = await open(browser, newGrant);
    const answer = await browser.submit(
      page,
      fields as unknown as Record<string, string>,
      headers as Record<string, string>,
    );
    expect(answer.status).toBe(status);
    expect(await canRegister()).toBe(false);
  });

  it('[RFC 6749 10.12] takes no form of another session, and none without a session', async () => {
    const [browser, other] = [waf.browser(), waf.browser()];
    const page = await open(browser, newGrant);
    await open(other, '/grants', 'bob');
    expect((await other.submit(page, { decision: 'allow' })).status).toBe(403);
    expect((await waf.browser().submit(page, { decision: 'allow' })).status).toBe(403);
    expect(await canRegister()).toBe(false);
  });

  it('[RFC 6749 10.12] removes nothing by a forged form', async () => {
    await waf.running.grants.allow('alice', partner.clientId);
    const browser = waf.browser();
    const page = await open(browser);
    expect((await browser.submit(page, {}, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await browser.submit(page, { form_token: 'x' })).status).toBe(403);
    expect(await canRegister()).toBe(true);
  });
});

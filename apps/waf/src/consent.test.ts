/**
 * A client that is not the operator's own has to be allowed by the person (TS 33.203 X.3.2.3 step 0.1).
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser, Shown } from './testing/browser.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';
import { Wwsf } from './testing/wwsf.ts';

const folder = mkdtempSync(join(tmpdir(), 'waf-clients-'));
const secret = 'another-test-0123456789-0123456789';
const partner = new Wwsf('wwsf.partner.example', secret, 'https://partner.example');
// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let waf: WafUnderTest;

beforeAll(async () => {
  const file = join(folder, 'clients.json');
  const client = {
    client_id: partner.clientId,
    client_secret: secret,
    client_name: 'Partner <Phone>',
    redirect_uris: ['https://partner.example/callback'],
  };
  writeFileSync(file, JSON.stringify([client]));
  waf = await WafUnderTest.start({ WAF_CLIENTS_FILE: file });
});

afterAll(async () => {
  await waf.stop();
  rmSync(folder, { recursive: true });
});

const ask = (browser: Browser): Promise<Shown> => waf.signIn(browser, 'alice', 'alice-demo', partner);

describe('Consent', () => {
  it('[X.3.2.3-0] is asked for by name, with what it means and where it leads', async () => {
    const page = await ask(waf.browser());
    expect(page.status).toBe(200);
    expect(page.body).toContain('<h1>Allow Partner &lt;Phone&gt;?</h1>');
    expect(page.body).toContain('<code>sip:alice@ims.example</code>');
    expect(page.body).toContain('<strong>https://partner.example</strong>');
    expect(page.body).toContain('value="allow">Allow</button>');
    expect(page.body).toContain('value="deny">Deny</button>');
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://partner.example;");
  });

  it('[X.3.2.3-0] given, leads to a token of this client, and is not asked for again in this session', async () => {
    const browser = waf.browser();
    const back = await browser.submit(await ask(browser), { decision: 'allow' });
    const { json } = await partner.exchange(browser, back);
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({
      client_id: 'wwsf.partner.example',
      impi: 'alice@ims.example',
      scope: 'webrtc-ims-client-access-to-ims',
    });
    expect((await browser.open(partner.authorizationPath())).url.origin).toBe('https://partner.example');
  });

  it('[RFC 6749 4.1.2.1] denied, leads back with access_denied', async () => {
    const browser = waf.browser();
    const back = await browser.submit(await ask(browser), { decision: 'deny' });
    expect(back.url.origin).toBe('https://partner.example');
    expect(Object.fromEntries(back.url.searchParams)).toMatchObject({ error: 'access_denied', state: 'state-1' });
  });

  it.each([
    { fault: 'no decision', fields: {}, status: 400 },
    { fault: 'another word', fields: { decision: 'maybe' }, status: 400 },
    { fault: 'no form token', fields: { decision: 'allow', form_token: '' }, status: 403 },
  ])('[RFC 6749 10.12] is not taken from a form with $fault', async ({ fields, status }) => {
    const browser = waf.browser();
    const page = await ask(browser);
    expect((await browser.submit(page, fields as unknown as Record<string, string>)).status).toBe(status);
    expect((await browser.open(partner.authorizationPath())).body).toContain('Allow Partner');
  });

  it('[RFC 6749 6] a refresh token comes only with offline_access, and only to the client it was made for', async () => {
    const browser = waf.browser();
    const back = await browser.submit(await ask(browser), { decision: 'allow' });
    expect((await partner.exchange(browser, back)).json).not.toHaveProperty('refresh_token');

    const again = await browser.open(partner.authorizationPath({ prompt: 'consent' }));
    const { json } = await partner.exchange(browser, await browser.submit(again, { decision: 'allow' }));
    expect((await waf.wwsf.refresh(browser, json.refresh_token ?? '')).json.error).toBe('invalid_grant');
    expect((await waf.wwsf.revoke(browser, json.refresh_token ?? '')).status).toBe(200);
    expect((await partner.refresh(browser, json.refresh_token ?? '')).status).toBe(200);
  });
});

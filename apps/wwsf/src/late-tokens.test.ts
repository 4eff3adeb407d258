/**
 * Tokens by client credentials that come too late, or cannot be revoked in time.
 *
 * @module
 */
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccount } from './accounts/account.ts';
import { writeAccountsFile } from './accounts/accounts-file.ts';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import type { TestWaf } from './testing/test-waf.ts';
import { createSite, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

describe('tokens by client credentials', () => {
  let site: Site;
  let waf: TestWaf;
  let wwsf: StartedWwsf | undefined;
  let browser: TestBrowser;

  beforeEach(async () => {
    site = await createSite();
    waf = await site.startWaf();
    browser = site.openBrowser();
  });

  afterEach(async () => {
    await wwsf?.stop();
    await waf.stop();
    site.remove();
  });

  const becomeGuest = (who: TestBrowser): Promise<Answer> =>
    who.fetch(`${site.origin}/guest`, { method: 'POST', headers: { 'x-requested-by': 'wic' } });
  const session = async (): Promise<Record<string, unknown>> => (await browser.fetch(`${site.origin}/session`)).json();
  const readMetrics = async (): Promise<string> => (await wwsf?.operations.metrics.metrics()) ?? '';

  it('[X.4.2.1] [WWSF 4] that come after the lease is over reach no browser: somebody else may have the pair', async () => {
    waf.granted.add('guest-01@ims.example');
    const pool = { WWSF_POOL: 'guest-01..01@ims.example', WWSF_POOL_LEASE_SECONDS: '1' };
    wwsf = await site.startWwsf(waf.issuer, pool);
    const { promise, resolve: open } = Promise.withResolvers<void>();
    waf.tokenGate = promise;
    const late = becomeGuest(browser);
    await expect.poll(readMetrics, { timeout: 10_000 }).toContain('wwsf_pool_pairs{state="leased"} 1');
    await expect.poll(readMetrics, { timeout: 10_000 }).toContain('wwsf_pool_pairs{state="free"} 1');
    open();
    const answer = await late;
    expect([answer.status, answer.setCookies]).toEqual([503, []]);
    expect((await session()).signedIn).toBe(false);
    expect((await becomeGuest(site.openBrowser())).status).toBe(201);
  });

  it('[X.3.1] [REQ 2.2] [RFC 7009 2] that the WAF could not revoke at sign-out are revoked later, also after a restart', async () => {
    const file = join(site.folder, 'accounts.json');
    const identities = { impi: 'alice@ims.example', impus: ['sip:alice@ims.example'] };
    writeAccountsFile(file, [
      await createAccount({ username: 'alice', displayName: 'Alice', password: 'alice-demo', ...identities }),
    ]);
    waf.granted.add(identities.impi);
    const settings = { WWSF_SIGN_IN: 'own', WWSF_ACCOUNTS_FILE: file };
    wwsf = await site.startWwsf(waf.issuer, settings);
    await signIn('alice', 'alice-demo');
    const token = (await browser.fetch(`${site.origin}/token`)).json().access_token;
    waf.revocationFailure = { status: 503, body: '{"error":"temporarily_unavailable"}' };
    const headers = { 'x-csrf-token': String((await session()).csrfToken) };
    expect((await browser.fetch(`${site.origin}/sign-out`, { method: 'POST', headers })).status).toBe(200);
    expect((await session()).signedIn).toBe(false);
    await wwsf.stop();
    waf.revocationFailure = undefined;
    wwsf = await site.startWwsf(waf.issuer, settings);
    await expect.poll(() => waf.revoked, { timeout: 10_000 }).toEqual([decodeJwt(String(token)).jti]);
  });

  async function signIn(username: string, password: string): Promise<void> {
    const page = await browser.navigate(`${site.origin}/sign-in`);
    const formToken = /name="form_token" value="([\w-]+)"/.exec(page.body)?.[1] ?? '';
    await browser.ask(`${site.origin}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ form_token: formToken, username, password }).toString(),
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    });
  }
});

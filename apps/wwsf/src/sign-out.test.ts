import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import { clientId, clientSecret, type TestWaf } from './testing/test-waf.ts';
import { createSite, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

describe('signing out', () => {
  let site: Site;
  let waf: TestWaf;
  let wwsf: StartedWwsf;
  let browser: TestBrowser;
  let csrfToken: string;

  beforeAll(async () => {
    site = await createSite();
    waf = await site.startWaf();
    wwsf = await site.startWwsf(waf.issuer, { WWSF_TOKEN_REFRESH_SECONDS: '301' });
  });

  afterAll(async () => {
    await wwsf.stop();
    await waf.stop();
    site.remove();
  });

  beforeEach(async () => {
    browser = site.openBrowser();
    await browser.follow(`${site.origin}/sign-in`);
    csrfToken = String((await browser.fetch(`${site.origin}/session`)).json().csrfToken);
  });

  const signOut = (headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    browser.fetch(`${site.origin}/sign-out`, { method: 'POST', headers: { 'x-csrf-token': csrfToken, ...headers } });
  const isSignedIn = async (): Promise<unknown> => (await browser.fetch(`${site.origin}/session`)).json().signedIn;

  it('[RP-Initiated Logout 2] ends the session, clears the cookie and names where the WAF ends its own', async () => {
    const answer = await signOut();
    expect(answer.status).toBe(200);
    expect(answer.setCookies).toEqual([
      expect.stringMatching(/^__Host-wwsf-\d+-session=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    const location = new URL(String(answer.json().location));
    expect(location.origin).toBe(waf.issuer);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      client_id: 'wwsf.ims.example',
      id_token_hint: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      post_logout_redirect_uri: `${site.origin}/`,
    });
    expect((await browser.navigate(location.href)).status).toBe(200);
    expect(await isSignedIn()).toBe(false);
  });

  it('[RFC 7009 2] revokes the refresh token at the WAF', async () => {
    const saved = new Promise<string>((resolve) => {
      waf.provider.once('refresh_token.saved', ({ jti }) => resolve(jti));
    });
    await browser.fetch(`${site.origin}/token`);
    const refreshToken = await saved;
    expect(await waf.provider.RefreshToken.find(refreshToken)).toBeDefined();
    await signOut();
    const answer = await site.openBrowser().ask(`${waf.issuer}/token`, {
      method: 'POST',
      headers: {
        'authorization': `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }).toString(),
    });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_grant']);
  });

  it('[RFC 7009 2] revokes what a renewal under way brings', async () => {
    let open = (): void => undefined;
    const before = waf.tokenRequests();
    waf.tokenGate = new Promise((resolve) => {
      open = resolve;
    });
    const renewal = browser.fetch(`${site.origin}/token`);
    await expect.poll(() => waf.tokenRequests()).toBe(before + 1);
    const revoked = new Promise((resolve) => waf.provider.once('grant.revoked', resolve));
    await signOut();
    open();
    waf.tokenGate = undefined;
    expect((await renewal).status).toBe(401);
    await revoked;
    expect(await isSignedIn()).toBe(false);
  });

  const refused = [
    { fault: 'no CSRF token', headers: { 'x-csrf-token': '' }, error: 'csrf_token' },
    { fault: 'another CSRF token', headers: { 'x-csrf-token': 'A'.repeat(43) }, error: 'csrf_token' },
    { fault: 'another site', headers: { 'sec-fetch-site': 'cross-site' }, error: 'cross_site' },
    { fault: 'another port of this host', headers: { 'sec-fetch-site': 'same-site' }, error: 'cross_site' },
    { fault: 'a foreign Origin', headers: { origin: 'https://localhost:1' }, error: 'cross_site' },
  ];

  it.each(refused)('[RFC 6749 10.12] is refused with $fault', async ({ headers, error }) => {
    const answer = await signOut(headers);
    expect([answer.status, answer.json()]).toEqual([403, { error }]);
    expect(await isSignedIn()).toBe(true);
  });

  it('[RFC 6749 10.12] is refused without Sec-Fetch-Site', async () => {
    const headers = { 'x-csrf-token': csrfToken };
    const answer = await browser.ask(`${site.origin}/sign-out`, { method: 'POST', headers });
    expect([answer.status, answer.json()]).toEqual([403, { error: 'cross_site' }]);
  });

  it('[RFC 6749 10.12] is refused with the CSRF token of another session', async () => {
    const other = site.openBrowser();
    await other.follow(`${site.origin}/sign-in`);
    const { csrfToken: foreign } = (await other.fetch(`${site.origin}/session`)).json();
    expect((await signOut({ 'x-csrf-token': String(foreign) })).status).toBe(403);
  });

  it('[RFC 6749 10.12] is no GET', async () => {
    expect((await browser.fetch(`${site.origin}/sign-out`)).status).toBe(404);
    expect(await isSignedIn()).toBe(true);
  });

  it('[X.3.2.3-1] needs a session', async () => {
    const answer = await site.openBrowser().fetch(`${site.origin}/sign-out`, { method: 'POST' });
    expect([answer.status, answer.json()]).toEqual([401, { error: 'not_signed_in' }]);
  });

  it('[RFC 7009 2.2.1] ends the session here also when the WAF is down', async () => {
    const { port } = waf;
    await waf.stop();
    const answer = await signOut();
    expect(answer.status).toBe(200);
    expect(await isSignedIn()).toBe(false);
    waf = await site.startWaf(port);
  });
});

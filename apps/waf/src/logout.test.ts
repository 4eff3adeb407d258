/**
 * Signing out over real https (OpenID Connect RP-Initiated Logout 1.0).
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser, Shown } from './testing/browser.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';
import type { Tokens } from './testing/wwsf.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let waf: WafUnderTest;

beforeAll(async () => {
  waf = await WafUnderTest.start();
});

afterAll(() => waf.stop());

const home = 'https://localhost:9/';

function signOut(browser: Browser, parameters: Readonly<Record<string, string>>): Promise<Shown> {
  return browser.open(`/session/end?${new URLSearchParams(parameters)}`, {
    headers: { 'sec-fetch-site': 'same-site' },
  });
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.open(waf.wwsf.authorizationPath())).url.origin === waf.wwsf.origin;
}

async function signedIn(username = 'alice'): Promise<{ browser: Browser; tokens: Tokens }> {
  const browser = waf.browser();
  return { browser, tokens: await waf.tokens(browser, username) };
}

describe('Sign-out with a valid hint', () => {
  it('[OIDC RP-Initiated Logout 2] passes through without a question, back to the WWSF', async () => {
    const { browser, tokens } = await signedIn();
    const page = await signOut(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: home, state: 's' });
    expect(page.body).toContain('data-submit-now');
    expect(page.body).toMatch(/<script src="\/assets\/submit-now-\w+\.js" defer>/);
    expect(page.body).toContain('<noscript><button class="primary" type="submit">Sign out</button></noscript>');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://localhost:9;");

    const back = await browser.submit(page, {});
    expect(back.url.href).toBe(`${home}?state=s`);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('[OIDC RP-Initiated Logout 2] ends the refresh tokens of this session and of no other', async () => {
    const [here, elsewhere] = [await signedIn(), await signedIn()];
    const page = await signOut(here.browser, { id_token_hint: here.tokens.id_token, post_logout_redirect_uri: home });
    await here.browser.submit(page, {});
    expect((await waf.wwsf.refresh(here.browser, here.tokens.refresh_token)).json.error).toBe('invalid_grant');
    expect((await waf.wwsf.refresh(elsewhere.browser, elsewhere.tokens.refresh_token)).status).toBe(200);
  });

  it('[OIDC RP-Initiated Logout 2] leads back to the WWSF where the session is over already', async () => {
    const { browser, tokens } = await signedIn();
    browser.cookies.clear();
    const page = await signOut(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: home });
    expect(page.body).toContain('Just a moment');
    expect(page.body).not.toContain('Submitting Callback');
    expect((await browser.submit(page, {})).url.href).toBe(home);
  });
});

describe('Sign-out that proves nothing', () => {
  it('[OIDC RP-Initiated Logout 2] asks without a hint, and does as it is told', async () => {
    const { browser } = await signedIn();
    const page = await signOut(browser, {});
    expect(page.body).toContain('<h1>Sign out?</h1>');
    expect(page.body).toContain('<strong>Alice</strong>');
    expect(page.body).not.toContain('<script');
    expect(await isSignedIn(browser)).toBe(true);

    const done = await browser.submit(await signOut(browser, {}), { logout: 'yes' });
    expect(done.body).toContain('<h1>You are signed out</h1>');
    expect(done.body).toContain(`href="${home}"`);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('[OIDC RP-Initiated Logout 2] asks where the hint is about somebody else', async () => {
    const [{ tokens }, { browser }] = [await signedIn('bob'), await signedIn('alice')];
    const page = await signOut(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: home });
    expect(page.body).toContain('<h1>Sign out?</h1>');
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each([
    { fault: 'a forged hint', parameters: { id_token_hint: 'e30.e30.e30', post_logout_redirect_uri: home } },
    {
      fault: 'a way back that is not registered',
      parameters: { client_id: 'wwsf.ims.example', post_logout_redirect_uri: 'https://evil.example/' },
    },
    { fault: 'a way back without a client', parameters: { post_logout_redirect_uri: 'https://evil.example/' } },
  ])('[OIDC RP-Initiated Logout 2] asks, and leads nowhere else, with $fault', async ({ parameters }) => {
    const { browser } = await signedIn();
    const page = await signOut(browser, parameters as unknown as Record<string, string>);
    expect(page.body).toContain('<h1>Sign out?</h1>');
    expect((await browser.submit(page, { logout: 'yes' })).body).toContain('<h1>You are signed out</h1>');
  });

  it.each([
    { fault: 'another token', fields: { xsrf: 'x' }, headers: {}, text: 'This sign-in has expired' },
    {
      fault: 'another site',
      fields: {},
      headers: { 'sec-fetch-site': 'same-site' },
      text: 'This form cannot be accepted',
    },
  ])('[RFC 6749 10.12] refuses a sign-out form with $fault', async ({ fields, headers, text }) => {
    const { browser } = await signedIn();
    const page = await signOut(browser, {});
    const refused = await browser.submit(
      page,
      { logout: 'yes', ...fields } as unknown as Record<string, string>,
      headers as Record<string, string>,
    );
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.body).toContain(text);
    expect(await isSignedIn(browser)).toBe(true);
  });
});

describe('Another person in the same browser', () => {
  it('[OIDC Core 3.1.2.3] ends the session of the first before the second signs in', async () => {
    const { browser, tokens } = await signedIn('alice');
    const login = await browser.open(waf.wwsf.authorizationPath({ prompt: 'login' }));
    const passing = await browser.submit(login, { username: 'bob', password: 'bob-demo' });
    expect(passing.body).toContain('Just a moment');
    const back = await browser.submit(passing, {});
    const { json } = await waf.wwsf.exchange(browser, back);
    expect(JSON.parse(Buffer.from(json.access_token?.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      impi: 'bob@ims.example',
    });
    expect((await waf.wwsf.refresh(browser, tokens.refresh_token)).json.error).toBe('invalid_grant');
  });
});

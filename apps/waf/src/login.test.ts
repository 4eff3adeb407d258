/**
 * The login page over real https: what it accepts, refuses, limits and says.
 *
 * @module
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hiddenFields, type Shown } from './testing/browser.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let waf: WafUnderTest;

const wrong = 'The user name or the password is not right.';
const alertOf = ({ body }: Shown): string | undefined => /<p class="alert" role="alert"[^>]*>([^<]*)</.exec(body)?.[1];

describe('Login page', () => {
  beforeAll(async () => {
    waf = await WafUnderTest.start();
  });
  afterAll(() => waf.stop());

  it('[X.3.2.3-0] has the labels of the contract, and headers that keep it to itself', async () => {
    const { body, headers, status } = await waf.browser().open(waf.wwsf.authorizationPath({ login_hint: '"><b>eve' }));
    expect(status).toBe(200);
    expect(body).toContain('<label for="username">Username</label>');
    expect(body).toContain('<label for="password">Password</label>');
    expect(body).toMatch(/autocomplete="username"[\s\S]*autocomplete="current-password"/);
    expect(body).toContain('value="&quot;&gt;&lt;b&gt;eve"');
    expect(body).not.toMatch(/<script|<style| style=| on\w+=/);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https://localhost:9; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('[RFC 6265 8.5] sets cookies named after function and port, closed to scripts and to plain http', async () => {
    const browser = waf.browser();
    await waf.signIn(browser);
    const port = new URL(waf.issuer).port;
    const session = [...browser.cookies].filter(([key]) => key.startsWith(`__Host-waf-${port}-session`));
    expect(session.map(([key]) => key)).toEqual([`__Host-waf-${port}-session /`, `__Host-waf-${port}-session.sig /`]);
    for (const [key, { attributes }] of browser.cookies) {
      const expected = key.includes('-known') ? /Secure; HttpOnly; SameSite=Strict/ : /samesite=lax; secure; httponly/;
      expect(attributes).toMatch(expected);
    }
  });

  it.each([
    { fault: 'a wrong password', username: 'alice', password: 'bob-demo' },
    { fault: 'an unknown user name', username: 'zoe', password: 'zoe-demo' },
    { fault: 'a password of 257 characters', username: 'alice', password: 'x'.repeat(257) },
    { fault: 'no password', username: 'alice', password: '' },
  ])('[X.3.2.3-0] [WAF 4] says the same for $fault, and keeps the user name', async ({ username, password }) => {
    const page = await waf.signIn(waf.browser(), username, password);
    expect(page.status).toBe(422);
    expect(alertOf(page)).toBe(wrong);
    expect(page.body).toContain(`value="${username}"`);
    if (password !== '') expect(page.body).not.toContain(password);
  });

  it('[X.3.2.3-0] accepts the right password after a wrong one, and the user name however it is capitalised', async () => {
    const browser = waf.browser();
    const page = await waf.signIn(browser, 'Alice', 'wrong-password');
    const back = await browser.submit(page, { username: ' ALICE ', password: 'alice-demo' });
    expect(back.url.origin).toBe(waf.wwsf.origin);
  });

  it.each([
    { fault: 'no form token', fields: { form_token: '' }, headers: {} },
    { fault: 'another form token', fields: { form_token: 'x'.repeat(43) }, headers: {} },
    { fault: 'another site', fields: {}, headers: { 'sec-fetch-site': 'cross-site' } },
    { fault: 'another origin of this site', fields: {}, headers: { 'sec-fetch-site': 'same-site' } },
    { fault: 'no Sec-Fetch-Site', fields: {}, headers: { 'sec-fetch-site': '' } },
  ])('[RFC 6749 10.12] refuses a form with $fault', async ({ fields, headers }) => {
    const browser = waf.browser();
    const page = await browser.open(waf.wwsf.authorizationPath());
    const refused = await browser.submit(page, { username: 'alice', password: 'alice-demo', ...fields }, headers);
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('This form cannot be accepted');
    expect((await browser.submit(page, { username: 'alice', password: 'alice-demo' })).url.origin).toBe(
      waf.wwsf.origin,
    );
  });

  it('[RFC 6749 10.12] refuses the form of one browser in another', async () => {
    const page = await waf.browser().open(waf.wwsf.authorizationPath());
    const refused = await waf.browser().submit(page, { username: 'alice', password: 'alice-demo' });
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('This sign-in has expired');
    expect(refused.body).toContain('href="https://localhost:9/"');
  });

  it('[X.3.2.3-0] refuses a field that stands there twice', async () => {
    const browser = waf.browser();
    const page = await browser.open(waf.wwsf.authorizationPath());
    const { status } = await browser.send(page.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: `form_token=${hiddenFields(page.body).form_token}&username=a&username=b&password=c`,
    });
    expect(status).toBe(400);
  });

  it('[RFC 6750 5.3] writes no password, token, code or cookie to the log', async () => {
    const browser = waf.browser();
    await waf.signIn(waf.browser(), 'alice', 'guess-guess-guess');
    const tokens = await waf.tokens(browser);
    const text = JSON.stringify(waf.log);
    const secrets = [...browser.cookies.values()].map(({ value }) => value);
    for (const secret of [
      ...secrets,
      ...Object.values(tokens).filter((value) => String(value).length > 60),
      'alice-demo',
      'guess-guess-guess',
      'alice@ims.example',
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(waf.log.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['login.failed', 'login.succeeded', 'token.issued']),
    );
  });
});

describe('Login limits', () => {
  beforeEach(async () => {
    waf = await WafUnderTest.start({ WAF_LOGIN_FAILURES_PER_ACCOUNT: '3', WAF_LOGIN_FAILURES_PER_ADDRESS: '5' });
    return () => waf.stop();
  });

  it('[X.3.2.3-0] an account has to wait after its failures, even with the right password; others need not', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await waf.signIn(waf.browser(), 'alice', 'wrong-password')).status).toBe(422);
    }
    const page = await waf.signIn(waf.browser());
    expect(page.status).toBe(429);
    expect(alertOf(page)).toBe('Too many failed attempts. Try again in 15 minutes.');
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(890);
    expect((await waf.signIn(waf.browser(), 'bob')).url.origin).toBe(waf.wwsf.origin);

    await waf.restart();
    expect((await waf.signIn(waf.browser())).status).toBe(429);
  });

  it('[X.3.2.3-0] an address has to wait after its failures, whatever the user names', async () => {
    for (const name of ['zoe', 'yan', 'xia', 'wim', 'val']) {
      expect((await waf.signIn(waf.browser(), name)).status).toBe(422);
    }
    expect((await waf.signIn(waf.browser(), 'bob')).status).toBe(429);
  });

  it('[X.3.2.3-0] success takes the failures of the account back, and counts nothing itself', async () => {
    for (let round = 0; round < 2; round += 1) {
      expect((await waf.signIn(waf.browser(), 'alice', 'wrong-password')).status).toBe(422);
      expect((await waf.signIn(waf.browser(), 'alice', 'wrong-password')).status).toBe(422);
      expect((await waf.signIn(waf.browser(), 'alice')).url.origin).toBe(waf.wwsf.origin);
    }
    expect((await waf.signIn(waf.browser(), 'bob')).url.origin).toBe(waf.wwsf.origin);
  });

  it('[X.3.2.3-0] strangers lock no browser out in which the person has signed in before', async () => {
    const own = waf.browser();
    await waf.signIn(own);
    for (const key of own.cookies.keys()) if (/-session/.test(key)) own.cookies.delete(key);
    for (let attempt = 0; attempt < 3; attempt += 1) await waf.signIn(waf.browser(), 'alice', 'wrong-password');
    expect((await waf.signIn(waf.browser())).status).toBe(429);
    expect((await waf.signIn(own)).url.origin).toBe(waf.wwsf.origin);

    // To every other account it is a stranger.
    for (const name of ['zoe', 'yan']) await waf.signIn(waf.browser(), name);
    for (const key of own.cookies.keys()) if (/-session/.test(key)) own.cookies.delete(key);
    expect((await waf.signIn(own, 'bob')).status).toBe(429);
  });

  it('[X.3.2.3-0] a burst of simultaneous guesses gets no further than one after the other', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, index) => waf.signIn(waf.browser(), 'alice', `guess-number-${index}`)),
    );
    expect(guesses.filter(({ status }) => status === 422)).toHaveLength(3);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(9);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TestBrowser } from './testing/test-browser.ts';
import type { TestWaf } from './testing/test-waf.ts';
import { createSite, findFreePort, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

describe('signing in', () => {
  let site: Site;
  let waf: TestWaf;
  let wwsf: StartedWwsf;
  let browser: TestBrowser;

  beforeAll(async () => {
    site = await createSite();
    waf = await site.startWaf();
    wwsf = await site.startWwsf(waf.issuer);
  });

  afterAll(async () => {
    await wwsf.stop();
    await waf.stop();
    site.remove();
  });

  beforeEach(() => {
    waf.user = 'alice';
    browser = site.openBrowser();
  });

  /** The URL of the callback that ends a sign-in, not yet visited. */
  async function findCallback(): Promise<string> {
    const last = await browser.follow(`${site.origin}/sign-in`, (location) => location.includes('/callback?'));
    return last.headers.get('location') ?? '';
  }

  const isSignedIn = async (): Promise<unknown> => (await browser.fetch(`${site.origin}/session`)).json().signedIn;

  it('[X.3.2.3-0] [X.3.2.3-1] [REQ 2.0] [REQ 2.5] [WWSF 2] leads through the WAF to a web session', async () => {
    const answer = await browser.follow(`${site.origin}/sign-in`);
    expect(answer.url).toBe(`${site.origin}/`);
    const session = await browser.fetch(`${site.origin}/session`);
    expect(session.headers.get('cache-control')).toBe('no-store');
    expect(session.json()).toEqual({
      signedIn: true,
      kind: 'user',
      displayName: 'alice',
      impi: 'alice@ims.example',
      impu: 'sip:alice@ims.example',
      impus: ['sip:alice@ims.example', 'tel:+15550100'],
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('[X.3.2.3-0] [WWSF 3] asks the WAF for a code, with state, nonce and PKCE', async () => {
    const { status, headers } = await browser.navigate(`${site.origin}/sign-in`);
    const location = new URL(headers.get('location') ?? '');
    expect(status).toBe(303);
    expect(location.origin).toBe(waf.issuer);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      client_id: 'wwsf.ims.example',
      response_type: 'code',
      redirect_uri: `${site.origin}/callback`,
      scope: 'openid offline_access webrtc-ims-client-access-to-ims',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('[RFC 6749 10.12] keeps both cookies from scripts, other hosts and cross-site requests', async () => {
    const { port } = new URL(site.origin);
    const started = await browser.navigate(`${site.origin}/sign-in`);
    expect(started.setCookies).toEqual([
      expect.stringMatching(
        new RegExp(`^__Host-wwsf-${port}-sign-in=[\\w-]{43}; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax$`),
      ),
    ]);
    const finished = await browser.navigate(await findCallback());
    expect(finished.setCookies).toEqual([
      expect.stringMatching(
        new RegExp(`^__Host-wwsf-${port}-session=[\\w-]{43}; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=Lax$`),
      ),
    ]);
  });

  it('[X.3.2.3-1] gives a new session at each sign-in, and ends the one before', async () => {
    const name = `__Host-wwsf-${new URL(site.origin).port}-session`;
    await browser.follow(`${site.origin}/sign-in`);
    const first = browser.cookies.get(name) ?? '';
    await browser.follow(`${site.origin}/sign-in`);
    expect(browser.cookies.get(name)).not.toBe(first);
    expect(await isSignedIn()).toBe(true);
    browser.cookies.set(name, first);
    expect(await isSignedIn()).toBe(false);
  });

  it('[X.3.2.3-1] takes no session id that somebody prepared', async () => {
    const name = `__Host-wwsf-${new URL(site.origin).port}-session`;
    const prepared = 'A'.repeat(43);
    browser.cookies.set(name, prepared);
    await browser.follow(`${site.origin}/sign-in`);
    expect(browser.cookies.get(name)).not.toBe(prepared);
  });

  it('[X.3.2.3-1] lets two tabs of one browser sign in at the same time', async () => {
    const one = await findCallback();
    const other = await findCallback();
    expect((await browser.navigate(one)).headers.get('location')).toBe('/');
    expect((await browser.navigate(other)).headers.get('location')).toBe('/');
  });

  it('[RFC 6749 4.1.2.1] tells the page when the user refuses', async () => {
    waf.user = undefined;
    const answer = await browser.follow(`${site.origin}/sign-in`);
    expect(answer.url).toBe(`${site.origin}/?sign-in=denied`);
    expect(await isSignedIn()).toBe(false);
  });

  describe('refuses a callback', () => {
    const failed = '/?sign-in=failed';
    const edit = (url: string, change: (query: URLSearchParams) => void): string => {
      const edited = new URL(url);
      change(edited.searchParams);
      return edited.href;
    };
    const faults = [
      { fault: 'another state', change: (query: URLSearchParams) => query.set('state', 'A'.repeat(43)) },
      { fault: 'no state', change: (query: URLSearchParams) => query.delete('state') },
      { fault: 'two states', change: (query: URLSearchParams) => query.append('state', query.get('state') ?? '') },
      { fault: 'a state of 8 KiB', change: (query: URLSearchParams) => query.set('state', 'A'.repeat(8_192)) },
      { fault: 'another code', change: (query: URLSearchParams) => query.set('code', 'A'.repeat(43)) },
      { fault: 'two codes', change: (query: URLSearchParams) => query.append('code', 'A') },
      { fault: 'no code', change: (query: URLSearchParams) => query.delete('code') },
      { fault: 'another issuer', change: (query: URLSearchParams) => query.set('iss', 'https://evil.example') },
    ];

    it.each(faults)('[RFC 6749 10.12] with $fault', async ({ change }) => {
      const answer = await browser.navigate(edit(await findCallback(), change));
      expect([answer.status, answer.headers.get('location')]).toEqual([303, failed]);
      expect(await isSignedIn()).toBe(false);
    });

    it('[RFC 6749 10.12] in a browser that did not start the sign-in', async () => {
      const callback = await findCallback();
      const other = site.openBrowser();
      expect((await other.navigate(callback)).headers.get('location')).toBe(failed);
      await other.navigate(`${site.origin}/sign-in`);
      expect((await other.navigate(callback)).headers.get('location')).toBe(failed);
    });

    it('[RFC 6749 10.5] that was used before', async () => {
      const callback = await findCallback();
      expect((await browser.navigate(callback)).headers.get('location')).toBe('/');
      expect((await browser.navigate(callback)).headers.get('location')).toBe(failed);
      expect(await isSignedIn()).toBe(true);
    });

    it('[REQ 3.3] that is loaded as an image or in a frame', async () => {
      const callback = await findCallback();
      for (const destination of ['image', 'iframe', 'empty']) {
        const answer = await browser.ask(callback, { headers: { 'sec-fetch-dest': destination } });
        expect(answer.headers.get('location')).toBe(failed);
      }
    });
  });

  it('[REQ 3.3] starts no sign-in for an image or a frame', async () => {
    const answer = await browser.ask(`${site.origin}/sign-in`, { headers: { 'sec-fetch-dest': 'image' } });
    expect([answer.status, answer.json(), answer.setCookies]).toEqual([403, { error: 'cross_site' }, []]);
  });

  it('[X.3.2.3-1] says unavailable when the WAF does not redeem the code', async () => {
    waf.tokenFailure = { status: 503, body: '{"error":"temporarily_unavailable"}' };
    const answer = await browser.navigate(await findCallback());
    waf.tokenFailure = undefined;
    expect(answer.headers.get('location')).toBe('/?sign-in=unavailable');
  });

  it('[RFC 6750 5.3] writes no code, state, cookie, token or identity to the log', async () => {
    const callback = new URL(await findCallback());
    await browser.navigate(callback.href);
    await browser.navigate(callback.href);
    const { access_token: accessToken } = (await browser.fetch(`${site.origin}/token`)).json();
    const secrets = [...callback.searchParams.values(), ...browser.cookies.values(), accessToken, 'alice@ims.example'];
    const log = wwsf.log.join('').replaceAll(waf.issuer, '');
    for (const secret of secrets.filter((value) => value !== waf.issuer)) expect(log).not.toContain(secret);
    expect(log).toContain('"event":"session.started"');
  });
});

describe('signing in where many do', () => {
  async function openSite(settings: Readonly<Record<string, string>>): Promise<Site> {
    const site = await createSite();
    const waf = await site.startWaf();
    const wwsf = await site.startWwsf(waf.issuer, settings);
    onTestFinished(async () => {
      await Promise.all([wwsf.stop(), waf.stop()]);
      site.remove();
    });
    return site;
  }

  it('[state] shows a page when all places are taken, and disturbs nobody under way', async () => {
    const site = await openSite({ WWSF_SIGN_INS: '1' });
    const [one, other] = [site.openBrowser(), site.openBrowser()];
    const last = await one.follow(`${site.origin}/sign-in`, (location) => location.includes('/callback?'));
    const refused = await other.navigate(`${site.origin}/sign-in`);
    expect(refused.status).toBe(503);
    expect(refused.body).toContain('<h1>Too many people are signing in</h1>');
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.headers.get('content-security-policy')).toContain("style-src 'sha256-");
    expect((await one.navigate(last.headers.get('location') ?? '')).headers.get('location')).toBe('/');
    expect((await other.follow(`${site.origin}/sign-in`)).url).toBe(`${site.origin}/`);
  });

  it('[state] shows a page to an address that starts too many, and goes on serving it otherwise', async () => {
    const site = await openSite({ WWSF_SIGN_INS_PER_ADDRESS: '2' });
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await site.openBrowser().navigate(`${site.origin}/sign-in`)).status);
    }
    expect(statuses).toEqual([303, 303, 429]);
    const refused = await site.openBrowser().navigate(`${site.origin}/sign-in`);
    expect(refused.body).toContain('<h1>Too many sign-ins</h1>');
    expect((await site.openBrowser().ask(`${site.origin}/sign-in`)).json()).toEqual({ error: 'too_many_requests' });
    expect((await site.openBrowser().fetch(`${site.origin}/session`)).status).toBe(200);
  });

  it.each([
    { proxies: '127.0.0.1,::1', statuses: [303, 303, 429, 429] },
    { proxies: '', statuses: [303, 429, 429, 429] },
  ])('[RFC 7239 8.1] counts by X-Forwarded-For of trusted proxies only: $proxies', async ({ proxies, statuses }) => {
    const site = await openSite({ WWSF_SIGN_INS_PER_ADDRESS: '1', WWSF_TRUSTED_PROXIES: proxies });
    const seen: number[] = [];
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.1', '198.51.100.7, 192.0.2.1']) {
      const headers = { 'x-forwarded-for': address };
      seen.push((await site.openBrowser().ask(`${site.origin}/sign-in`, { headers })).status);
    }
    expect(seen).toEqual(statuses);
  });
});

describe('signing in without the WAF', () => {
  it('[X.3.2.3-1] says so on the page while it is down, is not ready, and recovers by itself', async () => {
    const site = await createSite();
    const wafPort = await findFreePort();
    const wwsf = await site.startWwsf(`https://localhost:${wafPort}`);
    const port = await findFreePort();
    await wwsf.operations.listen('127.0.0.1', port);
    const readReadiness = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    const browser = site.openBrowser();

    const answer = await browser.navigate(`${site.origin}/sign-in`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?sign-in=unavailable']);
    expect(await readReadiness()).toBe(503);

    const waf = await site.startWaf(wafPort);
    await expect.poll(readReadiness, { timeout: 10_000 }).toBe(200);
    expect((await browser.follow(`${site.origin}/sign-in`)).url).toBe(`${site.origin}/`);
    await Promise.all([wwsf.stop(), wwsf.operations.stop(), waf.stop()]);
    site.remove();
  });

  it('[RFC 9325 6.1] takes nobody for the WAF whose certificate comes from another authority', async () => {
    const [site, stranger] = [await createSite(), await createSite()];
    const waf = await stranger.startWaf();
    const wwsf = await site.startWwsf(waf.issuer);
    const answer = await site.openBrowser().navigate(`${site.origin}/sign-in`);
    expect(answer.headers.get('location')).toBe('/?sign-in=unavailable');
    await Promise.all([wwsf.stop(), waf.stop()]);
    site.remove();
    stranger.remove();
  });
});

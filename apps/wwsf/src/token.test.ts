import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import type { TestWaf } from './testing/test-waf.ts';
import { createSite, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

/** The tokens of the test WAF live for 300 s: with this, each one is due for renewal at once. */
const alwaysRenew = { WWSF_TOKEN_REFRESH_SECONDS: '301' };

describe('the access token of the page', () => {
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
    wwsf = undefined;
    await waf.stop();
    site.remove();
  });

  async function signIn(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    wwsf = await site.startWwsf(waf.issuer, settings);
    await browser.follow(`${site.origin}/sign-in`);
  }

  const askToken = (): Promise<Answer> => browser.fetch(`${site.origin}/token`);
  const isSignedIn = async (): Promise<unknown> => (await browser.fetch(`${site.origin}/session`)).json().signedIn;

  it('[X.3.2.3-0] [X.3.2.3-1] [WWSF 3] [WWSF 5] names the identities, and is the same while it is fresh', async () => {
    await signIn();
    const answer = await askToken();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { access_token: accessToken, expires_in: expiresIn, ...more } = answer.json();
    expect(more).toEqual({});
    expect(decodeJwt(String(accessToken))).toMatchObject({
      iss: waf.issuer,
      aud: 'https://ep-cscf.ims.example',
      client_id: 'wwsf.ims.example',
      scope: expect.stringContaining('webrtc-ims-client-access-to-ims'),
      impi: 'alice@ims.example',
      impu: ['sip:alice@ims.example', 'tel:+15550100'],
    });
    expect(expiresIn).toBeGreaterThan(290);
    expect((await askToken()).json().access_token).toBe(accessToken);
    expect(waf.tokenRequests()).toBe(1);
  });

  it('[RFC 6749 6] is renewed in time, again and again, though refresh tokens rotate', async () => {
    await signIn(alwaysRenew);
    const seen = new Set<unknown>();
    for (let round = 0; round < 4; round += 1) seen.add((await askToken()).json().access_token);
    expect(seen.size).toBe(4);
    expect(waf.tokenRequests()).toBe(5);
    const metrics = await wwsf?.operations.metrics.metrics();
    expect(metrics).toContain('wwsf_token_renewals_total{outcome="renewed"} 4');
    expect(metrics).toContain('wwsf_sign_ins_total{outcome="signed in"} 1');
  });

  it('[RFC 9700 4.14.2] is renewed once for all who ask at the same time', async () => {
    await signIn(alwaysRenew);
    let open = (): void => undefined;
    waf.tokenGate = new Promise((resolve) => {
      open = resolve;
    });
    const answers = Promise.all(Array.from({ length: 12 }, askToken));
    await expect.poll(() => waf.tokenRequests()).toBe(2);
    open();
    expect((await answers).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect((await askToken()).status).toBe(200);
  });

  it('[X.3.2.3-2] is refused without a session, or with the cookie of none', async () => {
    wwsf = await site.startWwsf(waf.issuer);
    const name = `__Host-wwsf-${new URL(site.origin).port}-session`;
    for (const value of [undefined, '', 'A'.repeat(43), 'A'.repeat(4_000), "' or 1=1 --"]) {
      if (value !== undefined) browser.cookies.set(name, value);
      const answer = await askToken();
      expect([answer.status, answer.json()]).toEqual([401, { error: 'not_signed_in' }]);
    }
  });

  it.each(['cross-site', 'same-site', 'none'])('[REQ 3.3] is refused to a request from %s', async (from) => {
    await signIn();
    for (const path of ['/token', '/session']) {
      const answer = await browser.ask(`${site.origin}${path}`, { headers: { 'sec-fetch-site': from } });
      expect([answer.status, answer.json()]).toEqual([403, { error: 'cross_site' }]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('[RFC 6749 5.2] ends the session when the WAF refuses the grant', async () => {
    await signIn(alwaysRenew);
    waf.tokenFailure = { status: 400, body: '{"error":"invalid_grant"}' };
    const answer = await askToken();
    expect([answer.status, answer.json()]).toEqual([401, { error: 'not_signed_in' }]);
    waf.tokenFailure = undefined;
    expect(await isSignedIn()).toBe(false);
  });

  it('[RFC 6749 5.2] ends the session when the WAF names another user', async () => {
    await signIn(alwaysRenew);
    const payload = { iss: waf.issuer, sub: 'bob', impi: 'bob@ims.example', impu: ['sip:bob@ims.example'] };
    const jwt = `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.AAAA`;
    waf.tokenFailure = {
      status: 200,
      body: JSON.stringify({ access_token: jwt, token_type: 'Bearer', expires_in: 300 }),
    };
    expect((await askToken()).status).toBe(401);
    expect(await isSignedIn()).toBe(false);
  });

  const troubles = [
    { trouble: 'is in trouble', status: 500, body: '{"error":"server_error"}' },
    { trouble: 'shows a page of a proxy', status: 502, body: '<h1>Bad gateway</h1>' },
    { trouble: 'does not know this client', status: 401, body: '{"error":"invalid_client"}' },
    { trouble: 'answers nonsense', status: 200, body: '{"access_token":7}' },
    { trouble: 'answers too much', status: 200, body: `{"x":"${'x'.repeat(300_000)}"}` },
    {
      trouble: 'gives a token without identities',
      status: 200,
      body: '{"access_token":"e30.e30.A","token_type":"Bearer","expires_in":9}',
    },
  ];

  it.each(troubles)('[X.3.2.3-2] waits, and the session stays, while the WAF $trouble', async ({ status, body }) => {
    await signIn(alwaysRenew);
    waf.tokenFailure = { status, body };
    const answer = await askToken();
    expect([answer.status, answer.json()]).toEqual([503, { error: 'waf_unavailable' }]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    waf.tokenFailure = undefined;
    expect((await askToken()).status).toBe(200);
  });

  it('[X.3.2.3-2] waits, and the session stays, while the WAF is down', async () => {
    await signIn(alwaysRenew);
    const { port } = waf;
    await waf.stop();
    expect((await askToken()).status).toBe(503);
    expect(await isSignedIn()).toBe(true);
    waf = await site.startWaf(port);
    // This WAF has forgotten all grants.
    expect((await askToken()).status).toBe(401);
  });

  it('[RFC 6749 10.12] survives a restart of the WWSF', async () => {
    await signIn();
    const before = (await askToken()).json().access_token;
    await wwsf?.stop();
    wwsf = await site.startWwsf(waf.issuer);
    expect((await askToken()).json().access_token).toBe(before);
    await wwsf.stop();
    wwsf = await site.startWwsf(waf.issuer, alwaysRenew);
    const after = await askToken();
    expect([after.status, after.json().access_token === before]).toEqual([200, false]);
  });

  it('[operation] is still handed out when the WWSF is told to stop meanwhile', async () => {
    await signIn(alwaysRenew);
    let open = (): void => undefined;
    waf.tokenGate = new Promise((resolve) => {
      open = resolve;
    });
    const answer = askToken();
    await expect.poll(() => waf.tokenRequests()).toBe(2);
    const stopped = wwsf?.stop();
    open();
    expect((await answer).status).toBe(200);
    await stopped;
    wwsf = await site.startWwsf(waf.issuer, alwaysRenew);
    expect((await askToken()).status).toBe(200);
  });

  it('[RFC 6750 5.3] lies in files that show neither tokens nor identities nor ids', async () => {
    await signIn();
    const { access_token: accessToken } = (await askToken()).json();
    const folder = join(site.folder, 'state');
    const files = readdirSync(folder);
    expect(files).toEqual(expect.arrayContaining(['sealing.key', 'wwsf.sqlite']));
    for (const file of files) {
      const path = join(folder, file);
      expect([file, (statSync(path).mode & 0o777).toString(8)]).toEqual([file, '600']);
      const content = readFileSync(path).toString('latin1');
      for (const secret of [...browser.cookies.values(), String(accessToken), 'alice']) {
        expect(content.includes(secret)).toBe(false);
      }
    }
  });
});

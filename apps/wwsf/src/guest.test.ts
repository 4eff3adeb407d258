import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import type { TestWaf } from './testing/test-waf.ts';
import { createSite, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

const pool = { WWSF_POOL: 'guest-01..03@ims.example', WWSF_POOL_COOL_DOWN_SECONDS: '1' };
const refreshAlways = { WWSF_TOKEN_REFRESH_SECONDS: '301' };

describe('guests', () => {
  let site: Site;
  let waf: TestWaf;
  let wwsf: StartedWwsf | undefined;
  let browser: TestBrowser;

  beforeEach(async () => {
    site = await createSite();
    waf = await site.startWaf();
    for (const number of ['01', '02', '03']) waf.granted.add(`guest-${number}@ims.example`);
    browser = site.openBrowser();
  });

  afterEach(async () => {
    await wwsf?.stop();
    wwsf = undefined;
    await waf.stop();
    site.remove();
  });

  const startWwsf = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    wwsf = await site.startWwsf(waf.issuer, { ...pool, ...settings });
  };
  const ask = (who = browser, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    who.fetch(`${site.origin}/guest`, { method: 'POST', headers: { 'x-requested-by': 'wic', ...headers } });
  const session = async (who = browser): Promise<Record<string, unknown>> =>
    (await who.fetch(`${site.origin}/session`)).json();
  const post = async (path: string, who = browser): Promise<Answer> => {
    const headers = { 'x-csrf-token': String((await session(who)).csrfToken) };
    return who.fetch(`${site.origin}${path}`, { method: 'POST', headers });
  };
  const token = (who = browser): Promise<Answer> => who.fetch(`${site.origin}/token`);
  const readMetrics = async (): Promise<string> => (await wwsf?.operations.metrics.metrics()) ?? '';

  it('[X.4.2.1] [X.4.2.3-0] [WWSF 4] anonymous, get a pair of the pool for themselves, and a token for it', async () => {
    await startWwsf();
    const other = site.openBrowser();
    const answer = await ask();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(answer.setCookies).toEqual([expect.stringMatching(/^__Host-wwsf-\d+-session=[\w-]{43}; Max-Age=86400; /)]);
    expect((await ask(other)).status).toBe(201);
    const [mine, theirs] = [await session(), await session(other)];
    expect(mine).toEqual({
      signedIn: true,
      kind: 'guest',
      displayName: 'Guest',
      impi: 'guest-01@ims.example',
      impu: 'sip:guest-01@ims.example',
      impus: ['sip:guest-01@ims.example'],
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(theirs.impi).toBe('guest-02@ims.example');
    expect(await readMetrics()).toContain('wwsf_pool_pairs{state="leased"} 2');
    expect(await readMetrics()).toContain('wwsf_pool_pairs{state="free"} 1');
  });

  it('[X.4.2.3-1] [WWSF 3] [WWSF 5] are handed the token of client credentials, which names their identities', async () => {
    await startWwsf();
    await ask();
    const { access_token: accessToken, expires_in: expiresIn } = (await token()).json();
    expect(decodeJwt(String(accessToken))).toMatchObject({
      client_id: 'wwsf.ims.example',
      sub: 'wwsf.ims.example',
      impi: 'guest-01@ims.example',
      impu: ['sip:guest-01@ims.example'],
      scope: 'webrtc-ims-client-access-to-ims',
    });
    expect(expiresIn).toBeGreaterThan(290);
    expect((await token()).json().access_token).toBe(accessToken);
    expect(waf.tokenRequests()).toBe(1);
  });

  it('[X.4.2.3-0] [WWSF 3] get a new token by client credentials before theirs expires', async () => {
    await startWwsf(refreshAlways);
    await ask();
    const [one, other] = [(await token()).json().access_token, (await token()).json().access_token];
    expect(one).not.toBe(other);
    expect(decodeJwt(String(other)).impi).toBe('guest-01@ims.example');
  });

  it('[X.4.2.1] [WWSF 4] who ask at the same time get different pairs, and the rest is told that there are no more', async () => {
    await startWwsf();
    const many = Array.from({ length: 8 }, () => site.openBrowser());
    const answers = await Promise.all(many.map((one) => ask(one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 503, 503, 503, 503, 503]);
    const sessions = await Promise.all(many.map((one) => session(one)));
    const impis = sessions.filter(({ signedIn }) => signedIn).map(({ impi }) => impi);
    expect(new Set(impis).size).toBe(3);
    const refused = answers.find(({ status }) => status === 503);
    expect([refused?.json(), refused?.setCookies]).toEqual([{ error: 'pool_exhausted' }, []]);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await readMetrics()).toContain('wwsf_guests_total{outcome="exhausted"} 5');
  });

  it('[X.4.2.1] [RFC 7009 2] a token that comes after the sign-out reaches no page and is revoked', async () => {
    await startWwsf(refreshAlways);
    await ask();
    let open = (): void => undefined;
    waf.tokenGate = new Promise((resolve) => {
      open = resolve;
    });
    const renewal = token();
    await expect.poll(() => waf.tokenRequests()).toBe(2);
    await post('/sign-out');
    expect(waf.revoked).toHaveLength(1);
    open();
    expect((await renewal).status).toBe(401);
    expect(waf.revoked).toHaveLength(2);
  });

  it('[X.4.2.1] a browser that asks twice keeps what it has', async () => {
    await startWwsf();
    await ask();
    const { impi } = await session();
    expect((await ask()).status).toBe(201);
    expect((await session()).impi).toBe(impi);
    expect(await readMetrics()).toContain('wwsf_pool_pairs{state="leased"} 1');
  });

  it('[X.4.2.1] a signed-in user is no guest', async () => {
    await startWwsf();
    await browser.follow(`${site.origin}/sign-in`);
    const answer = await ask();
    expect([answer.status, answer.json()]).toEqual([409, { error: 'signed_in' }]);
    expect((await session()).kind).toBe('user');
  });

  it('[X.4.2.1] [RFC 7009 2] at sign-out every token of theirs is revoked, then the pair cools down, then it is free', async () => {
    await startWwsf({ ...refreshAlways, WWSF_POOL: 'guest-01..01@ims.example' });
    await ask();
    const given = [(await token()).json().access_token, (await token()).json().access_token];
    const signedOut = await post('/sign-out');
    expect([signedOut.status, signedOut.json()]).toEqual([200, { location: '/' }]);
    for (const one of given) expect(waf.revoked).toContain(decodeJwt(String(one)).jti);
    expect(waf.revoked).toHaveLength(3);
    expect(await session()).toEqual({ signedIn: false });
    expect((await token()).status).toBe(401);
    const early = await ask();
    expect([early.status, early.json()]).toEqual([503, { error: 'pool_exhausted' }]);
    await expect.poll(async () => (await ask()).status, { timeout: 5_000 }).toBe(201);
    expect((await session()).impi).toBe('guest-01@ims.example');
  });

  it('[X.4.2.1] a page that renews keeps its lease; one that was closed loses it, and its token is revoked', async () => {
    await startWwsf({ WWSF_POOL_LEASE_SECONDS: '2' });
    const closed = site.openBrowser();
    await ask(closed);
    await ask();
    const { csrfToken } = await session();
    const renew = (): Promise<Answer> =>
      browser.fetch(`${site.origin}/guest/renewal`, { method: 'POST', headers: { 'x-csrf-token': String(csrfToken) } });
    await expect
      .poll(async () => [(await renew()).status, waf.revoked.length], { timeout: 10_000, interval: 100 })
      .toEqual([204, 1]);
    expect((await session(closed)).signedIn).toBe(false);
    expect((await session()).impi).toBe('guest-02@ims.example');
    await expect.poll(() => waf.revoked.length, { timeout: 10_000 }).toBe(2);
    const late = await renew();
    expect([late.status, late.json()]).toEqual([401, { error: 'not_signed_in' }]);
  });

  it('[X.4.2.1] while the WAF cannot revoke, nobody else gets the pair; when it can again, it is returned', async () => {
    await startWwsf({ WWSF_POOL: 'guest-01..01@ims.example' });
    await ask();
    waf.revocationFailure = { status: 503, body: '{"error":"temporarily_unavailable"}' };
    expect((await post('/sign-out')).status).toBe(200);
    expect((await session()).signedIn).toBe(false);
    expect((await ask()).status).toBe(503);
    expect(await readMetrics()).toContain('wwsf_pool_pairs{state="cooling"} 1');

    await wwsf?.stop();
    await startWwsf({ WWSF_POOL: 'guest-01..01@ims.example' });
    expect((await ask()).json()).toEqual({ error: 'pool_exhausted' });
    expect(waf.revoked).toHaveLength(0);
    waf.revocationFailure = undefined;
    await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(201);
    expect(waf.revoked).toHaveLength(1);
  });

  it('[X.4.2.1] a restart forgets no guest', async () => {
    await startWwsf();
    await ask();
    const before = await session();
    await wwsf?.stop();
    await startWwsf();
    expect(await session()).toEqual(before);
    expect((await post('/guest/renewal')).status).toBe(204);
    const other = site.openBrowser();
    await ask(other);
    expect((await session(other)).impi).toBe('guest-02@ims.example');
  });

  it.each([
    { setting: 'WWSF_GUESTS_PER_ADDRESS', meaning: 'holds' },
    { setting: 'WWSF_GUEST_STARTS_PER_ADDRESS', meaning: 'asks for' },
  ])('[X.4.2.1] one address that $meaning too many is refused, others are served', async ({ setting }) => {
    await startWwsf({ [setting]: '2', WWSF_TRUSTED_PROXIES: '127.0.0.1,::1' });
    const statuses: number[] = [];
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      const answer = await ask(site.openBrowser(), { 'x-forwarded-for': address });
      statuses.push(answer.status);
      if (answer.status !== 429) continue;
      expect(answer.json()).toEqual({ error: 'too_many_guests' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([201, 201, 429, 201]);
  });

  const foreign = [
    { from: 'another site', headers: { 'sec-fetch-site': 'cross-site' } },
    { from: 'another port of this host', headers: { 'sec-fetch-site': 'same-site' } },
    { from: 'a foreign Origin', headers: { origin: 'https://localhost:1' } },
    { from: 'a form', headers: { 'x-requested-by': '' } },
  ];

  it.each(foreign)('[RFC 6749 10.12] nobody is made a guest from $from', async ({ headers }) => {
    await startWwsf();
    const answer = await ask(browser, headers);
    expect([answer.status, answer.json()]).toEqual([403, { error: 'cross_site' }]);
    expect(waf.tokenRequests()).toBe(0);
  });

  it('[RFC 6749 10.12] a renewal needs the CSRF token of the session', async () => {
    await startWwsf();
    await ask();
    const answer = await browser.fetch(`${site.origin}/guest/renewal`, { method: 'POST' });
    expect([answer.status, answer.json()]).toEqual([403, { error: 'csrf_token' }]);
    expect((await site.openBrowser().fetch(`${site.origin}/guest/renewal`, { method: 'POST' })).status).toBe(401);
  });

  it('[REQ 3.2] a pool that is not this WWSF’s at the WAF serves nobody, and an operator is told', async () => {
    await startWwsf();
    waf.granted.clear();
    const answer = await ask();
    expect([answer.status, answer.json()]).toEqual([503, { error: 'waf_unavailable' }]);
    expect(wwsf?.log.join('')).toContain('"event":"waf.disagrees"');
    expect(await readMetrics()).toContain('wwsf_pool_pairs{state="free"} 3');
    for (const number of ['01', '02', '03']) waf.granted.add(`guest-${number}@ims.example`);
    expect((await ask()).status).toBe(201);
  });

  it('[REQ 3.1] a token for other identities than the leased ones reaches no browser', async () => {
    await startWwsf();
    const payload = { iss: waf.issuer, sub: 'x', impi: 'alice@ims.example', impu: ['sip:alice@ims.example'] };
    const jwt = `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.AAAA`;
    const body = JSON.stringify({ access_token: jwt, token_type: 'Bearer', expires_in: 300 });
    waf.tokenFailure = { status: 200, body };
    expect((await ask()).status).toBe(503);
    expect((await session()).signedIn).toBe(false);
  });

  it('[X.4.2.3-0] the session ends and the pair returns when the WAF takes the pool away', async () => {
    await startWwsf(refreshAlways);
    await ask();
    waf.granted.clear();
    expect((await token()).status).toBe(401);
    expect((await session()).signedIn).toBe(false);
    expect(waf.revoked).toHaveLength(1);
  });

  it('[X.4.2.1] an open range gives each guest an identity that nobody had before', async () => {
    await startWwsf({ WWSF_POOL: 'guest-*@ims.example' });
    const add = waf.granted.add.bind(waf.granted);
    const seen = new Set<unknown>();
    waf.granted.has = (impi) => /^guest-[\da-f]{24}@ims\.example$/.test(impi) && add(impi) !== undefined;
    for (let round = 0; round < 3; round += 1) {
      expect((await ask()).status).toBe(201);
      seen.add((await session()).impi);
      await post('/sign-out');
    }
    expect(seen.size).toBe(3);
  });

  it('[RFC 6750 5.3] their tokens and addresses stand in no file and no line of the log', async () => {
    await startWwsf({ WWSF_TRUSTED_PROXIES: '127.0.0.1,::1' });
    await ask(browser, { 'x-forwarded-for': '192.0.2.77' });
    const secrets = [String((await token()).json().access_token), ...browser.cookies.values(), '192.0.2.77'];
    const folder = join(site.folder, 'state');
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString('latin1'));
    for (const text of [...texts, wwsf?.log.join('') ?? '']) {
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    }
    expect(wwsf?.log.join('')).not.toContain('guest-01');
  });
});

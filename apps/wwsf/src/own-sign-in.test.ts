import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Account, createAccount } from './accounts/account.ts';
import { writeAccountsFile } from './accounts/accounts-file.ts';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import type { TestWaf } from './testing/test-waf.ts';
import { createSite, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

const refreshAlways = { WWSF_TOKEN_REFRESH_SECONDS: '301' };

describe('signing in at the WWSF itself', () => {
  let site: Site;
  let waf: TestWaf;
  let wwsf: StartedWwsf | undefined;
  let browser: TestBrowser;
  let accountsFile: string;
  let alice: Account;
  let zoe: Account;

  beforeAll(async () => {
    const own = { impi: 'alice@ims.example', impus: ['sip:alice@ims.example', 'tel:+15550100'] };
    alice = await createAccount({ username: 'Alice', displayName: 'Alice <A>', password: 'alice-demo', ...own });
    const none = { impi: undefined, impus: [] };
    zoe = await createAccount({ username: 'zoe', displayName: 'Zoe', password: 'zoe-demo-1', ...none });
  });

  beforeEach(async () => {
    site = await createSite();
    waf = await site.startWaf();
    waf.granted.add('alice@ims.example');
    waf.granted.add('guest-1@ims.example');
    accountsFile = join(site.folder, 'accounts.json');
    writeAccountsFile(accountsFile, [alice, zoe]);
    browser = site.openBrowser();
  });

  afterEach(async () => {
    await wwsf?.stop();
    wwsf = undefined;
    await waf.stop();
    site.remove();
  });

  const startWwsf = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    wwsf = await site.startWwsf(waf.issuer, {
      WWSF_SIGN_IN: 'own',
      WWSF_ACCOUNTS_FILE: accountsFile,
      WWSF_POOL: 'guest-1..1@ims.example',
      ...settings,
    });
  };
  const open = (who = browser): Promise<Answer> => who.navigate(`${site.origin}/sign-in`);
  const tokenIn = ({ body }: Answer): string => /name="form_token" value="([\w-]+)"/.exec(body)?.[1] ?? '';
  const submit = (
    form: Readonly<Record<string, string>>,
    { who = browser, headers = {} }: { who?: TestBrowser; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> =>
    who.ask(`${site.origin}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams(form).toString(),
      headers: {
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
        // Browsers hide it where the page has no-referrer.
        'origin': 'null',
        'accept': 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
    });
  const signIn = async (username: string, password: string, who = browser): Promise<Answer> =>
    submit({ form_token: tokenIn(await open(who)), username, password }, { who });
  const session = async (who = browser): Promise<Record<string, unknown>> =>
    (await who.fetch(`${site.origin}/session`)).json();
  const token = (who = browser): Promise<Answer> => who.fetch(`${site.origin}/token`);
  const signOut = async (): Promise<Answer> => {
    const headers = { 'x-csrf-token': String((await session()).csrfToken) };
    return browser.fetch(`${site.origin}/sign-out`, { method: 'POST', headers });
  };

  it('[X.3.2.3-0] [REQ 2.0] [REQ 2.5] [WWSF 2] maps the web identity to IMPI and IMPUs', async () => {
    await startWwsf();
    const answer = await signIn('ALICE', 'alice-demo');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(await session()).toEqual({
      signedIn: true,
      kind: 'user',
      displayName: 'Alice <A>',
      impi: 'alice@ims.example',
      impu: 'sip:alice@ims.example',
      impus: ['sip:alice@ims.example', 'tel:+15550100'],
      csrfToken: expect.any(String),
    });
  });

  it('[X.3.2.3-0] [X.3.2.3-1] [WWSF 3] [WWSF 5] hands on a token of client credentials, and a new one in time', async () => {
    await startWwsf(refreshAlways);
    await signIn('alice', 'alice-demo');
    const [one, other] = [(await token()).json(), (await token()).json()];
    expect(one.access_token).not.toBe(other.access_token);
    expect(decodeJwt(String(one.access_token))).toMatchObject({
      client_id: 'wwsf.ims.example',
      impi: 'alice@ims.example',
      impu: ['sip:alice@ims.example', 'tel:+15550100'],
      scope: 'webrtc-ims-client-access-to-ims',
    });
  });

  it('[X.3.2.3-0.1] [WWSF 2] authenticates the user by password first, then asks for the token in its own name', async () => {
    await startWwsf();
    await open();
    expect((await token()).status).toBe(401);
    expect(waf.tokenRequests()).toBe(0);
    expect((await signIn('alice', 'alice-demo')).status).toBe(303);
    const { access_token } = (await token()).json();
    expect(waf.tokenRequests()).toBe(1);
    expect(decodeJwt(String(access_token))).toMatchObject({
      client_id: 'wwsf.ims.example',
      impi: 'alice@ims.example',
    });
  });

  it('[RFC 7009 2] revokes every token that the page was given, at sign-out', async () => {
    await startWwsf(refreshAlways);
    await signIn('alice', 'alice-demo');
    const { access_token: one } = (await token()).json();
    const answer = await signOut();
    expect([answer.status, answer.json()]).toEqual([200, { location: '/' }]);
    expect(waf.revoked).toHaveLength(2);
    expect(waf.revoked).toContain(decodeJwt(String(one)).jti);
    expect((await session()).signedIn).toBe(false);
  });

  it('[RFC 7009 2] a new sign-in ends the session before it, and its tokens', async () => {
    await startWwsf();
    await signIn('alice', 'alice-demo');
    await signIn('alice', 'alice-demo');
    expect(waf.revoked).toHaveLength(1);
    expect((await token()).status).toBe(200);
  });

  it('[X.4.2.1] [WWSF 4] a user without an IMPI gets a pair of the pool, which returns at sign-out', async () => {
    await startWwsf({ WWSF_POOL_COOL_DOWN_SECONDS: '1', WWSF_POOL_LEASE_SECONDS: '1' });
    await signIn('zoe', 'zoe-demo-1');
    expect(await session()).toMatchObject({ kind: 'user', displayName: 'Zoe', impi: 'guest-1@ims.example' });
    const { access_token: accessToken } = (await token()).json();
    expect(Buffer.from(String(accessToken).split('.')[1] ?? '', 'base64url').toString()).not.toContain('zoe');
    const other = site.openBrowser();
    const exhausted = await signIn('zoe', 'zoe-demo-1', other);
    expect([exhausted.status, exhausted.body]).toEqual([503, expect.stringContaining('numbers are in use')]);
    expect(Number(exhausted.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signOut()).status).toBe(200);
    expect(waf.revoked).toHaveLength(1);
    await expect.poll(async () => (await signIn('zoe', 'zoe-demo-1', other)).status, { timeout: 10_000 }).toBe(303);
  });

  it('[X.4.2.1] one user takes no more of the pool than one address may', async () => {
    await startWwsf({ WWSF_GUESTS_PER_ADDRESS: '1', WWSF_POOL: 'guest-1..9@ims.example' });
    expect((await signIn('zoe', 'zoe-demo-1')).status).toBe(303);
    const answer = await signIn('zoe', 'zoe-demo-1', site.openBrowser());
    expect([answer.status, answer.body]).toEqual([429, expect.stringContaining('too many browsers')]);
  });

  it('[REQ 2.1] without a grant of the subscriber, says what to do and where', async () => {
    await startWwsf();
    waf.granted.delete('alice@ims.example');
    const answer = await signIn('alice', 'alice-demo');
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('<h1>Allow this telephone first</h1>');
    expect(answer.body).toContain(`href="${waf.issuer}/grants/new?client_id=wwsf.ims.example"`);
    expect((await session()).signedIn).toBe(false);
    waf.granted.add('alice@ims.example');
    expect((await signIn('alice', 'alice-demo')).status).toBe(303);
  });

  it('[REQ 2.1] ends the session when the grant is withdrawn, and says where to give it again', async () => {
    await startWwsf(refreshAlways);
    await signIn('alice', 'alice-demo');
    waf.granted.clear();
    const answer = await token();
    const location = `${waf.issuer}/grants/new?client_id=wwsf.ims.example`;
    expect([answer.status, answer.json()]).toEqual([401, { error: 'not_granted', location }]);
    expect((await session()).signedIn).toBe(false);
  });

  it('[X.3.2.3-0] gives no token any more to an account that is gone', async () => {
    await startWwsf(refreshAlways);
    await signIn('alice', 'alice-demo');
    writeAccountsFile(accountsFile, [zoe]);
    expect((await token()).status).toBe(401);
    expect((await signIn('alice', 'alice-demo')).status).toBe(422);
  });

  it('[operation] goes on with the accounts it has while their file is broken, and tells an operator', async () => {
    await startWwsf();
    writeFileSync(accountsFile, '{"hunter2":');
    expect((await signIn('alice', 'alice-demo')).status).toBe(303);
    expect(wwsf?.log.join('')).toContain('accounts.unreadable');
    expect(wwsf?.log.join('')).not.toContain('hunter2');
  });

  it.each([
    ['alice', 'wrong-password'],
    ['nobody', 'alice-demo'],
    ['alice', ''],
    ['alice', 'x'.repeat(300)],
    ['constructor', 'alice-demo'],
  ])('[X.3.2.3-0] refuses %s with a wrong password in the same words', async (username, password) => {
    await startWwsf();
    const answer = await signIn(username, password);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('The user name or the password is not right.');
    expect(answer.setCookies.join()).not.toContain('-session=');
    expect(waf.tokenRequests()).toBe(0);
  });

  it('[X.3.2.3-0] limits failures of an account, without harm to other accounts or to a browser it knows', async () => {
    await startWwsf({ WWSF_LOGIN_FAILURES_PER_ACCOUNT: '2', WWSF_LOGIN_FAILURES_OF_STRANGERS: '2' });
    await signIn('alice', 'alice-demo');
    await signOut();
    const stranger = site.openBrowser();
    for (let round = 0; round < 2; round += 1) expect((await signIn('alice', 'wrong', stranger)).status).toBe(422);
    const limited = await signIn('alice', 'alice-demo', stranger);
    expect([limited.status, limited.body]).toEqual([429, expect.stringContaining('Try again in 15 minutes')]);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await signIn('alice', 'alice-demo')).status).toBe(303);
    expect((await signIn('zoe', 'zoe-demo-1', stranger)).status).toBe(303);
    await wwsf?.stop();
    await startWwsf({ WWSF_LOGIN_FAILURES_PER_ACCOUNT: '2', WWSF_LOGIN_FAILURES_OF_STRANGERS: '2' });
    expect((await signIn('alice', 'alice-demo', stranger)).status).toBe(429);
  });

  it('[X.3.2.3-0] limits failures of an address, whatever names it tries', async () => {
    await startWwsf({ WWSF_LOGIN_FAILURES_PER_ADDRESS: '2' });
    const statuses: number[] = [];
    for (const name of ['a', 'b', 'c', 'alice']) statuses.push((await signIn(name, 'wrong-password')).status);
    expect(statuses).toEqual([422, 422, 429, 429]);
  });

  it('[RFC 6749 10.12] takes the form of its own page in the same browser only', async () => {
    await startWwsf();
    const form = { form_token: tokenIn(await open()), username: 'alice', password: 'alice-demo' };
    const stranger = site.openBrowser();
    const foreign = { ...form, form_token: tokenIn(await open(stranger)) };
    const faults: readonly [number, Promise<Answer>][] = [
      [403, submit({ ...form, form_token: 'A'.repeat(43) })],
      [403, submit(foreign)],
      [403, submit(form, { who: site.openBrowser() })],
      [403, submit(form, { headers: { 'sec-fetch-site': 'cross-site' } })],
      [403, submit(form, { headers: { 'sec-fetch-site': 'same-site' } })],
      [403, submit(form, { headers: { origin: 'https://localhost:1' } })],
      [400, submit({ username: 'alice', password: 'alice-demo' })],
      [400, submit({ form_token: form.form_token, username: 'alice' })],
      [400, submit(form, { headers: { 'content-type': 'application/json' } })],
      [413, submit({ ...form, more: 'x'.repeat(5_000) })],
    ];
    for (const [status, answer] of faults) expect((await answer).status).toBe(status);
    expect(waf.tokenRequests()).toBe(0);
    const expired = await submit(form, { who: site.openBrowser() });
    expect(expired.body).toContain('This page was open for too long.');
    expect((await submit(form, { headers: { origin: site.origin } })).status).toBe(303);
  });

  it('[X.3.2.3-0] shows a page that runs no script, is in no frame, and escapes what was typed', async () => {
    await startWwsf();
    const page = await signIn('"><script>', 'wrong-password');
    expect(page.body).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.body).not.toContain('wrong-password');
    const framed = await browser.ask(`${site.origin}/sign-in`, { headers: { 'sec-fetch-dest': 'iframe' } });
    expect(framed.status).toBe(403);
  });

  it('[X.3.2.3-0] says so while the WAF cannot be reached', async () => {
    await startWwsf();
    waf.tokenFailure = { status: 503, body: '{"error":"temporarily_unavailable"}' };
    const answer = await signIn('alice', 'alice-demo');
    expect([answer.status, answer.body]).toEqual([503, expect.stringContaining('cannot be reached now')]);
    expect((await session()).signedIn).toBe(false);
  });

  it('[RFC 6750 5.3] writes no password, name, token or identity to log or state', async () => {
    await startWwsf();
    await signIn('alice', 'wrong-password-of-alice');
    await signIn('alice', 'alice-demo');
    const { access_token: accessToken } = (await token()).json();
    const state = readFileSync(join(site.folder, 'state', 'wwsf.sqlite')).toString('latin1');
    const secrets = ['wrong-password-of-alice', 'alice', ...browser.cookies.values(), String(accessToken)];
    for (const secret of secrets)
      for (const text of [state, wwsf?.log.join('') ?? '']) expect(text).not.toContain(secret);
  });

  it.each([
    { fault: 'no file', settings: { WWSF_ACCOUNTS_FILE: undefined } },
    { fault: 'a file that is none of accounts', content: '{"accounts":[{"username":"alice"}]}' },
    { fault: 'one name twice', content: () => JSON.stringify({ accounts: [alice, alice] }) },
  ])('[operation] does not start with $fault', async ({ settings, content }) => {
    if (content !== undefined) writeFileSync(accountsFile, typeof content === 'string' ? content : content());
    const started = startWwsf(settings as unknown as Record<string, string>);
    await expect(started).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' });
    await expect(started).rejects.toThrow('WWSF_ACCOUNTS_FILE');
  });
});

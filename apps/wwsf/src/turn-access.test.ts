import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAsRsKeys, readTurnAccessToken, turnPassword } from '@wicgate/turn-credentials';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RealWaf, startRealWaf } from './testing/real-waf.ts';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import type { TestWaf } from './testing/test-waf.ts';
import { createSite, findFreePort, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

const serverName = 'turn.ims.example';
const turnSecret = 'the-key-of-the-turn-servers-of-this-test';
const keysText = JSON.stringify([{ kid: 'k-1', algorithm: 'A256GCM', key: Buffer.alloc(32, 5).toString('base64') }]);
const uris = ['turn:127.0.0.1:8450?transport=udp', 'turn:127.0.0.1:8450?transport=tcp'];
const withTurn = {
  WWSF_TURN_ACCESS: 'true',
  WWSF_TURN_SECRET: turnSecret,
  WWSF_TURN_TOKEN_AUDIENCE: 'https://ep-cscf.ims.example',
  WWSF_POOL: 'guest-1..9@ims.example',
};

type Settings = Readonly<Record<string, string>>;

let site: Site;
let stopWaf: () => Promise<void>;
let wwsf: StartedWwsf;
let browser: TestBrowser;

beforeEach(async () => {
  site = await createSite();
  browser = site.openBrowser();
});

afterEach(async () => {
  await wwsf.stop();
  await stopWaf();
  site.remove();
});

async function startBoth(
  wafSettings: Settings = {},
  settings: Readonly<Record<string, string | undefined>> = {},
): Promise<RealWaf> {
  const keysFile = join(site.folder, 'turn-keys.json');
  writeFileSync(keysFile, keysText);
  const waf = await startRealWaf(site, {
    WAF_WWSF_POOL: 'guest-*@ims.example',
    WAF_WWSF_TURN: 'true',
    WAF_TURN_KEYS_FILE: keysFile,
    WAF_TURN_SERVER_NAME: serverName,
    ...wafSettings,
  });
  stopWaf = waf.stop;
  wwsf = await site.startWwsf(waf.issuer, { ...withTurn, ...settings });
  return waf;
}

async function startWithTestWaf(settings: Settings = {}): Promise<TestWaf> {
  const waf = await site.startWaf();
  stopWaf = waf.stop;
  wwsf = await site.startWwsf(waf.issuer, { ...withTurn, ...settings });
  await browser.follow(`${site.origin}/sign-in`);
  return waf;
}

async function becomeGuest(who = browser): Promise<void> {
  const answer = await who.fetch(`${site.origin}/guest`, { method: 'POST', headers: { 'x-requested-by': 'wic' } });
  expect(answer.status).toBe(201);
}

async function signOut(): Promise<void> {
  const { csrfToken } = (await browser.fetch(`${site.origin}/session`)).json();
  const headers = { 'x-csrf-token': String(csrfToken) };
  expect((await browser.fetch(`${site.origin}/sign-out`, { method: 'POST', headers })).status).toBe(200);
}

const get = (path: string, headers: Settings = {}, who = browser): Promise<Answer> =>
  who.fetch(`${site.origin}${path}`, { headers });
const bearer = (token: unknown): Settings => ({ authorization: `Bearer ${token}` });
const tokenOf = async (): Promise<string> => String((await get('/token')).json().access_token);

describe('GET /turn-access', () => {
  it('[X.5.3.2-2] [X.5.3.2-3] [X.5.3.2-6] [WWSF 7] relays token, session key and kid of the WAF to a page with a session', async () => {
    await startBoth();
    await becomeGuest();
    const answer = await get('/turn-access');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const relayed = answer.json();
    expect(relayed).toEqual({
      access_token: expect.any(String),
      token_type: 'pop',
      expires_in: 3_600,
      kid: 'k-1',
      key: expect.any(String),
      alg: 'HMAC-SHA-1',
      server_name: serverName,
      uris,
    });
    const [asRsKey] = parseAsRsKeys(keysText);
    if (asRsKey === undefined) throw new TypeError('expected a key');
    const token = Buffer.from(String(relayed.access_token), 'base64');
    const { macKey } = readTurnAccessToken(token, { asRsKey, serverName, nowMs: Date.now() });
    expect(Buffer.from(macKey).toString('base64')).toBe(relayed.key);
    expect(await wwsf.operations.metrics.metrics()).toContain('wwsf_turn_credentials_total{outcome="access token"} 1');
    const log = wwsf.log.join('');
    for (const hidden of [relayed.key, relayed.access_token]) expect(log).not.toContain(String(hidden));
  });

  it('[X.5.3.2-4] [REQ 2.0] [WWSF 6] is asked for by certificate, at the endpoint for it', async () => {
    const name = 'wwsf.ims.example';
    const { certFile, keyFile } = await site.authority.certificate('client', [name]);
    await startBoth(
      {
        WAF_WWSF_AUTH_METHOD: 'tls_client_auth',
        WAF_WWSF_TLS_SAN_DNS: name,
        WAF_MTLS_PORT: String(await findFreePort()),
        WAF_MTLS_CA_FILE: site.caFile,
      },
      {
        WWSF_CLIENT_AUTH_METHOD: 'tls_client_auth',
        WWSF_CLIENT_TLS_CERT_FILE: certFile,
        WWSF_CLIENT_TLS_KEY_FILE: keyFile,
      },
    );
    await becomeGuest();
    expect((await get('/turn-access')).json().token_type).toBe('pop');
  });

  it('[X.5.3.2-4] [REQ 2.0] [WWSF 6] is asked for with a signed assertion', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [keyFile, jwksFile] = [join(site.folder, 'client.key'), join(site.folder, 'client.jwks')];
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(jwksFile, JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }));
    await startBoth(
      { WAF_WWSF_AUTH_METHOD: 'private_key_jwt', WAF_WWSF_JWKS_FILE: jwksFile },
      { WWSF_CLIENT_AUTH_METHOD: 'private_key_jwt', WWSF_CLIENT_KEY_FILE: keyFile },
    );
    await becomeGuest();
    expect((await get('/turn-access')).json().token_type).toBe('pop');
  });

  it('[X.5.3.2-3] [WWSF 7] is refused without a session, from another site, and after signing out', async () => {
    await startBoth();
    expect([(await get('/turn-access')).status, (await get('/turn-access')).json()]).toEqual([
      401,
      { error: 'not_signed_in' },
    ]);
    await becomeGuest();
    for (const from of ['cross-site', 'same-site', 'none']) {
      const answer = await browser.ask(`${site.origin}/turn-access`, { headers: { 'sec-fetch-site': from } });
      expect([answer.status, answer.json()]).toEqual([403, { error: 'cross_site' }]);
    }
    const token = await tokenOf();
    await signOut();
    expect((await get('/turn-access')).status).toBe(401);
    expect((await get('/turn-access', bearer(token))).status).toBe(401);
  });

  it('[X.5.3.2-3] [RFC 6585 4] is refused to a session that asks too often, and not to another', async () => {
    await startBoth({}, { WWSF_TURN_REQUESTS_PER_SESSION: '2' });
    await becomeGuest();
    const statuses: number[] = [];
    for (let round = 0; round < 3; round += 1) statuses.push((await get('/turn-access')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await get('/turn-credential')).headers.get('retry-after')).toBe('60');
    const other = site.openBrowser();
    await becomeGuest(other);
    expect((await get('/turn-access', {}, other)).status).toBe(200);
  });

  it('[X.5.3.2-5] [WWSF 7] says that the WAF gives none, and an operator reads why; the session stays', async () => {
    await startBoth({ WAF_WWSF_TURN: 'false' });
    await becomeGuest();
    const answer = await get('/turn-access');
    expect([answer.status, answer.json()]).toEqual([503, { error: 'waf_unavailable' }]);
    expect(wwsf.log.join('')).toContain('nobody gets a token for TURN');
    expect((await get('/session')).json().signedIn).toBe(true);
  });

  const whole = { access_token: 'AAAA', token_type: 'pop', expires_in: 60, kid: 'k', key: 'AAAA', alg: 'HMAC-SHA-1' };
  it.each([
    { trouble: 'is in trouble', status: 500, body: '{"error":"server_error"}' },
    { trouble: 'shows a page of a proxy', status: 200, body: '<h1>Bad gateway</h1>' },
    { trouble: 'gives a bearer token', status: 200, body: JSON.stringify({ ...whole, token_type: 'Bearer' }) },
    { trouble: 'gives no key', status: 200, body: JSON.stringify({ ...whole, key: undefined }) },
    { trouble: 'gives no base64', status: 200, body: JSON.stringify({ ...whole, access_token: 'hunter2!' }) },
    { trouble: 'answers too much', status: 200, body: `{"x":"${'x'.repeat(300_000)}"}` },
  ])('[X.5.3.2-6] [WWSF 7] relays nothing where the WAF $trouble', async ({ status, body }) => {
    const waf = await startWithTestWaf();
    waf.tokenFailure = { status, body };
    const answer = await get('/turn-access');
    expect([answer.status, answer.json()]).toEqual([503, { error: 'waf_unavailable' }]);
    expect(wwsf.log.join('')).not.toContain('hunter2');
    waf.tokenFailure = { status: 200, body: JSON.stringify(whole) };
    expect((await get('/turn-access')).json()).toEqual({ ...whole, uris });
  });

  it('[X.5.3.2-6] relays nothing while the WAF is down', async () => {
    const waf = await startWithTestWaf();
    await waf.stop();
    stopWaf = async () => undefined;
    expect((await get('/turn-access')).status).toBe(503);
  });

  it('[operation] is not there unless configured, nor is /turn-credential', async () => {
    await startBoth();
    await wwsf.stop();
    wwsf = await site.startWwsf('https://localhost:1', { WWSF_POOL: withTurn.WWSF_POOL });
    expect((await get('/turn-access')).status).toBe(404);
    expect((await get('/turn-credential')).status).toBe(404);
  });
});

describe('GET /turn-credential', () => {
  it('[X.5.2.2-3] gives a session a credential of the key shared with the TURN server, and the same again', async () => {
    await startBoth();
    await becomeGuest();
    const answer = await get('/turn-credential');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { username, password, expires_in: expiresIn, ...more } = answer.json();
    expect(more).toEqual({ uris });
    expect(username).toMatch(/^[a-f][0-9a-f]{23}:\d{10}$/);
    expect(password).toBe(turnPassword(Buffer.from(turnSecret), String(username)));
    expect(expiresIn).toBeGreaterThan(300);
    expect(expiresIn).toBeLessThanOrEqual(600);
    expect((await get('/turn-credential')).json()).toMatchObject({ username, password });
    const other = site.openBrowser();
    await becomeGuest(other);
    expect((await get('/turn-credential', {}, other)).json().username).not.toBe(username);
    expect(wwsf.log.join('')).not.toContain(String(password));
  });

  it('[X.5.2.2-3] is refused without a session, from another site, and after signing out', async () => {
    await startBoth();
    expect((await get('/turn-credential')).json()).toEqual({ error: 'not_signed_in' });
    await becomeGuest();
    const answer = await browser.ask(`${site.origin}/turn-credential`, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(answer.status).toBe(403);
    await signOut();
    expect((await get('/turn-credential')).status).toBe(401);
  });

  it('[X.5.2.2-3] is refused to a session whose grant the WAF has ended', async () => {
    const waf = await startWithTestWaf({ WWSF_TOKEN_REFRESH_SECONDS: '301' });
    expect((await get('/turn-credential')).status).toBe(200);
    waf.tokenFailure = { status: 400, body: '{"error":"invalid_grant"}' };
    expect((await get('/turn-credential')).json()).toEqual({ error: 'not_signed_in' });
  });

  it('[X.5.2.2-3] [RFC 6750 2.1] is given for an access token of the WAF without a session, the same again', async () => {
    await startBoth();
    await becomeGuest();
    const token = await tokenOf();
    const stranger = site.openBrowser();
    const answer = await get('/turn-credential', bearer(token), stranger);
    expect(answer.status).toBe(200);
    const { username, password } = answer.json();
    expect(password).toBe(turnPassword(Buffer.from(turnSecret), String(username)));
    expect((await get('/turn-credential', bearer(token), stranger)).json().username).toBe(username);
  });

  it.each([
    { audience: 'another audience', settings: { WWSF_TURN_TOKEN_AUDIENCE: 'https://ep-cscf.partner.example' } },
    { audience: 'no audience', settings: { WWSF_TURN_TOKEN_AUDIENCE: undefined } },
  ])(
    '[X.5.2.2-3] [RFC 9068 4] is refused for a token, not to a session, where $audience is configured',
    async ({ settings }) => {
      await startBoth({}, settings);
      await becomeGuest();
      const answer = await get('/turn-credential', bearer(await tokenOf()), site.openBrowser());
      expect([answer.status, answer.json()]).toEqual([401, { error: 'invalid_token' }]);
      expect((await get('/turn-credential')).status).toBe(200);
    },
  );

  it('[X.5.2.2-3] [RFC 6750 3.1] is refused for a token that is altered, none, or revoked by signing out', async () => {
    await startBoth();
    await becomeGuest();
    const token = await tokenOf();
    const [head, body = '', signature] = token.split('.');
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...payload, sid: 'another' })).toString('base64url');
    const stranger = site.openBrowser();
    const wrong = [`Bearer ${head}.${changed}.${signature}`, 'Bearer opaque', 'Bearer', 'Basic YTpi', `Token ${token}`];
    for (const authorization of wrong) {
      const answer = await get('/turn-credential', { authorization }, stranger);
      expect([answer.status, answer.json()]).toEqual([401, { error: 'invalid_token' }]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    }
    await signOut();
    expect((await get('/turn-credential', bearer(token), stranger)).status).toBe(401);
    expect(wwsf.log.join('')).not.toContain(token);
  });
});

describe('the TURN servers of a page', () => {
  it('[X.5.3.2] [X.5.2.2] come in an order by weight, so many at a time', async () => {
    const file = join(site.folder, 'servers.json');
    const servers = ['one', 'two', 'three'].map((name) => ({ uris: [`turn:${name}.example`], weight: 1 }));
    writeFileSync(file, JSON.stringify(servers));
    stopWaf = async () => undefined;
    const settings = { WWSF_TURN_URIS: '', WWSF_TURN_SERVERS_FILE: file, WWSF_TURN_SERVERS_AT_ONCE: '2' };
    wwsf = await site.startWwsf(`https://localhost:${await findFreePort()}`, settings);
    const seen = new Set<string>();
    for (let round = 0; round < 60; round += 1) {
      const { turnUris } = (await get('/configuration')).json();
      expect(turnUris).toHaveLength(2);
      seen.add(String(turnUris));
    }
    // Of the six orders, all but surely each has come; three are enough to show that they change.
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });
});

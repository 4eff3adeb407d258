/**
 * What ends tokens before their time reaches the eP-CSCFs, over real sockets.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeJwt, type JSONWebKeySet, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser } from './testing/browser.ts';
import { EpCscfUnderTest, type Heard, type Revoked } from './testing/ep-cscf.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';
import { Wwsf } from './testing/wwsf.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'waf-revocation-'));
const secret = 'another-test-0123456789-0123456789';
const partner = new Wwsf('wwsf.partner.example', secret, 'https://partner.example');
const alice = { impi: 'alice@ims.example', impu: 'sip:alice@ims.example' };
const guest = { impi: 'guest-001@ims.example', impu: 'sip:guest-001@ims.example' };

let waf: WafUnderTest;
let epCscf: EpCscfUnderTest;
let other: EpCscfUnderTest;
let browser: Browser;

beforeAll(async () => {
  [epCscf, other] = [await EpCscfUnderTest.start(), await EpCscfUnderTest.start()];
  const file = join(folder, 'clients.json');
  const client = { client_id: partner.clientId, client_secret: secret, client_name: 'Partner' };
  writeFileSync(file, JSON.stringify([{ ...client, grant_types: ['client_credentials'] }]));
  waf = await WafUnderTest.start({
    WAF_CLIENTS_FILE: file,
    WAF_WWSF_POOL: 'guest-*@ims.example',
    WAF_REVOCATION_ENDPOINTS: `${epCscf.endpoint}, ${other.endpoint}`,
  });
  browser = waf.browser();
  const keys = async (): Promise<JSONWebKeySet> =>
    JSON.parse((await waf.browser().send('/jwks', { headers: { accept: 'application/json' } })).body);
  for (const listener of [epCscf, other]) listener.trust(keys);
});

afterAll(async () => {
  await waf.stop();
  await Promise.all([epCscf.stop(), other.stop()]);
  rmSync(folder, { recursive: true });
});

/** Both eP-CSCFs hear of it. */
async function expectRevoked(isIt: (revoked: Revoked) => boolean, end: () => Promise<unknown>): Promise<Heard> {
  await end();
  const [heard] = await Promise.all([epCscf.hears(isIt), other.hears(isIt)]);
  return heard;
}

const bySid =
  ({ sid }: JWTPayload) =>
  (revoked: Revoked) =>
    revoked.sid === sid;
const byJti =
  ({ jti }: JWTPayload) =>
  (revoked: Revoked) =>
    revoked.jti === jti;

async function signedIn(username = 'alice') {
  const own = waf.browser();
  const tokens = await waf.tokens(own, username);
  return { own, tokens, claims: decodeJwt(tokens.access_token) };
}

async function credentials(client: Wwsf, form: Readonly<Record<string, string>>) {
  const token = (await client.credentials(browser, form)).json.access_token ?? '';
  return { token, claims: decodeJwt(token) };
}

describe('Revocation of what came of a sign-in', () => {
  it('[REQ 2.2] [WAF 7] follows a sign-out, signed by the WAF and until such tokens have expired', async () => {
    const { own, tokens, claims } = await signedIn();
    const query = new URLSearchParams({ id_token_hint: tokens.id_token });
    const page = await own.open(`/session/end?${query}`, { headers: { 'sec-fetch-site': 'same-site' } });
    const heard = await expectRevoked(bySid(claims), () => own.submit(page, {}));
    expect(heard.body.exp).toBeGreaterThanOrEqual(claims.exp ?? 0);
    expect(heard.claims).toMatchObject({
      iss: waf.issuer,
      aud: 'https://ep-cscf.ims.example',
      jti: expect.any(String),
    });
    expect((heard.claims.exp ?? 0) - (heard.claims.iat ?? 0)).toBeLessThanOrEqual(60);
  });

  it('[RFC 7009 2.1] [WAF 7] follows a revoked refresh token; the next sign-in has another sid', async () => {
    const { own, tokens, claims } = await signedIn();
    await expectRevoked(bySid(claims), () => waf.wwsf.revoke(own, tokens.refresh_token));
    const again = await waf.wwsf.exchange(own, await own.open(waf.wwsf.authorizationPath()));
    expect(decodeJwt(again.json.access_token ?? '').sid).not.toBe(claims.sid);
  });

  it('[RFC 7009 2.1] [WAF 7] follows a revoked access token, for this token alone', async () => {
    const { own, tokens, claims } = await signedIn();
    await expectRevoked(byJti(claims), () => waf.wwsf.revoke(own, tokens.access_token));
    expect(epCscf.heard.filter(({ body }) => body.sid === claims.sid)).toEqual([]);
    expect((await waf.wwsf.refresh(own, tokens.refresh_token)).status).toBe(200);
  });

  it('[RFC 9700 4.14.2] follows a refresh token used twice', async () => {
    const { own, tokens, claims } = await signedIn();
    await waf.wwsf.refresh(own, tokens.refresh_token);
    await expectRevoked(bySid(claims), () => waf.wwsf.refresh(own, tokens.refresh_token));
  });

  it('[REQ 2.2] follows a bar; nobody else is touched, and nobody signs in to it until it is taken back', async () => {
    await waf.addAccount('dave');
    const [barred, bystander] = [await signedIn('dave'), await signedIn('bob')];
    await expectRevoked(bySid(barred.claims), () => waf.running.bar('dave'));
    expect((await waf.wwsf.refresh(barred.own, barred.tokens.refresh_token)).json.error).toBe('invalid_grant');
    const refused = await waf.signIn(waf.browser(), 'dave');
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('This account is barred.');
    expect((await waf.wwsf.refresh(bystander.own, bystander.tokens.refresh_token)).status).toBe(200);
    expect(epCscf.heard.filter(({ body }) => body.sid === bystander.claims.sid)).toEqual([]);

    await waf.running.unbar('dave');
    expect((await signedIn('dave')).claims.impi).toBe('dave@ims.example');
  });

  it('[REQ 2.5] follows the removal of an account', async () => {
    await waf.addAccount('erin');
    await waf.running.grants.allow('erin', partner.clientId);
    const { claims } = await signedIn('erin');
    const granted = await credentials(partner, { impi: 'erin@ims.example', impu: 'sip:erin@ims.example' });
    await expectRevoked(bySid(claims), () => waf.running.accounts.remove('erin'));
    await expectRevoked(bySid(granted.claims), async () => undefined);
  });
});

describe('Revocation of what came of client credentials', () => {
  it('[REQ 2.1] follows a removed grant; a new one starts afresh', async () => {
    await waf.running.grants.allow('alice', partner.clientId);
    const { claims } = await credentials(partner, alice);
    await expectRevoked(bySid(claims), () => waf.running.grants.remove('alice', partner.clientId));
    expect((await partner.credentials(browser, alice)).json.error).toBe('access_denied');
    await waf.running.grants.allow('alice', partner.clientId);
    expect((await credentials(partner, alice)).claims.sid).not.toBe(claims.sid);
  });

  it('[REQ 2.2] follows a bar, and the same grant goes on afterwards under another sid', async () => {
    await waf.addAccount('frank');
    const frank = { impi: 'frank@ims.example', impu: 'sip:frank@ims.example' };
    await waf.running.grants.allow('frank', partner.clientId);
    const { claims } = await credentials(partner, frank);
    await expectRevoked(bySid(claims), () => waf.running.bar('frank'));
    expect((await partner.credentials(browser, frank)).json.error).toBe('access_denied');
    await waf.running.unbar('frank');
    expect((await credentials(partner, frank)).claims.sid).not.toBe(claims.sid);
  });

  it('[X.4.2.1] follows a pool identity given back: all its tokens at once, none of the next person', async () => {
    const [first, second] = [await credentials(waf.wwsf, guest), await credentials(waf.wwsf, guest)];
    expect(second.claims.sid).toBe(first.claims.sid);
    await expectRevoked(bySid(first.claims), () => waf.wwsf.revoke(browser, second.token));
    await expectRevoked(byJti(second.claims), async () => undefined);

    const next = await credentials(waf.wwsf, guest);
    expect(next.claims.sid).not.toBe(first.claims.sid);
    // An old token, shown again, ends nothing of the new one.
    await expectRevoked(byJti(first.claims), () => waf.wwsf.revoke(browser, first.token));
    expect((await credentials(waf.wwsf, guest)).claims.sid).toBe(next.claims.sid);
  });

  it('[RFC 7009 2.1] [WAF 7] answers 200 and revokes nothing for a forged token, or one of another client', async () => {
    await waf.running.grants.allow('alice', partner.clientId);
    const { token, claims } = await credentials(partner, alice);
    const [head = '', , signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, client_id: 'wwsf.ims.example', jti: 'forged' }));
    expect((await waf.wwsf.revoke(browser, token)).status).toBe(200);
    expect((await waf.wwsf.revoke(browser, `${head}.${forged.toString('base64url')}.${signature}`)).status).toBe(200);
    const marker = await credentials(partner, alice);
    await expectRevoked(byJti(marker.claims), () => partner.revoke(browser, marker.token));
    expect(epCscf.heard.filter(({ body }) => body.jti === claims.jti || body.jti === 'forged')).toEqual([]);
  });

  it('[RFC 7009 2.1] asks the client to authenticate first', async () => {
    const { token, claims } = await credentials(partner, alice);
    const answer = await partner.post(browser, '/token/revocation', { token }, 'a wrong secret, which is long enough');
    expect([answer.status, answer.json.error]).toEqual([401, 'invalid_client']);
    const marker = await credentials(partner, alice);
    await expectRevoked(byJti(marker.claims), () => partner.revoke(browser, marker.token));
    expect(epCscf.heard.filter(({ body }) => body.jti === claims.jti)).toEqual([]);
  });
});

describe('Delivery', () => {
  it('[REQ 2.2] takes less than a second, on a machine that is not busy with other things', async () => {
    const delaysMs: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await waf.running.grants.allow('alice', partner.clientId);
      const { claims } = await credentials(partner, alice);
      const startMs = Date.now();
      await waf.running.grants.remove('alice', partner.clientId);
      const heard = await Promise.all([epCscf.hears(bySid(claims)), other.hears(bySid(claims))]);
      delaysMs.push(Math.max(...heard.map(({ atMs }) => atMs - startMs)));
    }
    expect(Math.min(...delaysMs)).toBeLessThan(1_000);
  });

  it('[REQ 2.2] goes on where an eP-CSCF fails, and is made up for once it is back; the others hear at once', async () => {
    const { own, tokens, claims } = await signedIn();
    other.status = 503;
    const askedBefore = other.asked;
    await waf.wwsf.revoke(own, tokens.refresh_token);
    await epCscf.hears(bySid(claims));
    await other.isAsked(askedBefore + 2);
    other.status = 204;
    await other.hears(bySid(claims));
    const failure = waf.log.find(({ event }) => event === 'revocation.failed');
    expect(failure).toMatchObject({ level: expect.anything(), action: expect.stringContaining('eP-CSCF') });
    expect(JSON.stringify(waf.log)).not.toContain(String(claims.sid));
    const metrics = await waf.operations.metrics.metrics();
    expect(metrics).toMatch(/waf_revocations_total\{result="failed"\} [1-9]/);
    expect(metrics).toMatch(/waf_revocations_total\{result="delivered"\} [1-9]/);
  });

  it('[REQ 2.2] survives a restart of the WAF', async () => {
    const { own, tokens, claims } = await signedIn();
    other.status = 500;
    const askedBefore = other.asked;
    await waf.wwsf.revoke(own, tokens.refresh_token);
    await other.isAsked(askedBefore + 1);
    await waf.restart();
    other.status = 204;
    await other.hears(bySid(claims));
  });

  it('[REQ 2.2] takes up what the command line ends beside the running WAF', async () => {
    const { claims } = await signedIn('bob');
    const program = fileURLToPath(new URL('./account.ts', import.meta.url));
    const environment = { ...process.env, WAF_STATE_DIR: String(waf.environment.WAF_STATE_DIR) };
    const child = spawn(process.execPath, [program, 'bar', 'bob'], { env: environment, stdio: 'ignore' });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    await expectRevoked(bySid(claims), async () => undefined);
  });
});

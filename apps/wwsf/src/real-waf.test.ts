import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccount } from './accounts/account.ts';
import { writeAccountsFile } from './accounts/accounts-file.ts';
import { type RealWaf, startRealWaf } from './testing/real-waf.ts';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import { clientId } from './testing/test-waf.ts';
import { createSite, findFreePort, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

describe('with the WAF itself', () => {
  let site: Site;
  let waf: RealWaf;
  let wwsf: StartedWwsf;
  let browser: TestBrowser;

  beforeEach(async () => {
    site = await createSite();
    browser = site.openBrowser();
  });

  afterEach(async () => {
    await wwsf.stop();
    await waf.stop();
    site.remove();
  });

  const post = async (path: string): Promise<Answer> => {
    const { csrfToken = '' } = (await browser.fetch(`${site.origin}/session`)).json();
    const headers = { 'x-csrf-token': String(csrfToken), 'x-requested-by': 'wic' };
    return browser.fetch(`${site.origin}${path}`, { method: 'POST', headers });
  };
  const readToken = async (): Promise<Record<string, unknown>> => {
    const { access_token: accessToken } = (await browser.fetch(`${site.origin}/token`)).json();
    return decodeJwt(String(accessToken));
  };

  it('[X.4.2.3-0] [REQ 3.0] [REQ 3.1] [REQ 3.2] [WWSF 4] [WWSF 6] by certificate, a guest comes, goes, and is forgotten', async () => {
    const name = 'wwsf.ims.example';
    const { certFile, keyFile } = await site.authority.certificate('client', [name]);
    waf = await startRealWaf(site, {
      WAF_WWSF_AUTH_METHOD: 'tls_client_auth',
      WAF_WWSF_TLS_SAN_DNS: name,
      WAF_MTLS_PORT: String(await findFreePort()),
      WAF_MTLS_CA_FILE: site.caFile,
      WAF_WWSF_POOL: 'guest-*@ims.example',
    });
    wwsf = await site.startWwsf(waf.issuer, {
      WWSF_CLIENT_AUTH_METHOD: 'tls_client_auth',
      WWSF_CLIENT_TLS_CERT_FILE: certFile,
      WWSF_CLIENT_TLS_KEY_FILE: keyFile,
      WWSF_POOL: 'guest-1..1@ims.example',
      WWSF_POOL_COOL_DOWN_SECONDS: '1',
    });
    expect((await post('/guest')).status).toBe(201);
    const first = await readToken();
    expect(first).toMatchObject({
      impi: 'guest-1@ims.example',
      impu: ['sip:guest-1@ims.example'],
      client_id: clientId,
    });
    expect((await post('/sign-out')).json()).toEqual({ location: '/' });
    await expect.poll(() => waf.revocations, { timeout: 5_000 }).toEqual(expect.arrayContaining([first.jti]));
    await expect.poll(async () => (await post('/guest')).status, { timeout: 10_000 }).toBe(201);
    const second = await readToken();
    expect(waf.revocations).not.toContain(second.jti);
    expect(waf.revocations).not.toContain(second.sid);
  });

  it('[REQ 3.2] a pool that is not assigned to this WWSF gives nobody a token', async () => {
    waf = await startRealWaf(site, { WAF_WWSF_POOL: 'visitor-*@ims.example' });
    wwsf = await site.startWwsf(waf.issuer, { WWSF_POOL: 'guest-1..1@ims.example' });
    expect((await post('/guest')).json()).toEqual({ error: 'waf_unavailable' });
    expect(wwsf.log.join('')).toContain('the pool is not one of this WWSF at the WAF');
  });

  it('[X.3.2.3-0] [REQ 2.0] [REQ 2.1] [WWSF 2] [WWSF 3] by its key, a user of the WWSF needs the grant of the subscriber', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [keyFile, jwksFile] = [join(site.folder, 'client.key'), join(site.folder, 'client.jwks')];
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' };
    writeFileSync(jwksFile, JSON.stringify({ keys: [jwk] }));
    waf = await startRealWaf(site, { WAF_WWSF_AUTH_METHOD: 'private_key_jwt', WAF_WWSF_JWKS_FILE: jwksFile });
    const accountsFile = join(site.folder, 'accounts.json');
    const ims = { impi: 'alice@ims.example', impus: ['sip:alice@ims.example'] };
    const alice = { username: 'alice', displayName: 'Alice', password: 'alice-of-the-wwsf', ...ims };
    writeAccountsFile(accountsFile, [await createAccount(alice)]);
    wwsf = await site.startWwsf(waf.issuer, {
      WWSF_CLIENT_AUTH_METHOD: 'private_key_jwt',
      WWSF_CLIENT_KEY_FILE: keyFile,
      WWSF_SIGN_IN: 'own',
      WWSF_ACCOUNTS_FILE: accountsFile,
      WWSF_TOKEN_REFRESH_SECONDS: '3600',
    });
    const signIn = async (): Promise<Answer> => {
      const { body } = await browser.navigate(`${site.origin}/sign-in`);
      const formToken = /name="form_token" value="([\w-]+)"/.exec(body)?.[1] ?? '';
      return browser.fetch(`${site.origin}/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          form_token: formToken,
          username: 'alice',
          password: 'alice-of-the-wwsf',
        }).toString(),
      });
    };
    const refused = await signIn();
    expect(refused.status).toBe(403);
    const location = /href="([^"]+\/grants\/new[^"]+)"/.exec(refused.body)?.[1] ?? '';
    expect(location).toBe(`${waf.issuer}/grants/new?client_id=${clientId}`);
    expect((await browser.follow(location)).body).toContain('name="username"');

    await waf.grants.allow('alice', clientId);
    expect((await signIn()).status).toBe(303);
    const [one, other] = [await readToken(), await readToken()];
    expect(one).toMatchObject({ impi: ims.impi, impu: ims.impus, client_id: clientId, iss: waf.issuer });
    expect(other.jti).not.toBe(one.jti);

    await waf.grants.remove('alice', clientId);
    const answer = await browser.fetch(`${site.origin}/token`);
    expect([answer.status, answer.json().error]).toEqual([401, 'not_granted']);
  });
});

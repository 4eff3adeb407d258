import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, TestBrowser } from './testing/test-browser.ts';
import type { TestWaf, TestWafOptions } from './testing/test-waf.ts';
import { createSite, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

interface Set {
  readonly waf: Partial<TestWafOptions>;
  readonly settings: Readonly<Record<string, string>>;
}

/** Each method as WAF and WWSF are told of it; `isRight: false` shows the WAF another key or name. */
const methods: readonly { readonly method: string; readonly set: (site: Site, isRight: boolean) => Promise<Set> }[] = [
  {
    method: 'client_secret_basic',
    set: async (_site, isRight) => ({
      waf: {},
      settings: isRight ? {} : { WWSF_CLIENT_SECRET: 'another-secret-than-the-one-of-the-tests' },
    }),
  },
  { method: 'private_key_jwt', set: useKey },
  { method: 'tls_client_auth', set: useCertificate },
];

async function useKey({ folder }: Site, isRight: boolean): Promise<Set> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file = join(folder, 'client.key');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const known = isRight ? privateKey : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const jwk = { ...createPublicKey(known).export({ format: 'jwk' }), kid: 'a name of the WAF', alg: 'ES256' };
  return {
    waf: { authentication: { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } } as never },
    settings: { WWSF_CLIENT_AUTH_METHOD: 'private_key_jwt', WWSF_CLIENT_KEY_FILE: file },
  };
}

async function useCertificate({ authority }: Site, isRight: boolean): Promise<Set> {
  const name = isRight ? 'wwsf.ims.example' : 'wwsf.evil.example';
  const { certFile, keyFile } = await authority.certificate('client', [name]);
  return {
    waf: {
      authentication: { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'wwsf.ims.example' },
      mtlsCa: readFileSync(authority.certFile, 'utf8'),
    },
    settings: {
      WWSF_CLIENT_AUTH_METHOD: 'tls_client_auth',
      WWSF_CLIENT_TLS_CERT_FILE: certFile,
      WWSF_CLIENT_TLS_KEY_FILE: keyFile,
    },
  };
}

describe.each(methods)('authenticating to the WAF by $method', ({ method, set }) => {
  let site: Site;
  let waf: TestWaf;
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

  async function startBoth(isRight: boolean): Promise<void> {
    const { waf: options, settings } = await set(site, isRight);
    waf = await site.startWaf(0, options);
    waf.granted.add('guest-1@ims.example');
    const pool = { WWSF_POOL: 'guest-1..1@ims.example', WWSF_TOKEN_REFRESH_SECONDS: '301' };
    wwsf = await site.startWwsf(waf.issuer, { ...pool, ...settings });
  }

  const post = async (path: string): Promise<Answer> => {
    const { csrfToken = '' } = (await browser.fetch(`${site.origin}/session`)).json();
    const headers = { 'x-csrf-token': String(csrfToken), 'x-requested-by': 'wic' };
    return browser.fetch(`${site.origin}${path}`, { method: 'POST', headers });
  };

  it('[REQ 2.0] [REQ 3.0] [WWSF 6] does so for code, refresh, client credentials and revocation', async () => {
    await startBoth(true);
    expect((await browser.follow(`${site.origin}/sign-in`)).url).toBe(`${site.origin}/`);
    expect((await browser.fetch(`${site.origin}/token`)).status).toBe(200);
    expect(waf.tokenRequests()).toBe(2);
    expect((await post('/sign-out')).status).toBe(200);
    expect(waf.revoked).toHaveLength(1);

    expect((await post('/guest')).status).toBe(201);
    expect((await browser.fetch(`${site.origin}/token`)).status).toBe(200);
    expect((await post('/sign-out')).json()).toEqual({ location: '/' });
    expect(waf.revoked).toHaveLength(3);
    expect(wwsf.log.join('')).not.toContain('revocation.failed');
  });

  it('[REQ 2.0] [REQ 3.0] [WWSF 6] gets nothing where the WAF expects somebody else', async () => {
    await startBoth(false);
    const signIn = await browser.follow(`${site.origin}/sign-in`);
    expect(signIn.url).toBe(`${site.origin}/?sign-in=failed`);
    const guest = await post('/guest');
    expect([guest.status, guest.json()]).toEqual([503, { error: 'waf_unavailable' }]);
    expect(wwsf.log.join('')).toContain('waf.disagrees');
    expect(method).not.toBe('none');
  });
});

describe('what authenticates the WWSF', () => {
  const faults = [
    { setting: 'WWSF_CLIENT_SECRET', settings: { WWSF_CLIENT_SECRET: undefined } },
    { setting: 'WWSF_CLIENT_KEY_FILE', settings: { WWSF_CLIENT_AUTH_METHOD: 'private_key_jwt' } },
    { setting: 'WWSF_CLIENT_TLS_CERT_FILE', settings: { WWSF_CLIENT_AUTH_METHOD: 'tls_client_auth' } },
    {
      setting: 'WWSF_CLIENT_KEY_FILE',
      settings: { WWSF_CLIENT_AUTH_METHOD: 'private_key_jwt' },
      key: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
    },
    {
      setting: 'WWSF_CLIENT_KEY_FILE',
      settings: { WWSF_CLIENT_AUTH_METHOD: 'private_key_jwt' },
      key: () => undefined,
    },
  ];

  it.each(faults)(
    '[WWSF 6] must be there before it starts: $setting, $settings',
    async ({ setting, settings, key }) => {
      const site = await createSite();
      const file = join(site.folder, 'client.key');
      writeFileSync(file, key?.()?.export({ type: 'pkcs8', format: 'pem' }) ?? 'hunter2');
      const all = { ...settings, ...(key !== undefined && { WWSF_CLIENT_KEY_FILE: file }) } as Record<string, string>;
      const started = site.startWwsf('https://localhost:1', all);
      await expect(started).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' });
      await expect(started).rejects.toThrow(setting);
      await expect(started).rejects.not.toThrow('hunter2');
      site.remove();
    },
  );
});

/**
 * Mutual authentication on W4: secret, signed assertion, and certificate, over real TLS.
 *
 * @module
 */
import type { webcrypto } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Browser } from './testing/browser.ts';
import { freePort, WafUnderTest } from './testing/waf-under-test.ts';
import { type Form, postForm, type TokenAnswer } from './testing/wwsf.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'waf-w4-'));
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const jwtClient = 'wwsf.jwt.example';
const otherJwtClient = 'wwsf.other-jwt.example';
const tlsClient = 'wwsf.ims.example';

let waf: WafUnderTest;
let mtlsOrigin: string;
let key: webcrypto.CryptoKey;
let otherKey: webcrypto.CryptoKey;

beforeAll(async () => {
  const [pair, otherPair] = [
    await generateKeyPair('ES256', { extractable: true }),
    await generateKeyPair('ES256', { extractable: true }),
  ];
  [key, otherKey] = [pair.privateKey, otherPair.privateKey];
  const file = join(folder, 'clients.json');
  const client = {
    client_name: 'Jwt',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
  };
  writeFileSync(
    file,
    JSON.stringify([
      { ...client, client_id: jwtClient, jwks: { keys: [await exportJWK(pair.publicKey)] }, pool: 'jwt-*@ims.example' },
      {
        ...client,
        client_id: otherJwtClient,
        jwks: { keys: [await exportJWK(otherPair.publicKey)] },
        pool: 'other-*@ims.example',
      },
    ]),
  );
  const port = await freePort();
  mtlsOrigin = `https://localhost:${port}`;
  waf = await WafUnderTest.start(async ({ caFile, environment }) => {
    delete (environment as Record<string, string>).WAF_WWSF_CLIENT_SECRET;
    return {
      WAF_CLIENTS_FILE: file,
      WAF_WWSF_AUTH_METHOD: 'tls_client_auth',
      WAF_WWSF_TLS_SAN_DNS: tlsClient,
      WAF_WWSF_POOL: 'guest-*@ims.example',
      WAF_MTLS_PORT: String(port),
      WAF_MTLS_CA_FILE: caFile,
    };
  });
});

afterAll(async () => {
  await waf.stop();
  rmSync(folder, { recursive: true });
});

const poolForm = (pool: string): Form => ({
  grant_type: 'client_credentials',
  impi: `${pool}-1@ims.example`,
  impu: `sip:${pool}-1@ims.example`,
});
const result = ({ status, json }: TokenAnswer) => [status, json.error];
const accepted = [200, undefined];
const refused = [401, 'invalid_client'];

async function assertion(changed: JWTPayload = {}, signedBy = key, alg = 'ES256'): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    iss: jwtClient,
    sub: jwtClient,
    aud: waf.issuer,
    iat: now,
    exp: now + 60,
    jti: crypto.randomUUID(),
  };
  return new SignJWT({ ...payload, ...changed }).setProtectedHeader({ alg }).sign(signedBy);
}

const byAssertion = (client_assertion: string, origin = waf.issuer): Promise<TokenAnswer> =>
  postForm(waf.browser(origin), '/token', {
    ...poolForm('jwt'),
    client_assertion_type: assertionType,
    client_assertion,
  });

describe('private_key_jwt', () => {
  it('[REQ 2.0] [REQ 3.0] [WAF 1] [WWSF 6] authenticates by a signature, for the issuer or the token endpoint', async () => {
    expect(result(await byAssertion(await assertion()))).toEqual(accepted);
    expect(result(await byAssertion(await assertion({ aud: `${waf.issuer}/token` })))).toEqual(accepted);
  });

  it('[RFC 7523 3] [WAF 1] refuses an assertion used twice, also at the same time', async () => {
    const once = await assertion();
    expect(result(await byAssertion(once))).toEqual(accepted);
    expect(result(await byAssertion(once))).toEqual(refused);
    const raced = await assertion();
    const answers = await Promise.all(Array.from({ length: 5 }, () => byAssertion(raced)));
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
  });

  it.each([
    { fault: 'for another server', changed: { aud: 'https://evil.example' } },
    { fault: 'that has expired', changed: { exp: Math.floor(Date.now() / 1_000) - 120 } },
    { fault: 'that lives for an hour', changed: { exp: Math.floor(Date.now() / 1_000) + 3_600 } },
    { fault: 'without an end', changed: { exp: undefined } },
    { fault: 'without a jti', changed: { jti: undefined } },
    { fault: 'of another issuer', changed: { iss: otherJwtClient } },
  ])('[RFC 7523 3] [REQ 2.0] refuses an assertion $fault', async ({ changed }) => {
    expect(result(await byAssertion(await assertion(changed as unknown as JWTPayload)))).toEqual(refused);
  });

  it('[REQ 2.0] refuses the key of another client, and no signature at all', async () => {
    expect(result(await byAssertion(await assertion({}, otherKey)))).toEqual(refused);
    const [, payload] = (await assertion()).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect(result(await byAssertion(`${none}.${payload}.`))).toEqual(refused);
  });

  it('[REQ 2.0] refuses a secret instead', async () => {
    const authorization = `Basic ${Buffer.from(`${jwtClient}:${'s'.repeat(32)}`).toString('base64')}`;
    expect(result(await postForm(waf.browser(), '/token', poolForm('jwt'), { authorization }))).toEqual(refused);
  });
});

describe('tls_client_auth', () => {
  const byCertificate = async (names: readonly string[], origin = mtlsOrigin, client_id = tlsClient) => {
    const [name] = names;
    const certificate = name === undefined ? {} : await waf.certificate(name);
    return postForm(waf.browser(origin, certificate), '/token', { ...poolForm('guest'), client_id });
  };

  it('[REQ 2.0] [REQ 3.0] [WAF 1] [WWSF 6] authenticates by a certificate, on the listener that discovery names', async () => {
    const { body } = await waf.browser().send('/.well-known/openid-configuration');
    expect(JSON.parse(body)).toMatchObject({
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt', 'tls_client_auth'],
      mtls_endpoint_aliases: {
        token_endpoint: `${mtlsOrigin}/token`,
        revocation_endpoint: `${mtlsOrigin}/token/revocation`,
      },
    });
    expect(result(await byCertificate([tlsClient]))).toEqual(accepted);
  });

  it('[X.3.2.3-0] [WAF 4] serves the code flow and revocation there, too', async () => {
    const certificate = await waf.certificate(tlsClient);
    const own = waf.browser();
    const back = await waf.signIn(own);
    const client = waf.browser(mtlsOrigin, certificate);
    const { json } = await postForm(client, '/token', waf.wwsf.exchangeForm(back));
    expect(json.access_token).toBeDefined();
    const { status } = await postForm(client, '/token/revocation', {
      client_id: tlsClient,
      token: json.refresh_token ?? '',
    });
    expect(status).toBe(200);
  });

  it.each([
    { fault: 'of another client', names: ['wwsf.evil.example'] },
    { fault: 'that only begins alike', names: ['wwsf.ims.example.evil.example'] },
    { fault: 'with a wildcard', names: ['*.ims.example'] },
    { fault: 'in other capitals', names: ['WWSF.ims.example'] },
    { fault: 'that is none', names: [] },
  ])('[RFC 8705 2.1] [REQ 2.0] refuses a certificate $fault', async ({ names }) => {
    expect(result(await byCertificate(names))).toEqual(refused);
  });

  it('[RFC 8705 2.1] refuses the right name from an authority that nobody trusts', async () => {
    const authority = await CertificateAuthority.open(join(folder, 'stranger'));
    const { certFile, keyFile } = await authority.certificate('client', [tlsClient]);
    const files = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    const browser = new Browser(mtlsOrigin, readFileSync(waf.caFile), files);
    // The second time the TLS session is resumed.
    for (const _ of ['first', 'second']) {
      const answer = await postForm(browser, '/token', { ...poolForm('guest'), client_id: tlsClient });
      expect(result(answer)).toEqual(refused);
    }
    browser.close();
  });

  it('[RFC 8705 2.1] takes a resumed TLS session for what it was: with the certificate, or without any', async () => {
    for (const [certificate, expected] of [
      [await waf.certificate(tlsClient), accepted],
      [{}, refused],
    ] as const) {
      const browser = waf.browser(mtlsOrigin, certificate);
      for (const _ of ['first', 'second']) {
        const answer = await postForm(browser, '/token', { ...poolForm('guest'), client_id: tlsClient });
        expect(result(answer)).toEqual(expected);
      }
    }
  });

  it('[RFC 8705 2.1] refuses such a client on the listener that asks for no certificate, and by other methods', async () => {
    expect(result(await byCertificate([tlsClient], waf.issuer))).toEqual(refused);
    const authorization = `Basic ${Buffer.from(`${tlsClient}:${'s'.repeat(32)}`).toString('base64')}`;
    const browser = waf.browser(mtlsOrigin, await waf.certificate(tlsClient));
    expect(result(await postForm(browser, '/token', poolForm('guest'), { authorization }))).toEqual(refused);
  });

  it('[REQ 2.0] a certificate lets nobody pass who authenticates by a key', async () => {
    expect(result(await byCertificate([tlsClient], mtlsOrigin, jwtClient))).toEqual(refused);
  });

  it('[RFC 8705 5] the listener serves the token endpoints alone, under its own name alone', async () => {
    const browser = waf.browser(mtlsOrigin, await waf.certificate(tlsClient));
    for (const path of ['/', '/auth', '/grants', '/jwks', '/session/end']) {
      expect((await browser.send(path)).status).toBe(404);
    }
    expect((await browser.send('/token', { method: 'POST', headers: { host: 'evil.example' } })).status).toBe(421);
    const body = 'x'.repeat(17_000);
    expect((await browser.send('/token', { method: 'POST', body })).status).toBe(413);
  });
});

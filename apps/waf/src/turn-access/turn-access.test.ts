/**
 * Tokens for TURN servers by client credentials, over real https, read as a TURN server reads them.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAsRsKeys, readTurnAccessToken } from '@wicgate/turn-credentials';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Browser, Shown } from '../testing/browser.ts';
import { freePort, WafUnderTest } from '../testing/waf-under-test.ts';
import { type Form, postForm, Wwsf } from '../testing/wwsf.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'waf-turn-'));
const serverName = 'turn.ims.example';
const secret = 'another-test-0123456789-0123456789';
const partner = new Wwsf('wwsf.partner.example', secret, 'https://partner.example');
const jwtClient = 'wwsf.jwt.example';
const tlsClient = 'wwsf.tls.example';

const newKey = { kid: '2026-11', algorithm: 'A256GCM', key: Buffer.alloc(32, 7).toString('base64') };
const oldKey = { kid: '2026-10', algorithm: 'A128GCM', key: Buffer.alloc(16, 9).toString('base64') };
const keysFile = join(folder, 'turn-keys.json');
writeFileSync(keysFile, JSON.stringify([newKey, oldKey]));
const [asRsKey] = parseAsRsKeys(JSON.stringify([newKey]));

let waf: WafUnderTest;
let browser: Browser;
let mtlsOrigin: string;
let sign: () => Promise<string>;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const grant = { client_name: 'Another', grant_types: ['client_credentials'] };
  const byJwt = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [await exportJWK(publicKey)] } };
  const byTls = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: tlsClient };
  const clientsFile = join(folder, 'clients.json');
  writeFileSync(
    clientsFile,
    JSON.stringify([
      { ...grant, client_id: partner.clientId, client_secret: secret },
      { ...grant, ...byJwt, client_id: jwtClient, turn: true },
      { ...grant, ...byTls, client_id: tlsClient, turn: true },
    ]),
  );
  const port = await freePort();
  mtlsOrigin = `https://localhost:${port}`;
  waf = await WafUnderTest.start(async ({ caFile }) => ({
    WAF_CLIENTS_FILE: clientsFile,
    WAF_MTLS_PORT: String(port),
    WAF_MTLS_CA_FILE: caFile,
    WAF_WWSF_TURN: 'true',
    WAF_TURN_KEYS_FILE: keysFile,
    WAF_TURN_SERVER_NAME: serverName,
    WAF_TURN_TOKEN_SECONDS: '1800',
  }));
  browser = waf.browser();
  sign = () =>
    new SignJWT({ iss: jwtClient, sub: jwtClient, aud: waf.issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(privateKey);
});

afterAll(async () => {
  await waf.stop();
  rmSync(folder, { recursive: true });
});

type Answer = Readonly<Record<'access_token' | 'key' | 'kid' | 'alg' | 'error', string>>;

async function ask(form: Form = {}, by = waf.wwsf): Promise<{ status: number; json: Answer; cacheControl: unknown }> {
  const { status, json, headers } = await by.credentials(browser, { scope: 'turn', ...form });
  return { status, json: json as unknown as Answer, cacheControl: headers['cache-control'] };
}

function read({ access_token: accessToken }: Answer) {
  if (asRsKey === undefined) throw new TypeError('expected a key');
  return readTurnAccessToken(Buffer.from(accessToken, 'base64'), { asRsKey, serverName, nowMs: Date.now() });
}

describe('A token for TURN servers', () => {
  it('[X.5.3.2-4] [X.5.3.2-5] [X.5.3.1 a] [WAF 6] [RFC 7635 4.1] comes by client credentials, with session key and kid', async () => {
    const { status, json, cacheControl } = await ask();
    expect([status, cacheControl]).toEqual([200, 'no-store']);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      token_type: 'pop',
      expires_in: 1_800,
      kid: '2026-11',
      key: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
      alg: 'HMAC-SHA-1',
      server_name: serverName,
    });
  });

  it('[X.5.3.2-5] [X.5.3.1 a] [WAF 6] [RFC 7635 6.2] is bound to its key and its lifetime, as a TURN server reads it', async () => {
    const { json } = await ask();
    const { macKey, issuedAtMs, lifetimeSeconds } = read(json);
    expect(Buffer.from(macKey).toString('base64')).toBe(json.key);
    expect(macKey).toHaveLength(20);
    expect(lifetimeSeconds).toBe(1_800);
    expect(Math.abs(Date.now() - issuedAtMs)).toBeLessThan(5_000);
  });

  it('[X.5.3.1 a] has another session key each time', async () => {
    const [one, other] = [(await ask()).json, (await ask()).json];
    expect(other.key).not.toBe(one.key);
    expect(other.access_token).not.toBe(one.access_token);
  });

  it('[X.5.3.1 c] [WAF 6] names nobody: a key id, and inside a key and a time', async () => {
    const { json } = await ask();
    expect(json.kid).toBe(newKey.kid);
    expect(new Set(Object.keys(read(json)))).toEqual(
      new Set(['macKey', 'issuedAtMs', 'lifetimeSeconds', 'expiresAtSeconds']),
    );
    // Nonce and its length, key and its length, time, lifetime, tag: no octet is left for a name.
    expect(Buffer.from(json.access_token, 'base64')).toHaveLength(2 + 12 + 2 + 20 + 8 + 4 + 16);
  });

  it('[RFC 7635 4.1] takes token_type, alg and aud as they are anyway', async () => {
    expect((await ask({ token_type: 'pop', alg: 'HMAC-SHA-1', aud: serverName, timestamp: '1' })).status).toBe(200);
  });

  it('[RFC 7635 4.1] [RFC 8489 14.6] has a longer key for HMAC-SHA-256-128', async () => {
    const { json } = await ask({ alg: 'HMAC-SHA-256-128' });
    expect(json.alg).toBe('HMAC-SHA-256-128');
    expect(read(json).macKey).toHaveLength(32);
  });

  it('[X.5.3.2-5] [REQ 2.0] goes to a client that has signed, and to one that shows its certificate', async () => {
    const form = { grant_type: 'client_credentials', scope: 'turn' };
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const signed = { ...form, client_id: jwtClient, client_assertion_type, client_assertion: await sign() };
    expect((await postForm(browser, '/token', signed)).json).toMatchObject({ token_type: 'pop' });
    const shown = waf.browser(mtlsOrigin, await waf.certificate(tlsClient));
    expect((await postForm(shown, '/token', { ...form, client_id: tlsClient })).json).toMatchObject({
      token_type: 'pop',
    });
  });

  it('[X.5.3.2-5] is counted, and logged without key and token', async () => {
    const { json } = await ask();
    const metrics = await waf.operations.metrics.metrics();
    expect(metrics).toMatch(/waf_turn_tokens_total\{client_id="wwsf\.ims\.example"\} [1-9]/);
    expect(waf.log).toContainEqual(
      expect.objectContaining({ event: 'turn-token.issued', clientId: waf.wwsf.clientId }),
    );
    const log = JSON.stringify(waf.log);
    for (const hidden of [json.key, json.access_token, newKey.key]) expect(log).not.toContain(hidden);
  });
});

describe('A token for TURN servers is refused', () => {
  it('[X.5.3.2-5] [WAF 6] to a client that may not have any', async () => {
    const { status, json } = await ask({}, partner);
    expect([status, json.error]).toEqual([400, 'invalid_scope']);
    expect(json).toMatchObject({ error_description: expect.stringMatching(/^scope turn: expected a client/) });
    expect(json).not.toHaveProperty('key');
  });

  it('[X.5.3.2-5] [REQ 2.0] [WAF 6] to whom has not the secret of the client', async () => {
    const form = { grant_type: 'client_credentials', scope: 'turn' };
    const { status, json } = await waf.wwsf.post(browser, '/token', form, 'y'.repeat(32));
    expect([status, json.error]).toEqual([401, 'invalid_client']);
    const stranger = waf.browser(mtlsOrigin, await waf.certificate('wwsf.evil.example'));
    expect((await postForm(stranger, '/token', { ...form, client_id: tlsClient })).status).toBe(401);
  });

  it.each([
    { fault: 'a private identity', form: { impi: 'alice@ims.example' }, error: 'invalid_request' },
    { fault: 'a public identity', form: { impu: 'sip:alice@ims.example' }, error: 'invalid_request' },
    { fault: 'another type of token', form: { token_type: 'bearer' }, error: 'invalid_request' },
    { fault: 'an unknown algorithm', form: { alg: 'HMAC-MD5' }, error: 'invalid_request' },
    { fault: 'the algorithm constructor', form: { alg: 'constructor' }, error: 'invalid_request' },
    { fault: 'two algorithms', form: { alg: ['HMAC-SHA-1', 'HMAC-SHA-1'] }, error: 'invalid_request' },
    { fault: 'another server', form: { aud: 'turn.evil.example' }, error: 'invalid_target' },
    { fault: 'a resource', form: { resource: 'https://ep-cscf.ims.example' }, error: 'invalid_target' },
    { fault: 'a second scope', form: { scope: 'turn webrtc-ims-client-access-to-ims' }, error: 'invalid_scope' },
  ])('[X.5.3.1 c] [RFC 6749 5.2] with $fault', async ({ form, error }) => {
    const { status, json } = await ask(form as unknown as Form);
    expect([status, json.error]).toEqual([400, error]);
    expect(json).not.toHaveProperty('access_token');
    expect(JSON.stringify(json)).not.toMatch(/alice|evil/);
  });

  it('[X.5.3.2-5] where the WAF has no keys for it', async () => {
    const other = await WafUnderTest.start();
    onTestFinished(() => other.stop());
    const { status, json } = await other.wwsf.credentials(other.browser(), { scope: 'turn' });
    expect([status, json.error]).toEqual([400, 'invalid_scope']);
    expect(json.error_description).toContain('WAF_TURN_KEYS_FILE');
  });

  it('[RFC 6585 4] to a client that asks too often', async () => {
    const settings = { WAF_TURN_KEYS_FILE: keysFile, WAF_TURN_SERVER_NAME: serverName, WAF_WWSF_TURN: 'true' };
    const other = await WafUnderTest.start({ ...settings, WAF_TOKEN_REQUESTS_PER_CLIENT: '2' });
    onTestFinished(() => other.stop());
    const client = other.browser();
    const statuses: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      statuses.push((await other.wwsf.credentials(client, { scope: 'turn' })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('The GET form of X.5.3.2', () => {
  const query = `client_id=wwsf.ims.example&client_password=${secret}&client_secret=${secret}&scope=turn`;

  const check = ({ status, headers, body }: Shown): void => {
    expect(status).toBe(405);
    expect(headers).toMatchObject({ 'allow': 'POST', 'cache-control': 'no-store' });
    expect(headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({
      status: 405,
      title: 'Method Not Allowed',
      error: 'invalid_request',
      detail: expect.stringContaining('grant_type=client_credentials&scope=turn'),
    });
    expect(body).not.toContain(secret);
  };

  it('[X.5.3.2-4] [RFC 9110 15.5.6] is answered with a pointer to POST, and not with a token', async () => {
    check(await browser.send(`/token?${query}`));
    check(await waf.browser(mtlsOrigin).send(`/token?${query}`));
    check(await browser.send('/token'));
  });

  it('[X.5.3.2-4] [RFC 6750 5.3] leaves no credentials of the URL in any log', async () => {
    await browser.send(`/token?${query}`);
    const basic = Buffer.from(`wwsf.ims.example:${secret}`).toString('base64');
    await browser.send('/token', { headers: { authorization: `Basic ${basic}` } });
    expect(waf.log).toContainEqual(expect.objectContaining({ event: 'request.refused', path: '/token' }));
    const log = JSON.stringify(waf.log);
    expect(log).not.toContain(secret);
    expect(log).not.toContain(basic);
  });
});

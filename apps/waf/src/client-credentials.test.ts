/**
 * Tokens by client credentials, for accounts that a subscriber has granted and for pools, over real https.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Browser } from './testing/browser.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';
import { type Form, Wwsf } from './testing/wwsf.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'waf-credentials-'));
const secret = 'another-test-0123456789-0123456789';
const partner = new Wwsf('wwsf.partner.example', secret, 'https://partner.example');
const codeOnly = new Wwsf('wwsf.code.example', secret, 'https://code.example');
const alice = { impi: 'alice@ims.example', impu: 'sip:alice@ims.example' };
const guest = { impi: 'guest-001@ims.example', impu: 'sip:guest-001@ims.example' };

let waf: WafUnderTest;
let browser: Browser;

beforeAll(async () => {
  const file = join(folder, 'clients.json');
  const client = { client_secret: secret, grant_types: ['client_credentials'] };
  writeFileSync(
    file,
    JSON.stringify([
      { ...client, client_id: partner.clientId, client_name: 'Partner', pool: 'visitor-*@ims.example' },
      {
        ...client,
        client_id: codeOnly.clientId,
        client_name: 'Code',
        redirect_uris: ['https://code.example/callback'],
        grant_types: ['authorization_code'],
      },
    ]),
  );
  waf = await WafUnderTest.start({ WAF_CLIENTS_FILE: file, WAF_WWSF_POOL: 'guest-*@ims.example' });
  browser = waf.browser();
  await waf.running.grants.allow('alice', partner.clientId);
});

afterAll(async () => {
  await waf.stop();
  rmSync(folder, { recursive: true });
});

const claimsOf = (token: string | undefined) => decodeJwt(token ?? '');

describe('Client credentials for an account that its subscriber has granted', () => {
  it('[X.3.2.3-0] [REQ 2.1] [WAF 1] issue a token of the account and the client', async () => {
    const { status, json, headers } = await partner.credentials(browser, alice);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'webrtc-ims-client-access-to-ims' });
    expect(json).not.toHaveProperty('refresh_token');
    expect(decodeProtectedHeader(json.access_token ?? '')).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
  });

  it('[X.3.2.3-4] [REQ 2.3] [REQ 2.4] [WAF 2] [WAF 3] bind the token to IMPI, IMPUs, WWSF, WAF, lifetime and scope', async () => {
    const account = await waf.running.accounts.find('alice');
    const claims = claimsOf((await partner.credentials(browser, alice)).json.access_token);
    expect(claims).toMatchObject({
      iss: waf.issuer,
      sub: account?.id,
      client_id: partner.clientId,
      aud: 'https://ep-cscf.ims.example',
      impi: 'alice@ims.example',
      impu: ['sip:alice@ims.example'],
      scope: 'webrtc-ims-client-access-to-ims',
      jti: expect.stringMatching(/^[\w-]{20,}$/),
      sid: expect.stringMatching(/^[\w-]{20,}$/),
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
  });

  it('[X.3.2.3-0] carry the sid of the grant, and another jti each time', async () => {
    const [one, other] = [await partner.credentials(browser, alice), await partner.credentials(browser, alice)];
    const [first, second] = [claimsOf(one.json.access_token), claimsOf(other.json.access_token)];
    expect(second.sid).toBe(first.sid);
    expect(second.jti).not.toBe(first.jti);
  });

  it('[REQ 2.4] put only the public identities into the token that were asked for', async () => {
    const impus = ['sip:zoe@ims.example', 'tel:+15550199', 'sip:zoe.work@ims.example'];
    const zoe = { username: 'zoe', password: 'zoe-demo!', displayName: 'Zoe', impi: 'zoe@ims.example', impus };
    await waf.running.accounts.create(zoe);
    await waf.running.grants.allow('zoe', partner.clientId);
    const { json } = await partner.credentials(browser, { impi: zoe.impi, impu: impus.slice(0, 2) });
    expect(claimsOf(json.access_token).impu).toEqual(impus.slice(0, 2));
  });

  it('[RFC 8707 2] take the resource and the scope that are there anyway', async () => {
    const form = { ...alice, scope: 'webrtc-ims-client-access-to-ims', resource: 'https://ep-cscf.ims.example' };
    expect((await partner.credentials(browser, form)).status).toBe(200);
  });

  it('[REQ 2.1] are remembered: when the grant was used last', async () => {
    await partner.credentials(browser, alice);
    const [grant] = await waf.running.grants.list('alice');
    expect(grant?.lastUsed).toBeGreaterThan(Date.now() / 1_000 - 60);
  });
});

describe('Client credentials refused', () => {
  it('[REQ 2.1] [REQ 2.5] [WAF 1] in the same words for every account that this client may not use', async () => {
    await waf.addAccount('mallory');
    await waf.running.grants.allow('mallory', partner.clientId);
    await waf.running.accounts.bar('mallory');
    const refused: readonly Form[] = [
      { impi: 'bob@ims.example', impu: 'sip:bob@ims.example' },
      { impi: 'nobody@ims.example', impu: 'sip:nobody@ims.example' },
      { impi: 'mallory@ims.example', impu: 'sip:mallory@ims.example' },
      { ...alice, impu: 'sip:bob@ims.example' },
      { ...alice, impu: ['sip:alice@ims.example', 'sip:bob@ims.example'] },
      { impi: 'bob@ims.example', impu: 'sip:alice@ims.example' },
      guest,
    ];
    const answers = await Promise.all(refused.map((form) => partner.credentials(browser, form)));
    expect(answers.map(({ status, json }) => [status, json.error])).toEqual(refused.map(() => [400, 'access_denied']));
    expect(new Set(answers.map(({ json }) => json.error_description)).size).toBe(1);
    expect(answers[0]?.json.error_description).toMatch(/^expected identities of an account whose subscriber lets/);
  });

  it('[REQ 2.1] [WAF 1] for a client that this subscriber has not granted, the operator’s own among them', async () => {
    expect((await waf.wwsf.credentials(browser, alice)).json.error).toBe('access_denied');
  });

  it('[X.3.2.3-0] for a consent in a sign-in, which holds only while the person is there', async () => {
    const account = await waf.running.accounts.find('bob');
    await waf.running.grants.save(account?.id ?? '', partner.clientId, 0);
    const form = { impi: 'bob@ims.example', impu: 'sip:bob@ims.example' };
    expect((await partner.credentials(browser, form)).json.error).toBe('access_denied');
  });

  it('[RFC 6749 5.2] for a client that may only use the code flow', async () => {
    expect((await codeOnly.credentials(browser, alice)).json).toMatchObject({ error: 'invalid_request' });
  });

  it.each([
    { fault: 'no impi', form: { impu: alice.impu }, error: 'invalid_request' },
    { fault: 'impi twice', form: { ...alice, impi: [alice.impi, alice.impi] }, error: 'invalid_request' },
    { fault: 'an impi without a domain', form: { ...alice, impi: 'alice' }, error: 'invalid_request' },
    { fault: 'no impu', form: { impi: alice.impi }, error: 'invalid_request' },
    { fault: 'an impu that is no URI', form: { ...alice, impu: 'alice@ims.example' }, error: 'invalid_request' },
    { fault: 'one impu twice', form: { ...alice, impu: [alice.impu, alice.impu] }, error: 'invalid_request' },
    {
      fault: 'too many impus',
      form: { ...alice, impu: Array.from({ length: 21 }, (_, index) => `sip:a${index}@ims.example`) },
      error: 'invalid_request',
    },
    { fault: 'another scope', form: { ...alice, scope: 'openid' }, error: 'invalid_scope' },
    {
      fault: 'one scope too many',
      form: { ...alice, scope: 'webrtc-ims-client-access-to-ims openid' },
      error: 'invalid_scope',
    },
    { fault: 'another resource', form: { ...alice, resource: 'https://evil.example' }, error: 'invalid_target' },
  ])(
    '[RFC 6749 5.2] [WAF 3] with $fault, saying what was expected and never what was sent',
    async ({ form, error }) => {
      const { status, json } = await partner.credentials(browser, form as unknown as Form);
      expect([status, json.error]).toEqual([400, error]);
      expect(json).not.toHaveProperty('access_token');
      expect(JSON.stringify(json)).not.toContain('alice');
    },
  );
});

describe('Identities of a pool', () => {
  it('[X.4.2.3-0] [X.4.2.1] [REQ 3.1] [REQ 3.2] [WAF 5] are issued to the WWSF whose pool it is, without an account or a user', async () => {
    const { status, json } = await waf.wwsf.credentials(browser, guest);
    expect(status).toBe(200);
    expect(claimsOf(json.access_token)).toMatchObject({
      sub: 'wwsf.ims.example',
      client_id: 'wwsf.ims.example',
      impi: 'guest-001@ims.example',
      impu: ['sip:guest-001@ims.example'],
      scope: 'webrtc-ims-client-access-to-ims',
      sid: expect.stringMatching(/^[\w-]{20,}$/),
      jti: expect.stringMatching(/^[\w-]{20,}$/),
    });
  });

  it('[X.4.2.1] [WAF 5] may be any number under the pattern, known to nobody before', async () => {
    const names = Array.from({ length: 10 }, () => `guest-${crypto.randomUUID()}@ims.example`);
    const answers = await Promise.all(
      names.map((impi) => waf.wwsf.credentials(browser, { impi, impu: `sip:${impi}` })),
    );
    const claims = answers.map(({ json }) => claimsOf(json.access_token));
    expect(claims.map(({ impi }) => impi)).toEqual(names);
    expect(new Set(claims.map(({ sid }) => sid)).size).toBe(names.length);
  });

  it('[REQ 3.2] [WAF 5] are refused for every other WWSF, and for public identities of another', async () => {
    const visitor = { impi: 'visitor-7@ims.example', impu: 'sip:visitor-7@ims.example' };
    expect((await partner.credentials(browser, visitor)).status).toBe(200);
    for (const [client, form] of [
      [partner, guest],
      [waf.wwsf, visitor],
      [waf.wwsf, { ...guest, impu: 'sip:guest-002@ims.example' }],
      [waf.wwsf, { ...guest, impu: [guest.impu, 'sip:alice@ims.example'] }],
      [waf.wwsf, { impi: 'guest-@ims.example', impu: 'sip:guest-@ims.example' }],
      [waf.wwsf, { impi: 'guest-1@evil.example', impu: 'sip:guest-1@evil.example' }],
    ] as const) {
      expect((await client.credentials(browser, form)).json.error).toBe('access_denied');
    }
  });

  it('[REQ 3.2] [WAF 5] are refused also where an account claims one and its subscriber grants it', async () => {
    const impus = ['sip:GUEST-009@ims.example'];
    const thief = { username: 'thief', password: 'thief-demo', displayName: 'T', impi: 'thief@ims.example', impus };
    await waf.running.accounts.create(thief);
    await waf.running.grants.allow('thief', partner.clientId);
    const { json } = await partner.credentials(browser, { impi: thief.impi, impu: impus });
    expect(json.error).toBe('access_denied');
  });

  it('[X.4.2.3-0] [WAF 5] are never issued by the code flow', async () => {
    const [impi, impus] = [guest.impi, [guest.impu]];
    const account = { username: 'lodger', password: 'lodger-demo', displayName: 'L', impi, impus };
    await waf.running.accounts.create(account);
    const own = waf.browser();
    const { json } = await waf.wwsf.exchange(own, await waf.signIn(own, 'lodger'));
    expect(json.error).toBe('access_denied');
    expect(json).not.toHaveProperty('access_token');
  });
});

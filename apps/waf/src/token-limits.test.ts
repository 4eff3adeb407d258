/**
 * Limits on token requests, over real https.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WafUnderTest } from './testing/waf-under-test.ts';
import { Wwsf } from './testing/wwsf.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'waf-limits-'));
const secret = 'another-test-0123456789-0123456789';
const partner = new Wwsf('wwsf.partner.example', secret, 'https://partner.example');
const visitor = { impi: 'visitor-1@ims.example', impu: 'sip:visitor-1@ims.example' };
const limit = 5;

let waf: WafUnderTest;

beforeAll(async () => {
  const file = join(folder, 'clients.json');
  const client = { client_id: partner.clientId, client_secret: secret, client_name: 'Partner' };
  writeFileSync(
    file,
    JSON.stringify([{ ...client, grant_types: ['client_credentials'], pool: 'visitor-*@ims.example' }]),
  );
  waf = await WafUnderTest.start({ WAF_CLIENTS_FILE: file, WAF_TOKEN_REQUESTS_PER_CLIENT: String(limit) });
});

afterAll(async () => {
  await waf.stop();
  rmSync(folder, { recursive: true });
});

describe('Token requests of one client', () => {
  it('[REQ 2.2] [RFC 6585 4] are bounded, and cost neither other clients nor the refresh token', async () => {
    const browser = waf.browser();
    const { refresh_token } = await waf.tokens(browser);
    const stranger = 'a secret of somebody who only guesses it';
    for (let count = 0; count < 2 * limit; count += 1) {
      expect(
        (await partner.post(browser, '/token', { grant_type: 'client_credentials', ...visitor }, stranger)).status,
      ).toBe(401);
    }
    const answers = [];
    for (let count = 0; count <= limit; count += 1) answers.push(await partner.credentials(browser, visitor));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers.at(-1)?.json.error).toBe('temporarily_unavailable');
    const given = answers[0]?.json.access_token ?? '';
    const revocations = [];
    for (let count = 0; count <= limit; count += 1) revocations.push(await partner.revoke(browser, given));
    expect(revocations.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(waf.log.some(({ event, clientId }) => event === 'token.limited' && clientId === partner.clientId)).toBe(
      true,
    );

    let newest = refresh_token;
    for (let count = 1; count < limit; count += 1) {
      newest = (await waf.wwsf.refresh(browser, newest)).json.refresh_token ?? '';
    }
    expect((await waf.wwsf.refresh(browser, newest)).status).toBe(429);
    await waf.restart();
    expect((await waf.wwsf.refresh(browser, newest)).status).toBe(200);
  });
});

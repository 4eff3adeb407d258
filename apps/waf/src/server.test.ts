/**
 * The https server beneath the pages: paths, limits, files, start and stop.
 *
 * @module
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readConfig } from './config.ts';
import { start } from './start.ts';
import { WafUnderTest } from './testing/waf-under-test.ts';

// Password hashes take their time, on a busy machine most of all.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let waf: WafUnderTest;

beforeAll(async () => {
  waf = await WafUnderTest.start();
});

afterAll(() => waf.stop());

const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };

describe('Paths', () => {
  it.each([
    '/',
    '/nothing',
    '/me',
    '/reg',
    '/request',
    '/device',
    '/interaction',
    '/assets/waf.css',
    '/assets/../keys.json',
    '/%2e%2e/keys.json',
    '/__proto__',
  ])('[RFC 9110 15.5.5] answers GET %s with our page', async (path) => {
    const { status, body, headers } = await waf.browser().send(path);
    expect(status).toBe(404);
    expect(body).toContain('This page does not exist');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it.each(['/interaction/unknown', '/auth/unknown'])('[OIDC Core 3.1.2] answers %s with a way back', async (path) => {
    const { status, body } = await waf.browser().send(path);
    expect(status).toBe(400);
    expect(body).toContain('This sign-in has expired');
    expect(body).toContain('href="https://localhost:9/"');
  });

  it('[RFC 9110 8.8.3] serves style, script and logo under names that change with them', async () => {
    const browser = waf.browser();
    const { body } = await browser.open(waf.wwsf.authorizationPath());
    const paths = [...body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const { status, headers } = await browser.send(path);
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['content-type']).toMatch(/^(text\/css|image\/svg)/);
    }
  });

  it('[RFC 9110 15.5.1] answers a malformed address with our page', async () => {
    const { status, body } = await waf.browser().send('/interaction/%E0%A4%A');
    expect(status).toBe(400);
    expect(body).toContain('This request cannot be accepted');
  });
});

describe('Host', () => {
  const hosts = ['localhost', 'evil.example', 'evil.example:1', '127.0.0.1:1'];
  const paths = ['/.well-known/openid-configuration', '/auth', '/session/end', '/token', '/interaction/x', '/'];

  it.each(hosts.flatMap((host) => paths.map((path) => ({ host, path }))))(
    '[RFC 9110 15.5.20] does not answer $path for $host',
    async ({ host, path }) => {
      const { status, body } = await waf.browser().send(path, { headers: { host } });
      expect(status).toBe(421);
      expect(body).toContain('This site is not here');
      expect(body).not.toContain('evil.example');
    },
  );

  it('[RFC 8414 3.3] publishes addresses of the issuer only, whatever a proxy’s headers say', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'forwarded': 'host=evil.example',
    };
    const { status, body } = await waf.browser().send('/.well-known/openid-configuration', { headers });
    expect(status).toBe(200);
    expect(body).not.toContain('evil.example');
    expect(JSON.parse(body)).toMatchObject({ authorization_endpoint: `${waf.issuer}/auth` });
  });
});

describe('Limits', () => {
  it.each([
    { fault: 'a state of 2 KiB', changed: { state: 'x'.repeat(2_048) } },
    { fault: 'a name of 2 KiB', changed: { ['x'.repeat(2_049)]: '' } },
    {
      fault: '8 KiB in all',
      changed: Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`x${at}`, 'y'.repeat(2_000)])),
    },
  ])('[RFC 9110 15.5.14] refuses an authorization request with $fault', async ({ changed }) => {
    const { status, body } = await waf.browser().send(waf.wwsf.authorizationPath(changed));
    expect(status).toBe(413);
    expect(body).toContain('It is larger than anything that belongs here.');
  });

  it('[OIDC Core 3.1.2.1] takes an authorization request with a state of almost 2 KiB', async () => {
    const page = await waf.browser().open(waf.wwsf.authorizationPath({ state: 'x'.repeat(2_040) }));
    expect(page.body).toContain('<h1>Sign in</h1>');
  });

  it.each(['/token', '/interaction/x', '/session/end/confirm'])(
    '[RFC 9110 15.5.14] refuses 17 KiB for %s',
    async (path) => {
      const { status } = await waf
        .browser()
        .send(path, { method: 'POST', headers: form, body: 'x'.repeat(17 * 1_024) });
      expect(status).toBe(413);
    },
  );

  it('[RFC 9110 8.6] refuses a body of unknown length for oidc-provider', async () => {
    const headers = { ...form, 'transfer-encoding': 'chunked' };
    expect((await waf.browser().send('/token', { method: 'POST', headers, body: 'a=b' })).status).toBe(413);
  });

  it('[RFC 9110 15.5.16] refuses other forms of content', async () => {
    const headers = { ...form, 'content-type': 'application/json' };
    expect((await waf.browser().send('/interaction/x', { method: 'POST', headers, body: '{}' })).status).toBe(415);
  });
});

describe('Limits on strangers', () => {
  const started = async (settings: Readonly<Record<string, string>>): Promise<WafUnderTest> => {
    const other = await WafUnderTest.start(settings);
    onTestFinished(() => other.stop());
    return other;
  };

  it('[X.3.2.3-0] so many requests of one address a minute', async () => {
    const other = await started({ WAF_REQUESTS_PER_ADDRESS: '2' });
    const browser = other.browser();
    const ask = () => browser.send(other.wwsf.authorizationPath());
    expect([(await ask()).status, (await ask()).status]).toEqual([303, 303]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect(refused.body).toContain('Too many requests');
    expect((await browser.send('/session/end')).status).toBe(429);
    expect((await browser.send('/jwks')).status).toBe(200);
  });

  it('[X.3.2.3-0] so many unfinished sign-ins; those under way are not disturbed, and make room', async () => {
    const other = await started({ WAF_INTERACTIONS: '2' });
    const [first, second, third] = [other.browser(), other.browser(), other.browser()];
    const page = await first.open(other.wwsf.authorizationPath());
    await second.open(other.wwsf.authorizationPath());
    const refused = await third.open(other.wwsf.authorizationPath());
    expect(refused.status).toBe(503);
    expect(refused.body).toContain('Too many people are signing in');
    const back = await first.submit(page, { username: 'alice', password: 'alice-demo' });
    expect(back.url.origin).toBe(other.wwsf.origin);
    expect((await third.open(other.wwsf.authorizationPath())).body).toContain('<h1>Sign in</h1>');
  });

  it('[RFC 7239 8.1] counts by X-Forwarded-For of a trusted proxy, and only what that proxy saw', async () => {
    const other = await started({ WAF_REQUESTS_PER_ADDRESS: '1', WAF_TRUSTED_PROXIES: '127.0.0.1,::1' });
    const ask = async (forwardedFor: string): Promise<number> => {
      const headers = { 'x-forwarded-for': forwardedFor, 'x-forwarded-host': 'evil.example' };
      const { status, headers: answered } = await other.browser().send(other.wwsf.authorizationPath(), { headers });
      expect(JSON.stringify(answered)).not.toContain('evil.example');
      return status;
    };
    expect(await ask('192.0.2.1')).toBe(303);
    expect(await ask('192.0.2.2')).toBe(303);
    expect(await ask('192.0.2.1')).toBe(429);
    expect(await ask('198.51.100.7, 192.0.2.1')).toBe(429);
  });

  it('[RFC 7239 8.1] believes X-Forwarded-For of nobody else', async () => {
    const other = await started({ WAF_REQUESTS_PER_ADDRESS: '1', WAF_TRUSTED_PROXIES: '192.0.2.200' });
    const ask = (address: string) =>
      other.browser().send(other.wwsf.authorizationPath(), { headers: { 'x-forwarded-for': address } });
    expect((await ask('192.0.2.1')).status).toBe(303);
    expect((await ask('192.0.2.2')).status).toBe(429);
  });

  it('[X.3.2.3-0] does not hinder 60 sign-ins a minute from one address', () => {
    const { WAF_REQUESTS_PER_ADDRESS, WAF_INTERACTIONS_PER_ADDRESS } = readConfig(waf.environment);
    expect(WAF_REQUESTS_PER_ADDRESS).toBeGreaterThanOrEqual(60 * 4);
    expect(WAF_INTERACTIONS_PER_ADDRESS).toBeGreaterThanOrEqual(60 * 10);
  });
});

describe('State', () => {
  it('[RFC 6750 5.3] is private to its owner, and holds no code, token or cookie in the clear', async () => {
    const browser = waf.browser();
    const back = await waf.signIn(browser);
    const { json } = await waf.wwsf.exchange(browser, back);
    const folder = waf.environment.WAF_STATE_DIR ?? '';
    const files = readdirSync(folder);
    expect(files).toEqual(expect.arrayContaining(['keys.json', 'waf.sqlite']));
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);

    const content = files.map((file) => readFileSync(join(folder, file), 'latin1')).join('');
    const session = [...browser.cookies].find(([key]) => / \/$/.test(key) && !key.includes('.sig'))?.[1].value;
    for (const secret of [
      back.url.searchParams.get('code'),
      json.refresh_token,
      json.access_token,
      session,
      'alice-demo',
    ]) {
      expect(secret).toBeTruthy();
      expect(content.includes(String(secret))).toBe(false);
    }
  });
});

describe('Start and stop', () => {
  it('[operation] ends within 5 s, whatever hangs', async () => {
    const other = await WafUnderTest.start();
    const { hostname, port } = new URL(other.issuer);
    const silent = connect({ host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port) });
    await new Promise((resolve) => silent.once('connect', resolve));
    silent.on('error', () => undefined);
    const before = Date.now();
    await other.stop();
    expect(Date.now() - before).toBeLessThan(5_000);
    silent.destroy();
  });

  it('[contract] says which setting to change where the port is taken', async () => {
    const context = createProcessContext('waf', { operations: new Operations(), level: 'silent' });
    await expect(start(readConfig(waf.environment), context)).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      message: expect.stringContaining('WAF_PORT'),
    });
  });

  it.each(['WAF_REVOCATION_CA_FILE', 'WAF_MTLS_CA_FILE'])(
    '[configuration] does not start with a %s in which there is no certificate: it would trust nobody',
    async (setting) => {
      const file = join(waf.folder, 'no-certificate.pem');
      writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
      const context = createProcessContext('waf', { operations: new Operations(), level: 'silent' });
      const config = readConfig({ ...waf.environment, [setting]: file });
      await expect(start(config, context)).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' });
    },
  );

  it('[contract] counts logins, and shares the counters with a second WAF of the process', async () => {
    await waf.signIn(waf.browser());
    const text = await waf.operations.metrics.metrics();
    expect(text).toMatch(/waf_logins_total\{result="succeeded"\} [1-9]/);
    await waf.restart();
    expect((await waf.signIn(waf.browser())).url.origin).toBe(waf.wwsf.origin);
  });

  it.each([
    { fault: 'damaged keys', file: 'keys.json', content: '{"signing":["secret-in-the-file"]}' },
    {
      fault: 'something else in the place of the database',
      file: 'waf.sqlite',
      content: 'secret-in-the-file'.repeat(100),
    },
  ])('[configuration] does not start on $fault, and does not quote it', async ({ file, content }) => {
    const other = await WafUnderTest.start();
    await other.running.stop();
    const folder = other.environment.WAF_STATE_DIR ?? '';
    for (const name of readdirSync(folder)) if (name.startsWith(file)) writeFileSync(join(folder, name), content);
    const context = createProcessContext('waf', { operations: new Operations(), level: 'silent' });
    const failure = await start(readConfig(other.environment), context).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_CONFIG_INVALID' });
    expect(String(failure)).toContain('WAF_STATE_DIR');
    expect(String(failure)).not.toContain('secret-in-the-file');
    await other.stop().catch(() => undefined);
  });
});

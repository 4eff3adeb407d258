import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from './testing/test-browser.ts';
import { createSite, findFreePort, type Site, type StartedWwsf } from './testing/test-wwsf.ts';

describe('the web server', () => {
  let site: Site;
  let wwsf: StartedWwsf;
  let browser: TestBrowser;

  beforeAll(async () => {
    site = await createSite();
    wwsf = await site.startWwsf(`https://localhost:${await findFreePort()}`);
    browser = site.openBrowser();
  });

  afterAll(async () => {
    await wwsf.stop();
    site.remove();
  });

  it('[X.2.2.3-1] [X.3.2.3-1] [X.4.2.3-1] [WWSF 1] serves the WIC and lets its names with a hash be kept', async () => {
    const page = await browser.navigate(`${site.origin}/?sign-in=failed`);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('The WIC')]);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await browser.fetch(`${site.origin}/assets/index-0123abcd.js`);
    expect([script.status, script.body]).toEqual([200, 'export {};']);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect((await browser.fetch(`${site.origin}/favicon.svg`)).headers.get('cache-control')).toBe('no-cache');
  });

  it('[X.2.2.3-1] [REQ 1.0] [WWSF 1] proves itself by its certificate: who does not trust it gets nothing', async () => {
    const stranger = new TestBrowser('');
    await expect(stranger.navigate(`${site.origin}/`)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/),
    });
  });

  it('[X.2.2.3-1] [WWSF 1] serves nothing without TLS', async () => {
    await expect(fetch(`${site.origin.replace('https:', 'http:')}/`)).rejects.toThrow('fetch failed');
  });

  it('[REQ 1.1] lets the page run, show and connect to nothing foreign', async () => {
    const { headers } = await browser.navigate(`${site.origin}/`);
    expect(headers.get('content-security-policy')?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "media-src 'self' blob:",
      "connect-src 'self' wss://localhost:8445",
      "manifest-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(headers.get('permissions-policy')).toContain('camera=(self), microphone=(self)');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it.each(['/', '/session', '/configuration', '/sign-in', '/nowhere', '/assets/index-0123abcd.js'])(
    '[REQ 1.1] protects the answer to %s',
    async (path) => {
      const { headers } = await browser.fetch(`${site.origin}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('[X.3.2.3-0] gives the page its configuration', async () => {
    const answer = await browser.fetch(`${site.origin}/configuration`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json()).toEqual({
      epCscfUrl: 'wss://localhost:8445/',
      homeDomain: 'ims.example',
      turnUris: ['turn:127.0.0.1:8450?transport=udp', 'turn:127.0.0.1:8450?transport=tcp'],
      iceTransportPolicy: 'all',
      ways: ['web', 'digest'],
      isimOrigin: null,
    });
  });

  const ways = [
    { settings: { WWSF_ISIM_ORIGIN: 'https://isim.ims.example:8455' }, expected: ['web', 'digest', 'sim'] },
    { settings: { WWSF_POOL: 'guest-1..2@ims.example' }, expected: ['web', 'digest', 'guest'] },
    { settings: { WWSF_POOL: 'guest-1..2@ims.example', WWSF_WAYS: 'guest, sim' }, expected: ['guest'] },
    { settings: { WWSF_WAYS: 'digest' }, expected: ['digest'] },
  ];

  it.each(ways)('[X.2.1] [X.3.0] [X.4.0] offers the ways in that are possible and wanted: $settings', async (row) => {
    const other = await createSite();
    const running = await other.startWwsf(`https://localhost:${await findFreePort()}`, row.settings);
    const page = other.openBrowser();
    const { ways: offered } = (await page.fetch(`${other.origin}/configuration`)).json();
    expect(offered).toEqual(row.expected);
    const guest = await page.fetch(`${other.origin}/guest`, { method: 'POST' });
    expect(guest.status).toBe(row.expected.includes('guest') ? 403 : 404);
    const signIn = await page.navigate(`${other.origin}/sign-in`);
    expect(signIn.status).toBe(row.expected.includes('web') ? 303 : 404);
    await running.stop();
    other.remove();
  });

  it('[X.2.3.3] lets the page frame the soft ISIM, and nothing else', async () => {
    const other = await createSite();
    const settings = { WWSF_ISIM_ORIGIN: 'https://isim.ims.example:8455' };
    const running = await other.startWwsf(`https://localhost:${await findFreePort()}`, settings);
    const page = other.openBrowser();
    const { headers } = await page.navigate(`${other.origin}/`);
    expect(headers.get('content-security-policy')).toContain(
      "; frame-src https://isim.ims.example:8455; frame-ancestors 'none'",
    );
    expect((await page.fetch(`${other.origin}/configuration`)).json().isimOrigin).toBe('https://isim.ims.example:8455');
    await running.stop();
    other.remove();
  });

  it.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/assets/%2e%2e/%2e%2e/outside.txt',
    '/assets/..\\..\\outside.txt',
    '/assets/....//....//outside.txt',
    '//etc/passwd',
    '/.env',
    '/%2eenv',
    '/assets/index-0123abcd.js.map',
    '/assets/',
    '/assets',
    '/assets/index-0123abcd.js%00.txt',
    '/index.html',
    '/callback/x',
  ])('[REQ 1.1] has no file at %s', async (path) => {
    const answer = await browser.ask(`${site.origin}${path}`);
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({ error: 'not_found' });
  });

  it('[REQ 1.1] answers a path it cannot decode', async () => {
    const answer = await browser.ask(`${site.origin}/%zz`);
    expect([answer.status, answer.json()]).toEqual([400, { error: 'bad_request' }]);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('[X.3.2.3-0] shows a person a page where there is none, styled as its own policy allows', async () => {
    const answer = await browser.navigate(`${site.origin}/nowhere`);
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('<h1>This page does not exist</h1>');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+=';/);
  });

  it.each(['localhost', 'evil.example', `evil.example:1`, '127.0.0.1:1'])(
    '[REQ 1.1] does not answer for the host %s',
    async (host) => {
      const answer = await browser.ask(`${site.origin}/session`, { headers: { host } });
      expect([answer.status, answer.json()]).toEqual([421, { error: 'wrong_host' }]);
    },
  );

  it('[REQ 1.1] bounds what it reads', async () => {
    const post = (length: number): Promise<number> =>
      browser
        .fetch(`${site.origin}/sign-out`, {
          method: 'POST',
          body: 'x'.repeat(length),
          headers: { 'content-type': 'application/json', 'content-length': String(length) },
        })
        .then(({ status }) => status);
    expect(await post(16_384)).toBe(401);
    expect(await post(16_385)).toBe(413);
    const wide = await browser.fetch(`${site.origin}/session`, { headers: { 'x-wide': 'x'.repeat(20_000) } });
    expect(wide.status).toBe(431);
  });

  it.each(['GET / HTTP/9.9\r\n\r\n', '\0\0\0\0', 'GET /session HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'])(
    '[REQ 1.1] survives octets that are no HTTP: %j',
    async (octets) => {
      const { port } = new URL(site.origin);
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect({
          port: Number(port),
          host: '127.0.0.1',
          servername: 'localhost',
          rejectUnauthorized: false,
        });
        let read = '';
        socket.on('data', (chunk) => {
          read += chunk.toString();
        });
        socket.on('error', reject);
        socket.on('close', () => resolve(read));
        socket.end(octets);
      });
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/);
      expect((await browser.fetch(`${site.origin}/session`)).status).toBe(200);
    },
  );
});

describe('starting and stopping', () => {
  it('[operation] says which setting to change when the port is taken, and ends within 5 s', async () => {
    const site = await createSite();
    const issuer = `https://localhost:${await findFreePort()}`;
    const wwsf = await site.startWwsf(issuer);
    await expect(site.startWwsf(issuer)).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE' });
    const port = Number(new URL(site.origin).port);
    const idle = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const silent = connectTcp({ port, host: '127.0.0.1' });
    await Promise.all([once(idle, 'secureConnect'), once(silent, 'connect')]);
    const closed = Promise.all([idle, silent].map((socket) => once(socket.resume(), 'close')));
    const startedAt = performance.now();
    await wwsf.stop();
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    site.remove();
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CertificateAuthority } from '@wicgate/certificates';
import { createProcessContext, Operations, type RunningFunction } from '@wicgate/node-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { start } from './start.ts';

let folder: string;
let ca: Buffer;
let port: number;
let environment: Record<string, string>;
let isim: RunningFunction;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'isim-test-'));
  const authority = await CertificateAuthority.open(join(folder, 'certificates'));
  const { certFile, keyFile } = await authority.certificate('localhost', ['localhost']);
  ca = readFileSync(authority.certFile);
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>SIM</title>');
  writeFileSync(join(folder, 'page', '.env'), 'not for anybody');
  writeFileSync(join(folder, 'page', 'assets', 'index-0123abcd.js'), 'export {};');
  writeFileSync(join(folder, 'page', 'assets', 'index-0123abcd.js.map'), '{}');
  port = await findFreePort();
  environment = {
    ISIM_PORT: String(port),
    ISIM_TLS_CERT_FILE: certFile,
    ISIM_TLS_KEY_FILE: keyFile,
    ISIM_PAGE_DIR: join(folder, 'page'),
    ISIM_FRAME_ANCESTORS: 'https://localhost:8443, https://localhost:8458',
  };
  const context = createProcessContext('isim', { operations: new Operations(), level: 'warn', write: () => undefined });
  isim = await start(readConfig(environment), context);
});

afterAll(async () => {
  await isim.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

async function get(path: string, method = 'GET') {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', servername: 'localhost', port, path, method, ca, agent: false }, resolve);
    sent.once('error', reject).end();
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('the server of the ISIM', () => {
  it('[X.2.3.1] lets exactly the WWSFs frame the page, and sets no cookie', async () => {
    const { status, headers } = await get('/');
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toContain('frame-ancestors https://localhost:8443 https://localhost:8458');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).toMatchObject({
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('[X.2.3.1] tells the page whom it may speak to', async () => {
    const { body, headers } = await get('/configuration');
    expect(JSON.parse(body)).toEqual({ wicOrigins: ['https://localhost:8443', 'https://localhost:8458'] });
    expect(headers['cache-control']).toBe('no-store');
  });

  it.each(['/.env', '/assets/index-0123abcd.js.map', '/..%2fcertificates', '/nothing', '/%'])(
    '[contract] has no %s, and says so with the same headers',
    async (path) => {
      const { status, headers } = await get(path);
      expect([400, 404]).toContain(status);
      expect(headers['content-security-policy']).toContain('frame-ancestors');
    },
  );

  it('[contract] takes nothing', async () => {
    expect((await get('/', 'POST')).status).toBe(404);
  });

  it.each([
    ['ISIM_FRAME_ANCESTORS', ''],
    ['ISIM_FRAME_ANCESTORS', '*'],
    ['ISIM_FRAME_ANCESTORS', 'http://localhost:8443'],
    ['ISIM_FRAME_ANCESTORS', "https://localhost:8443/; script-src 'unsafe-inline'"],
    ['ISIM_FRAME_ANCESTORS', 'https://localhost:8443/path'],
    ['ISIM_PAGE_DIR', '/nowhere'],
    ['ISIM_PORT', '0'],
  ])('[contract] does not start with %s=%s', (name, value) => {
    expect(() => readConfig({ ...environment, [name]: value })).toThrow(name);
  });
});

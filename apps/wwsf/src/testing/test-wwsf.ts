/**
 * A WWSF for tests: real https with a certificate of a throw-away authority, in a folder of its own.
 *
 * @module
 */
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, CertificateAuthority } from '@wicgate/certificates';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { readConfig } from '../config.ts';
import { type RunningWwsf, start } from '../start.ts';
import { TestBrowser } from './test-browser.ts';
import { clientId, clientSecret, startTestWaf, type TestWaf, type TestWafOptions } from './test-waf.ts';

const lowestPort = 20_000;
/** Below what Linux takes for outgoing connections. */
const highestPort = 32_000;

export interface Site {
  readonly folder: string;
  readonly origin: string;
  readonly caFile: string;
  readonly certificate: Certificate;
  readonly openBrowser: () => TestBrowser;
  readonly authority: CertificateAuthority;
  readonly startWaf: (port?: number, options?: Partial<TestWafOptions>) => Promise<TestWaf>;
  /** A setting that is undefined is not set. */
  readonly startWwsf: (issuer: string, settings?: Readonly<Record<string, string | undefined>>) => Promise<StartedWwsf>;
  readonly remove: () => void;
}

export interface StartedWwsf extends RunningWwsf {
  readonly operations: Operations;
  /** All lines of its log, down to debug. */
  readonly log: readonly string[];
}

/** Certificates, a small WIC and a free port, before anything runs. */
export async function createSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
  const authority = await CertificateAuthority.open(join(folder, 'certificates'));
  const certificate = await authority.certificate('localhost', ['localhost', '127.0.0.1']);
  const pem = { cert: readFileSync(certificate.certFile, 'utf8'), key: readFileSync(certificate.keyFile, 'utf8') };
  const ca = readFileSync(authority.certFile, 'utf8');
  writeWic(join(folder, 'wic'));
  const port = await findFreePort();
  const origin = `https://localhost:${port}`;
  const site: Site = {
    folder,
    origin,
    caFile: authority.certFile,
    certificate,
    openBrowser: () => new TestBrowser(ca),
    authority,
    startWaf: (wafPort = 0, options = {}) => startTestWaf({ ...pem, wwsfOrigin: origin, port: wafPort, ...options }),
    startWwsf: (issuer, settings = {}) => startWwsf({ ...environment(site, port, issuer), ...settings }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return site;
}

/**
 * A port that is free, of those that the system gives to nobody by itself: until the WWSF takes it, no connection of a
 * test running beside this one can.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(lowestPort, highestPort);
    if (await isFree(port)) return port;
  }
  throw new Error('expected a free port');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}

function environment(site: Site, port: number, issuer: string): Record<string, string> {
  return {
    WWSF_PORT: String(port),
    WWSF_ORIGIN: site.origin,
    WWSF_TLS_CERT_FILE: site.certificate.certFile,
    WWSF_TLS_KEY_FILE: site.certificate.keyFile,
    WWSF_STATE_DIR: join(site.folder, 'state'),
    WWSF_WIC_DIR: join(site.folder, 'wic'),
    WWSF_WAF_ISSUER: issuer,
    WWSF_WAF_CA_FILE: site.caFile,
    WWSF_CLIENT_ID: clientId,
    WWSF_CLIENT_SECRET: clientSecret,
    WWSF_HOME_DOMAIN: 'ims.example',
    WWSF_TURN_URIS: 'turn:127.0.0.1:8450?transport=udp,turn:127.0.0.1:8450?transport=tcp',
  };
}

async function startWwsf(env: Readonly<Record<string, string | undefined>>): Promise<StartedWwsf> {
  const operations = new Operations();
  const log: string[] = [];
  const context = createProcessContext('wwsf', { operations, level: 'debug', write: (line) => log.push(line) });
  return { ...(await start(readConfig(env), context)), operations, log };
}

function writeWic(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>The WIC</title>');
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, '.env'), 'not for anybody');
  writeFileSync(join(folder, 'assets', 'index-0123abcd.js'), 'export {};');
  writeFileSync(join(folder, 'assets', 'index-0123abcd.js.map'), '{}');
  writeFileSync(join(folder, '..', 'outside.txt'), 'outside');
}

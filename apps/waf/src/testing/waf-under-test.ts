/**
 * A real WAF on a free port, with accounts, a WWSF and browsers.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { readConfig } from '../config.ts';
import { type RunningWaf, start } from '../start.ts';
import { Browser, type ClientCertificate, type Shown } from './browser.ts';
import { type Tokens, Wwsf } from './wwsf.ts';

type Settings = Readonly<Record<string, string>>;

const wwsfSecret = 'only-a-test-0123456789-0123456789';

export class WafUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), 'waf-test-'));
  readonly log: Record<string, unknown>[] = [];
  readonly wwsf = new Wwsf('wwsf.ims.example', wwsfSecret, 'https://localhost:9');
  readonly operations = new Operations();
  #running: RunningWaf | undefined;
  #environment: Record<string, string> = {};
  #ca = Buffer.alloc(0);
  #authority: CertificateAuthority | undefined;
  readonly #browsers: Browser[] = [];

  /** Starts it, with accounts alice and bob. `settings` may be made of what is known by then. */
  static async start(settings: Settings | ((waf: WafUnderTest) => Promise<Settings>) = {}): Promise<WafUnderTest> {
    const waf = new WafUnderTest();
    const authority = await CertificateAuthority.open(join(waf.folder, 'ca'));
    waf.#authority = authority;
    const { certFile, keyFile } = await authority.certificate('waf', ['localhost', '127.0.0.1']);
    const port = await freePort();
    waf.#ca = readFileSync(authority.certFile);
    waf.#environment = {
      WAF_PORT: String(port),
      WAF_ISSUER: `https://localhost:${port}`,
      WAF_TLS_CERT_FILE: certFile,
      WAF_TLS_KEY_FILE: keyFile,
      WAF_STATE_DIR: join(waf.folder, 'state'),
      WAF_WWSF_CLIENT_SECRET: wwsfSecret,
      WAF_WWSF_ORIGIN: waf.wwsf.origin,
    };
    Object.assign(waf.#environment, typeof settings === 'function' ? await settings(waf) : settings);
    await waf.restart();
    await Promise.all([waf.addAccount('alice'), waf.addAccount('bob')]);
    return waf;
  }

  /** A certificate of the authority that everybody here trusts. */
  async certificate(name: string, file = name): Promise<Required<ClientCertificate>> {
    const { certFile, keyFile } = await this.#authorityOf().certificate(file, [name]);
    return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  }

  get caFile(): string {
    return this.#authorityOf().certFile;
  }

  #authorityOf(): CertificateAuthority {
    if (this.#authority === undefined) throw new TypeError('expected a certificate authority');
    return this.#authority;
  }

  get running(): RunningWaf {
    if (this.#running === undefined) throw new TypeError('expected a started WAF');
    return this.#running;
  }

  get issuer(): string {
    return this.running.issuer;
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  addAccount(username: string): Promise<void> {
    return this.running.accounts.create({
      username,
      password: `${username}-demo`,
      displayName: username[0]?.toUpperCase() + username.slice(1),
      impi: `${username}@ims.example`,
      impus: [`sip:${username}@ims.example`],
    });
  }

  async restart(): Promise<void> {
    await this.#running?.stop();
    const write = (line: string): void => {
      this.log.push(JSON.parse(line));
    };
    const context = createProcessContext('waf', { operations: this.operations, level: 'debug', write });
    this.#running = await start(readConfig(this.#environment), context);
  }

  browser(origin = this.issuer, certificate: ClientCertificate = {}): Browser {
    const browser = new Browser(origin, this.#ca, certificate);
    this.#browsers.push(browser);
    return browser;
  }

  /** Signs in at the login page; what the browser shows then. */
  async signIn(
    browser: Browser,
    username = 'alice',
    password = `${username}-demo`,
    client = this.wwsf,
  ): Promise<Shown> {
    const page = await browser.open(client.authorizationPath());
    return browser.submit(page, { username, password });
  }

  async tokens(browser: Browser, username = 'alice'): Promise<Tokens> {
    const { json } = await this.wwsf.exchange(browser, await this.signIn(browser, username));
    return json as Tokens;
  }

  async stop(): Promise<void> {
    for (const browser of this.#browsers) browser.close();
    await this.#running?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The issuer names the port, so it has to be known before the start. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

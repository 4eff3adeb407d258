/**
 * An eP-CSCF on free ports with all it needs around it: certificates, WAF, core, WICs.
 *
 * @module
 */
import { EventEmitter } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, CertificateAuthority } from '@wicgate/certificates';
import { createProcessContext, listen, Operations } from '@wicgate/node-kit';
import type { SipResponse } from '@wicgate/sip';
import type { TlsIdentity } from '@wicgate/sip-node';
import { readConfig } from '../config.ts';
import { type RunningEpCscf, start } from '../start.ts';
import { ScriptedCore } from './scripted-core.ts';
import { WafServer } from './waf-server.ts';
import { WicClient, type WicClientOptions } from './wic-client.ts';

export const turnSecret = 'the key that eP-CSCF and TURN server share';

/** Settings other than those of a test. */
export type Changes = Readonly<Record<string, string>>;
/** Starts what takes the place of the scripted core, with certificates of the same authority. */
export type Home = (authority: CertificateAuthority) => Promise<Changes>;

export class Edge {
  readonly core: ScriptedCore;
  readonly waf: WafServer;
  readonly #partner: WafServer | undefined;
  readonly operations: Operations;
  readonly lines: string[];
  readonly #log: EventEmitter;
  readonly #folder: string;
  readonly #authority: CertificateAuthority;
  readonly #env: Readonly<Record<string, string>>;
  readonly #ca: Buffer;
  readonly #wics: WicClient[] = [];
  #running: RunningEpCscf;

  private constructor(parts: {
    core: ScriptedCore;
    waf: WafServer;
    partner: WafServer | undefined;
    operations: Operations;
    lines: string[];
    log: EventEmitter;
    folder: string;
    authority: CertificateAuthority;
    env: Readonly<Record<string, string>>;
    running: RunningEpCscf;
  }) {
    this.core = parts.core;
    this.waf = parts.waf;
    this.#partner = parts.partner;
    this.operations = parts.operations;
    this.lines = parts.lines;
    this.#log = parts.log;
    this.#folder = parts.folder;
    this.#authority = parts.authority;
    this.#env = parts.env;
    this.#running = parts.running;
    this.#ca = readFileSync(parts.authority.certFile);
  }

  /** @param partnerWwsfs `wwsfs` of a second WAF, `waf.partner.example`; undefined: there is none. */
  static async start(changesOrHome: Changes | Home = {}, partnerWwsfs?: readonly object[]): Promise<Edge> {
    const folder = mkdtempSync(join(tmpdir(), 'ep-cscf-'));
    const authority = await CertificateAuthority.open(folder);
    const local = await authority.certificate('local', ['localhost', '127.0.0.1']);
    const mw = await authority.certificate('ep-cscf', ['ep-cscf.ims.example']);
    const identity = (certificate: Certificate): TlsIdentity => identityOf(certificate, authority);
    const core = await ScriptedCore.start(
      identity(await authority.certificate('i-cscf', ['i-cscf.ims.example'])),
      identity(await authority.certificate('s-cscf', ['s-cscf.ims.example'])),
    );
    const waf = await WafServer.start(identity(local));
    const partner = partnerWwsfs === undefined ? undefined : await WafServer.start(identity(local));
    const partners = partner === undefined ? [] : [describePartner(partner, authority, partnerWwsfs)];
    const partnersFile = join(folder, 'partners.json');
    writeFileSync(partnersFile, JSON.stringify(partners));
    const surroundings = { folder, authority, local, mw, core, waf };
    const known: Readonly<Record<string, string>> = {
      ...environment(surroundings),
      EP_CSCF_PARTNER_WAFS_FILE: partnersFile,
    };
    const changes = typeof changesOrHome === 'function' ? await changesOrHome(authority) : changesOrHome;
    const env = {
      ...known,
      ...changes,
      ...(changes.EP_CSCF_ECSCF === '' && { EP_CSCF_ECSCF: known.EP_CSCF_MW_PEERS ?? '' }),
    };
    const lines: string[] = [];
    const log = new EventEmitter();
    log.on('line', (line: string) => lines.push(line));
    const operations = new Operations();
    const running = await startEpCscf(env, operations, log);
    core.connectTo(running.mwPort, 'ep-cscf.ims.example');
    return new Edge({ core, waf, partner, operations, lines, log, folder, authority, env, running });
  }

  /** With the S-CSCF as E-CSCF. */
  static startWithECscf(changes: Readonly<Record<string, string>> = {}): Promise<Edge> {
    return Edge.start({ ...changes, EP_CSCF_ECSCF: '' });
  }

  /** The WAF of the partner. */
  get partner(): WafServer {
    if (this.#partner === undefined) throw new TypeError('expected an edge with a partner');
    return this.#partner;
  }

  /** Opens the operations listener; its port. */
  async listenOperations(): Promise<number> {
    const server = createServer();
    await listen(server, { host: '127.0.0.1', port: 0, setting: 'PORT' });
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await this.operations.listen('127.0.0.1', port);
    return port;
  }

  get port(): number {
    return this.#running.port;
  }

  get mwPort(): number {
    return this.#running.mwPort;
  }

  /** A WebSocket of a WIC that has not registered. */
  async connect(name: string, options: Partial<WicClientOptions> = {}): Promise<WicClient> {
    const wic = await WicClient.open({ port: this.port, ca: this.#ca, name, ...options });
    this.#wics.push(wic);
    return wic;
  }

  /** A WIC that has registered. */
  async register(name: string): Promise<WicClient> {
    const wic = await this.connect(name);
    const response = await wic.register(await this.waf.issue(name));
    if (response.statusCode !== 200) throw new Error(`expected 200, got ${response.statusCode}`);
    return wic;
  }

  /** The same with a token that has these claims, of the operator's WAF unless given. */
  async registerWith(name: string, claims: Readonly<Record<string, unknown>>, waf = this.waf): Promise<WicClient> {
    const wic = await this.connect(name);
    const response = await wic.register(await waf.issue(name, { claims }));
    if (response.statusCode !== 200) throw new Error(`expected 200, got ${response.statusCode}`);
    return wic;
  }

  /** A certificate of the same authority for a name that nobody trusts. */
  async identity(name: string): Promise<TlsIdentity> {
    return identityOf(await this.#authority.certificate(name, [name]), this.#authority);
  }

  /** What a registered WIC gets for a message of its own: 200 says that it is served. */
  async tryService(wic: WicClient): Promise<number> {
    const response: SipResponse = await wic.request('MESSAGE', { requestUri: 'sip:carol@ims.example' });
    return response.statusCode;
  }

  /** The next line of the log that has `text`. */
  nextLine(text: string): Promise<string> {
    return new Promise((resolve) => {
      const hear = (line: string): void => {
        if (!line.includes(text)) return;
        this.#log.off('line', hear);
        resolve(line);
      };
      this.#log.on('line', hear);
    });
  }

  /** Ends the eP-CSCF and starts it again on the same ports, with the same state. */
  async restart(): Promise<void> {
    const { port, mwPort } = this.#running;
    await this.#running.stop();
    const env = { ...this.#env, EP_CSCF_PORT: String(port), EP_CSCF_MW_PORT: String(mwPort) };
    this.#running = await startEpCscf(env, this.operations, this.#log);
  }

  /** Cuts a line off at the end of the list of revocations. */
  damageRevocations(): void {
    appendFileSync(join(this.#folder, 'state', 'revocations.ndjson'), '{"issuer":"https://waf","ke');
  }

  async stop(): Promise<void> {
    for (const wic of this.#wics) wic.socket.terminate();
    await this.#running.stop();
    await this.core.endpoint.stop();
    await this.waf.stop();
    await this.#partner?.stop();
    await this.operations.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

function startEpCscf(
  env: Readonly<Record<string, string>>,
  operations: Operations,
  log: EventEmitter,
): Promise<RunningEpCscf> {
  const write = (line: string): void => void log.emit('line', line);
  return start(readConfig(env), createProcessContext('ep-cscf', { operations, level: 'debug', write }));
}

function identityOf({ certFile, keyFile }: Certificate, { certFile: caFile }: CertificateAuthority): TlsIdentity {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
}

function describePartner(partner: WafServer, { certFile }: CertificateAuthority, wwsfs: unknown): object {
  return { issuer: partner.issuer, identity: 'waf.partner.example', ca_file: certFile, wwsfs };
}

interface Surroundings {
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly local: Certificate;
  readonly mw: Certificate;
  readonly core: ScriptedCore;
  readonly waf: WafServer;
}

function environment({ folder, authority, local, mw, core, waf }: Surroundings): Readonly<Record<string, string>> {
  return {
    EP_CSCF_PORT: '0',
    EP_CSCF_MW_PORT: '0',
    EP_CSCF_TLS_CERT_FILE: local.certFile,
    EP_CSCF_TLS_KEY_FILE: local.keyFile,
    EP_CSCF_ORIGINS: 'https://wwsf.test, https://localhost:8443',
    EP_CSCF_HOME_DOMAIN: 'ims.example',
    EP_CSCF_MW_TLS_CERT_FILE: mw.certFile,
    EP_CSCF_MW_TLS_KEY_FILE: mw.keyFile,
    EP_CSCF_MW_TLS_CA_FILE: authority.certFile,
    EP_CSCF_ICSCF_PORT: String(core.ports.iCscf),
    EP_CSCF_ICSCF_NAME: 'i-cscf.ims.example',
    EP_CSCF_MW_PEERS: `127.0.0.1:${core.ports.sCscf}=s-cscf.ims.example`,
    EP_CSCF_MW_TRUSTED_NAMES: 'i-cscf.ims.example,s-cscf.ims.example',
    EP_CSCF_WAF_ISSUER: waf.issuer,
    EP_CSCF_WAF_IDENTITY: 'waf.ims.example',
    EP_CSCF_WAF_CA_FILE: authority.certFile,
    EP_CSCF_WAF_AUDIENCE: 'https://ep-cscf.ims.example',
    EP_CSCF_TURN_SECRET: turnSecret,
    EP_CSCF_STATE_DIR: join(folder, 'state'),
  };
}

/**
 * The lab: a whole IMS with WebRTC access in one process.
 *
 * Every function is the one that runs alone in production, configured by the same variables; they speak over sockets.
 *
 * @module
 */
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import * as core from '@wicgate/core';
import { createInProcessCx } from '@wicgate/cx';
import * as epCscf from '@wicgate/ep-cscf';
import * as hss from '@wicgate/hss';
import {
  createProcessContext,
  type LogLevel,
  Operations,
  type ProcessContext,
  type RunningFunction,
} from '@wicgate/node-kit';
import * as turn from '@wicgate/turn';
import * as waf from '@wicgate/waf';
import * as wwsf from '@wicgate/wwsf';
import { buildWic } from './build-wic.ts';
import { checkPorts } from './check-ports.ts';
import { type DemoAccount, digestAccounts, unassignedIdentities, webAccounts } from './demo-accounts.ts';
import { type Environment, environmentOf } from './environment.ts';
import { openLabSecrets } from './lab-secrets.ts';
import { type LabPorts, portsFrom } from './ports.ts';
import { StateFolder } from './state-folder.ts';
import { afterOnTimer } from './timer.ts';

export interface LabOptions {
  readonly portBase: number;
  /** Folder of keys and databases, the lab's alone; made where it is missing. */
  readonly stateFolder: string;
  /** Removes first what earlier labs left in that folder. */
  readonly fresh?: boolean;
  /** Trusted W2 origins beside that of the WWSF. */
  readonly origins?: readonly string[];
  /** Settings of the functions that differ from the lab's. */
  readonly settings?: Environment;
  readonly logLevel?: LogLevel;
  /** Takes the log, a line at a time; standard error unless given. */
  readonly writeLog?: (line: string) => void;
}

export interface Subscriber {
  readonly username: string;
  readonly displayName?: string;
  readonly password: string;
}

/** The functions that can be restarted while the others go on. */
export type LabFunction = 'turn' | 'hss' | 'core' | 'waf' | 'ep-cscf' | 'wwsf';

export const homeDomain = 'ims.example';

export class Lab {
  readonly ports: LabPorts;
  readonly homeDomain = homeDomain;
  /** PEM file of the authority that all certificates of the lab come from. */
  readonly caFile: string;
  readonly #operations = new Operations();
  readonly #options: LabOptions;
  readonly #folder: StateFolder;
  readonly #environment: Environment;
  readonly #cx = createInProcessCx({ after: afterOnTimer });
  readonly #running = new Map<LabFunction, RunningFunction>();
  #hss: hss.RunningHss | undefined;
  #waf: waf.RunningWaf | undefined;

  private constructor(options: LabOptions, folder: StateFolder, caFile: string, environment: Environment) {
    this.#options = options;
    this.#folder = folder;
    this.#environment = environment;
    this.caFile = caFile;
    this.ports = portsFrom(options.portBase);
  }

  /**
   * Nothing is removed before the folder is this lab's alone and the ports are free.
   *
   * @throws {AddressInUse}
   * @throws {StateFolderUnusable | StateFolderForeign | StateFolderInUse | StateDamaged}
   * @throws {WicBuildFailed}
   */
  static async start(options: LabOptions): Promise<Lab> {
    const folder = StateFolder.open(options.stateFolder, options.portBase);
    try {
      await checkPorts(portsFrom(options.portBase));
      if (options.fresh === true) folder.empty();
      const lab = await Lab.#create(options, folder);
      await lab.#startAll();
      return lab;
    } catch (error) {
      folder.close();
      throw error;
    }
  }

  static async #create(options: LabOptions, folder: StateFolder): Promise<Lab> {
    const authority = await CertificateAuthority.open(join(folder.path, 'certificates'));
    const environment = await environmentOf({
      ports: portsFrom(options.portBase),
      homeDomain,
      authority,
      secrets: openLabSecrets(folder.path),
      stateFolder: folder.path,
      origins: options.origins ?? [],
      wicFolder: await buildWic(),
    });
    return new Lab(options, folder, authority.certFile, { ...environment, ...options.settings });
  }

  get wwsfUrl(): string {
    return `https://localhost:${this.ports.wwsf}`;
  }

  get epCscfUrl(): string {
    return `wss://localhost:${this.ports.epCscf}/`;
  }

  /** Stops one function; the others go on. */
  async stopFunction(name: LabFunction): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    await running?.stop();
  }

  async startFunction(name: LabFunction): Promise<void> {
    if (!this.#running.has(name)) await this.#start(name);
  }

  /** Makes a person who can sign in and be called. */
  async createSubscriber({ username, displayName, password }: Subscriber): Promise<DemoAccount> {
    const account: DemoAccount = {
      username,
      displayName: displayName ?? username,
      password,
      impi: `${username}@${homeDomain}`,
      impu: `sip:${username}@${homeDomain}`,
    };
    await this.#provision(account);
    return account;
  }

  /** Ends everything within 5 s. */
  async stop(): Promise<void> {
    const running = startOrder.toReversed().map((name) => this.#running.get(name));
    this.#running.clear();
    try {
      await Promise.all([...running.map((each) => each?.stop()), this.#operations.stop()]);
    } finally {
      this.#folder.close();
    }
  }

  async #startAll(): Promise<void> {
    try {
      for (const name of startOrder) await this.#start(name);
      await this.#operations.listen('127.0.0.1', this.ports.operations);
      await this.#provisionDemoAccounts();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(name: LabFunction): Promise<void> {
    this.#running.set(name, await this.#starters[name](this.#context(name)));
  }

  readonly #starters: Readonly<Record<LabFunction, (context: ProcessContext) => Promise<RunningFunction>>> = {
    'turn': (context) => turn.start(turn.readConfig(this.#environment), context),
    'hss': async (context) => {
      this.#hss = await hss.start(hss.readConfig(this.#environment), context, { cx: this.#cx });
      return this.#hss;
    },
    'core': (context) => core.start(core.readConfig(this.#environment), context, { cx: this.#cx }),
    'waf': async (context) => {
      this.#waf = await waf.start(waf.readConfig(this.#environment), context);
      return this.#waf;
    },
    'ep-cscf': (context) => epCscf.start(epCscf.readConfig(this.#environment), context),
    'wwsf': (context) => wwsf.start(wwsf.readConfig(this.#environment), context),
  };

  #context(name: LabFunction): ProcessContext {
    const { logLevel: level = 'info', writeLog } = this.#options;
    return createProcessContext(name, { operations: this.#operations, level, ...(writeLog && { write: writeLog }) });
  }

  async #provisionDemoAccounts(): Promise<void> {
    for (const account of webAccounts(homeDomain)) await this.#provision(account);
    for (const { impi, impu } of unassignedIdentities(homeDomain)) await this.#subscribe(impi, impu);
    for (const { impi, impu, md5Ha1 } of digestAccounts(homeDomain)) {
      await this.#subscribe(impi, impu);
      // Also where an older lab has left her without.
      await this.#hss?.subscriptions.change(impi, { digest: { ha1: { MD5: md5Ha1 } } });
    }
  }

  /** Does nothing where the account is there already, from an earlier run. */
  async #provision({ username, displayName, password, impi, impu }: DemoAccount): Promise<void> {
    await this.#subscribe(impi, impu);
    const isKnown = (await this.#waf?.accounts.find(username)) !== undefined;
    if (!isKnown) await this.#waf?.accounts.create({ username, displayName, password, impi, impus: [impu] });
  }

  async #subscribe(impi: string, impu: string): Promise<void> {
    try {
      await this.#hss?.subscriptions.create({ impi, impus: [{ impu }] });
    } catch (error) {
      if (!(error instanceof hss.SubscriptionExists)) throw error;
    }
  }
}

/** Each after those it needs. */
const startOrder: readonly LabFunction[] = ['turn', 'hss', 'core', 'waf', 'ep-cscf', 'wwsf'];

/** Starts a lab, demo accounts included. Resolves when a call can be placed. */
export function startLab(options: LabOptions): Promise<Lab> {
  return Lab.start(options);
}

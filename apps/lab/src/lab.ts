/**
 * The lab: a whole IMS with WebRTC access in one process.
 *
 * Every function is the one that runs alone in production, configured by the same variables; they speak over sockets.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '@wicgate/certificates';
import * as core from '@wicgate/core';
import { createInProcessCx } from '@wicgate/cx';
import * as epCscf from '@wicgate/ep-cscf';
import * as hss from '@wicgate/hss';
import * as isim from '@wicgate/isim';
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
import { buildPages } from './build-pages.ts';
import { checkPorts } from './check-ports.ts';
import { type AkaAccount, type DemoAccount, isimProfile } from './demo-accounts.ts';
import { startECscf } from './e-cscf/e-cscf.ts';
import { type Environment, environmentOf, type LabSurroundings } from './environment.ts';
import { openLabSecrets } from './lab-secrets.ts';
import { allowedAccounts } from './partner-domain/partner-accounts.ts';
import { startPartnerDomain } from './partner-domain/partner-domain.ts';
import { describePartner, partnerWaf, partnerWwsf } from './partner-domain/partner-environment.ts';
import { type LabPorts, portsFrom } from './ports.ts';
import { Provisioning } from './provisioning.ts';
import { StateFolder } from './state-folder.ts';
import { afterOnTimer } from './timer.ts';
import { writeIsimProfiles } from './write-isim-profiles.ts';

export interface LabOptions {
  readonly portBase: number;
  /** Folder of keys and databases, the lab's alone; made where it is missing. */
  readonly stateFolder: string;
  /** Removes first what earlier labs left in that folder. */
  readonly fresh?: boolean;
  /** Trusted W2 origins beside that of the WWSF. */
  readonly origins?: readonly string[];
  /** Starts the partner domain too. */
  readonly partner?: boolean;
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
export type LabFunction = 'turn' | 'hss' | 'core' | 'e-cscf' | 'waf' | 'ep-cscf' | 'isim' | 'wwsf' | 'partner';

export const homeDomain = 'ims.example';

export class Lab {
  readonly ports: LabPorts;
  readonly homeDomain = homeDomain;
  /** PEM file of the authority that all certificates of the lab come from. */
  readonly caFile: string;
  readonly hasPartner: boolean;
  /** Profiles for the soft ISIM, of the accounts that have a SIM. */
  readonly isimProfileFiles: readonly string[];
  readonly #operations = new Operations();
  readonly #options: LabOptions;
  readonly #folder: StateFolder;
  readonly #around: LabSurroundings;
  readonly #environment: Environment;
  readonly #cx = createInProcessCx({ after: afterOnTimer });
  readonly #running = new Map<LabFunction, RunningFunction>();
  readonly #provisioning: Provisioning;
  #hss: hss.RunningHss | undefined;
  #waf: waf.RunningWaf | undefined;

  private constructor(options: LabOptions, folder: StateFolder, around: LabSurroundings, environment: Environment) {
    this.#options = options;
    this.#folder = folder;
    this.#around = around;
    this.#environment = { ...environment, ...options.settings };
    this.#provisioning = new Provisioning({ hss: () => this.#hss, waf: () => this.#waf });
    this.caFile = around.authority.certFile;
    this.ports = around.ports;
    this.hasPartner = around.partner !== undefined;
    this.isimProfileFiles = writeIsimProfiles(folder.path, homeDomain);
  }

  /**
   * Nothing is removed before the folder is this lab's alone and the ports are free.
   *
   * @throws {AddressInUse}
   * @throws {StateFolderUnusable | StateFolderForeign | StateFolderInUse | StateDamaged}
   * @throws {PageBuildFailed}
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
    const around: Omit<LabSurroundings, 'partner'> = {
      ports: portsFrom(options.portBase),
      homeDomain,
      authority: await CertificateAuthority.open(join(folder.path, 'certificates')),
      secrets: openLabSecrets(folder.path),
      stateFolder: folder.path,
      origins: options.origins ?? [],
      pages: await buildPages(),
      turnEngine: options.settings?.TURN_ENGINE ?? 'builtin',
    };
    const withPartner = { ...around, partner: options.partner === true ? describePartner(around) : undefined };
    return new Lab(options, folder, withPartner, await environmentOf(withPartner));
  }

  /** The server behind TURN: `builtin`, `coturn` or `node-turn`. */
  get turnEngine(): string {
    return this.#around.turnEngine;
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
    await this.#provisioning.person(account);
    return account;
  }

  /** Makes a person with a SIM; the profile is what the soft ISIM takes. */
  async createSimSubscriber(username: string): Promise<Readonly<Record<string, string>>> {
    const account: AkaAccount = {
      impi: `${username}@${homeDomain}`,
      impu: `sip:${username}@${homeDomain}`,
      k: randomBytes(16).toString('hex'),
      op: randomBytes(16).toString('hex'),
      amf: '8000',
      sqn: '000000000000',
    };
    await this.#provisioning.sim(account);
    return isimProfile(account);
  }

  /** Lets nobody in by this account of the WAF any more; what came of it ends. */
  async barAccount(username: string): Promise<void> {
    await this.#waf?.bar(username);
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
      for (const name of startOrder) if (name !== 'partner' || this.hasPartner) await this.#start(name);
      await this.#operations.listen('127.0.0.1', this.ports.operations);
      await this.#provisioning.demoAccounts(homeDomain);
      if (this.hasPartner) await this.#allowPartner();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** REQ 2.1: the subscribers have granted the partner the right. */
  async #allowPartner(): Promise<void> {
    for (const { impi } of allowedAccounts(homeDomain)) {
      await this.#provisioning.allowThirdParty(impi, partnerWaf, partnerWwsf);
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
    'e-cscf': (context) => this.#startECscf(context),
    'isim': (context) => isim.start(isim.readConfig(this.#environment), context),
    'partner': (context) => startPartnerDomain(this.#around, context),
    'waf': async (context) => {
      this.#waf = await waf.start(waf.readConfig(this.#environment), context);
      return this.#waf;
    },
    'ep-cscf': (context) => epCscf.start(epCscf.readConfig(this.#environment), context),
    'wwsf': (context) => wwsf.start(wwsf.readConfig(this.#environment), context),
  };

  async #startECscf({ log }: ProcessContext): Promise<RunningFunction> {
    const { authority, ports } = this.#around;
    const { certFile, keyFile } = await authority.certificate('e-cscf', [`e-cscf.${homeDomain}`]);
    const [cert, key, ca] = [certFile, keyFile, authority.certFile].map((file) => readFileSync(file));
    if (cert === undefined || key === undefined || ca === undefined) throw new TypeError('expected three files');
    const trustedNames = ['ep-cscf', 'i-cscf', 's-cscf'].map((name) => `${name}.${homeDomain}`);
    return startECscf({ host: '127.0.0.1', port: ports.eCscf, tls: { cert, key, ca }, trustedNames, log });
  }

  #context(name: LabFunction): ProcessContext {
    const { logLevel: level = 'info', writeLog } = this.#options;
    return createProcessContext(name, { operations: this.#operations, level, ...(writeLog && { write: writeLog }) });
  }
}

/** Each after those it needs. */
const startOrder: readonly LabFunction[] = [
  'turn',
  'hss',
  'e-cscf',
  'core',
  'waf',
  'ep-cscf',
  'isim',
  'wwsf',
  'partner',
];

/** Starts a lab, demo accounts included. Resolves when a call can be placed. */
export function startLab(options: LabOptions): Promise<Lab> {
  return Lab.start(options);
}

/**
 * The three systems, each in processes of its own on loopback: the relay and the eP-CSCF before the core that answers
 * from a table, and the whole system: eP-CSCF, I-CSCF, S-CSCF and HSS.
 *
 * @module
 */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, CertificateAuthority } from '@wicgate/certificates';
import { homeDomain } from './accounts.ts';
import { epCscfEnvironment, homeNetworkEnvironment, relayEnvironment, tableCoreEnvironment } from './environment.ts';
import { Issuer } from './issuer.ts';
import { MeasuredProcess, type ProcessOptions } from './measured-process.ts';
import type { Doorway } from './wic.ts';

export type SystemName = 'relay' | 'eP-CSCF alone' | 'whole system';

export interface System extends Doorway {
  readonly name: SystemName;
  /** What counts as its cost. */
  readonly processes: readonly MeasuredProcess[];
  /** Whether its core makes a new vector for each challenge. */
  readonly hasRealCore: boolean;
}

export interface Certificates {
  readonly caFile: string;
  readonly w2: Certificate;
  readonly epCscf: Certificate;
  readonly iCscf: Certificate;
  readonly sCscf: Certificate;
}

/** What every environment is made from. */
export interface Surroundings {
  readonly folder: string;
  readonly certificates: Certificates;
  readonly ports: Ports;
  readonly issuerUrl: string;
}

const portNames = [
  'relay',
  'tableCore',
  'aloneW2',
  'aloneMw',
  'aloneOperations',
  'wholeW2',
  'wholeMw',
  'wholeOperations',
  'iCscf',
  'sCscf',
  'hss',
  'homeOperations',
] as const;

export type Ports = Readonly<Record<(typeof portNames)[number], number>>;

export class Testbed {
  readonly systems: readonly System[];
  readonly issuer: Issuer;
  /** The provisioning API of the HSS. */
  readonly hssPort: number;
  readonly #processes: readonly MeasuredProcess[];
  readonly #folder: string;

  private constructor(around: Surroundings, issuer: Issuer, processes: readonly MeasuredProcess[]) {
    this.issuer = issuer;
    this.hssPort = around.ports.hss;
    this.#processes = processes;
    this.#folder = around.folder;
    const ca = readFileSync(around.certificates.caFile);
    const [, relay, alone, home, whole] = processes;
    const { ports } = around;
    this.systems = [
      { name: 'relay', ca, port: ports.relay, processes: listOf(relay), hasRealCore: false },
      { name: 'eP-CSCF alone', ca, port: ports.aloneW2, processes: listOf(alone), hasRealCore: false },
      { name: 'whole system', ca, port: ports.wholeW2, processes: listOf(whole, home), hasRealCore: true },
    ];
  }

  /** @param lines WebSockets that the relay may have open at a time. */
  static async start(lines: number): Promise<Testbed> {
    const folder = mkdtempSync(join(tmpdir(), 'registration-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const processes: MeasuredProcess[] = [];
    let issuer: Issuer | undefined;
    try {
      const certificates = await createCertificates(folder);
      const { certFile, keyFile } = certificates.w2;
      issuer = await Issuer.start({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
      const around = { folder, certificates, ports: await findPorts(), issuerUrl: issuer.url };
      const [core, ...others] = describeProcesses(around, lines);
      if (core !== undefined) processes.push(await MeasuredProcess.start(core));
      processes.push(...(await startAll(others)));
      return new Testbed(around, issuer, processes);
    } catch (error) {
      await end(processes, issuer, folder);
      throw error;
    }
  }

  /** Resolves when every process is gone, and what they wrote too. */
  stop(): Promise<void> {
    return end(this.#processes, this.issuer, this.#folder);
  }
}

/** Starts them side by side; where one fails, none is left. */
async function startAll(options: readonly ProcessOptions[]): Promise<readonly MeasuredProcess[]> {
  const outcomes = await Promise.allSettled(options.map((each) => MeasuredProcess.start(each)));
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return started;
  await Promise.all(started.map((each) => each.stop()));
  throw failed.reason;
}

/** The processes; the first one before those that need it. */
function describeProcesses(around: Surroundings, lines: number): readonly ProcessOptions[] {
  const { folder, ports } = around;
  const epCscf = 'apps/ep-cscf/src/main.ts';
  const bench = 'packages/registration-bench/src';
  const { tableCore, relay, aloneOperations, homeOperations, wholeOperations } = ports;
  const coreEnv = tableCoreEnvironment(around);
  const aloneEnv = epCscfEnvironment(around, 'alone');
  const homeEnv = homeNetworkEnvironment(around);
  return [
    { name: 'table-core', script: `${bench}/table-core-main.ts`, env: coreEnv, port: tableCore, folder },
    { name: 'relay', script: `${bench}/relay-main.ts`, env: relayEnvironment(around, lines), port: relay, folder },
    { name: 'ep-cscf-alone', script: epCscf, env: aloneEnv, port: aloneOperations, folder },
    { name: 'home-network', script: 'apps/lab/src/home-network-main.ts', env: homeEnv, port: homeOperations, folder },
    { name: 'ep-cscf', script: epCscf, env: epCscfEnvironment(around, 'whole'), port: wholeOperations, folder },
  ];
}

async function createCertificates(folder: string): Promise<Certificates> {
  const authority = await CertificateAuthority.open(join(folder, 'certificates'));
  return {
    caFile: authority.certFile,
    w2: await authority.certificate('w2', ['127.0.0.1', 'localhost']),
    epCscf: await authority.certificate('ep-cscf', [`ep-cscf.${homeDomain}`]),
    iCscf: await authority.certificate('i-cscf', [`i-cscf.${homeDomain}`]),
    sCscf: await authority.certificate('s-cscf', [`s-cscf.${homeDomain}`]),
  };
}

/** Ports that are free now; all are held until all are known. */
async function findPorts(): Promise<Ports> {
  const servers = portNames.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const entries = portNames.map((name, at) => {
    const address = servers[at]?.address();
    return [name, typeof address === 'object' ? (address?.port ?? 0) : 0];
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return Object.fromEntries(entries) as Ports;
}

async function end(processes: readonly MeasuredProcess[], issuer: Issuer | undefined, folder: string): Promise<void> {
  await Promise.all([...processes.map((each) => each.stop()), issuer?.stop()]);
  rmSync(folder, { recursive: true, force: true });
}

function listOf(...processes: readonly (MeasuredProcess | undefined)[]): readonly MeasuredProcess[] {
  return processes.filter((process) => process !== undefined);
}

/**
 * A home network for tests: the core, the real HSS, and a scripted eP-CSCF, over real sockets.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CxError,
  type CxHss,
  createInProcessCx,
  type InProcessCx,
  type ServerAssignmentRequest,
} from '@wicgate/cx';
import { type RunningHss, start as startHss } from '@wicgate/hss';
import { createProcessContext, Operations, type ProcessContext } from '@wicgate/node-kit';
import { createResponse, type SipRequest, type SipResponse } from '@wicgate/sip';
import { EventLog } from '@wicgate/sip-node/testing';
import { expect, onTestFinished } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import { type RunningCore, start } from '../start.ts';
import type { Identities } from './identities.ts';
import { type Destination, type Exchange, type RegisterFields, ScriptedEdge } from './scripted-edge.ts';

export interface NetworkOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** More peers, as in CORE_MW_PEERS. */
  readonly peers?: readonly string[];
  /** What the HSS takes for RAND; without it a cryptographic generator. */
  readonly randomOctets?: (count: number) => Uint8Array;
}

/** What Cx fails with. */
export interface CxFault {
  error: CxError | undefined;
  /** The HSS answers once it is fulfilled. */
  delay: Promise<void> | undefined;
}

export class TestNetwork {
  readonly hss: RunningHss;
  readonly core: RunningCore;
  readonly edge: ScriptedEdge;
  readonly cx: InProcessCx;
  readonly operations: Operations;
  readonly config: Config;
  /** Lines of the core's log. */
  readonly log: EventLog<string>;
  /** What the core told the HSS, once it was answered. */
  readonly assignments: EventLog<ServerAssignmentRequest>;
  readonly fault: CxFault;

  constructor(parts: Omit<TestNetwork, 'iCscf' | 'sCscf' | 'assignmentTypes' | 'restart'>) {
    this.hss = parts.hss;
    this.core = parts.core;
    this.edge = parts.edge;
    this.cx = parts.cx;
    this.operations = parts.operations;
    this.config = parts.config;
    this.log = parts.log;
    this.assignments = parts.assignments;
    this.fault = parts.fault;
  }

  get iCscf(): Destination {
    return { address: this.core.iCscfAddress, name: 'i-cscf.ims.example' };
  }

  get sCscf(): Destination {
    return { address: this.core.sCscfAddress, name: 's-cscf.ims.example' };
  }

  /** Server-Assignment-Types in the order in which the core sent them. */
  get assignmentTypes(): readonly string[] {
    return this.assignments.all.map(({ serverAssignmentType }) => serverAssignmentType);
  }

  /** The core in its process once more, as it is configured. Stops when the test ends. */
  restart(): Promise<RunningCore> {
    const context = createProcessContext('core', {
      operations: this.operations,
      level: 'debug',
      write: (line) => this.log.add(line),
    });
    return startCore(this.config, context, observed(this.cx, this.assignments, this.fault));
  }
}

/** With subscriptions of alice, bob and carol. Stops when the test ends. */
export async function startNetwork(identities: Identities, options: NetworkOptions = {}): Promise<TestNetwork> {
  const edge = await ScriptedEdge.start(identities.edge);
  const folder = mkdtempSync(join(tmpdir(), 'core-hss-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const cx = createInProcessCx({ after });
  const operations = new Operations();
  const hss = await startHss(
    { HSS_HOST: '127.0.0.1', HSS_PORT: 0, HSS_DATABASE_FILE: join(folder, 'hss.db'), HSS_HOME_DOMAIN: 'ims.example' },
    createProcessContext('hss', { operations, level: 'silent' }),
    { cx, ...(options.randomOctets === undefined ? {} : { randomOctets: options.randomOctets }) },
  );
  const stopHss = once(() => hss.stop());
  onTestFinished(stopHss);
  for (const name of ['alice', 'bob', 'carol']) {
    await hss.subscriptions.create({ impi: `${name}@ims.example`, impus: [{ impu: `sip:${name}@ims.example` }] });
  }
  const config = readConfig(environmentOf(identities, edge, options));
  const log = new EventLog<string>();
  const assignments = new EventLog<ServerAssignmentRequest>();
  const fault: CxFault = { error: undefined, delay: undefined };
  const context = createProcessContext('core', { operations, level: 'debug', write: (line) => log.add(line) });
  const core = await startCore(config, context, observed(cx, assignments, fault));
  return new TestNetwork({
    hss: { ...hss, stop: stopHss },
    core,
    edge,
    cx,
    operations,
    config,
    log,
    assignments,
    fault,
  });
}

async function startCore(config: Config, context: ProcessContext, cx: InProcessCx): Promise<RunningCore> {
  const core = await start(config, context, { cx });
  const stop = once(() => core.stop());
  onTestFinished(stop);
  return { ...core, stop };
}

/** Cx with an ear on it, and with a fault where the test wants one. */
function observed(cx: InProcessCx, assignments: EventLog<ServerAssignmentRequest>, fault: CxFault): InProcessCx {
  const check = async (): Promise<void> => {
    if (fault.error !== undefined) throw fault.error;
    if (fault.delay !== undefined) await fault.delay;
  };
  const hss: CxHss = {
    userAuthorization: (request) => check().then(() => cx.hss.userAuthorization(request)),
    multimediaAuth: (request) => check().then(() => cx.hss.multimediaAuth(request)),
    locationInfo: (request) => check().then(() => cx.hss.locationInfo(request)),
    serverAssignment: async (request) => {
      await check();
      const answer = await cx.hss.serverAssignment(request);
      assignments.add(request);
      return answer;
    },
  };
  return { ...cx, hss };
}

function environmentOf(
  { caFile, iCscf, sCscf }: Identities,
  edge: ScriptedEdge,
  { settings, peers = [] }: NetworkOptions,
): Readonly<Record<string, string>> {
  return {
    CORE_HOME_DOMAIN: 'ims.example',
    CORE_ICSCF_TLS_PORT: '0',
    CORE_ICSCF_PORT: '0',
    CORE_SCSCF_TLS_PORT: '0',
    CORE_SCSCF_PORT: '0',
    CORE_ICSCF_TLS_CERT_FILE: iCscf.certFile,
    CORE_ICSCF_TLS_KEY_FILE: iCscf.keyFile,
    CORE_SCSCF_TLS_CERT_FILE: sCscf.certFile,
    CORE_SCSCF_TLS_KEY_FILE: sCscf.keyFile,
    CORE_TLS_CA_FILE: caFile,
    CORE_MW_PEERS: [`${edge.address}=ep-cscf.ims.example`, ...peers].join(),
    ...settings,
  };
}

/** The final response to a REGISTER that the edge sends to the I-CSCF. */
export async function register(
  { edge, iCscf }: TestNetwork,
  user: string,
  fields: RegisterFields = {},
): Promise<SipResponse> {
  return (await edge.send(edge.createRegister(user, fields), iCscf)).final;
}

/** Registers, and gives back the Service-Route. */
export async function registered(network: TestNetwork, user: string, fields: RegisterFields = {}): Promise<string> {
  const response = await register(network, user, fields);
  expect(`${response.statusCode} ${response.reasonPhrase}`).toBe('200 OK');
  return response.headers.first('Service-Route') ?? '';
}

export interface CallFields {
  readonly method?: string;
  readonly callee?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly callId?: string;
}

/** A request of a registered user, by the Service-Route. */
export function callFrom(
  { edge }: TestNetwork,
  user: string,
  serviceRoute: string,
  { method = 'INVITE', callee = 'sip:bob@ims.example', headers = [], callId }: CallFields = {},
): SipRequest {
  return edge.createRequest({
    method,
    uri: callee,
    from: `sip:${user}@ims.example`,
    to: callee,
    ...(callId !== undefined && { callId }),
    headers: [
      ['Route', serviceRoute],
      ['Record-Route', edge.route(`call-${user}`)],
      ['P-Asserted-Identity', `<sip:${user}@ims.example>`],
      ['Contact', `<sip:${user}@wic.invalid;transport=ws>`],
      ...headers,
    ],
  });
}

export async function call(
  network: TestNetwork,
  user: string,
  serviceRoute: string,
  fields: CallFields = {},
): Promise<Exchange> {
  return network.edge.send(callFrom(network, user, serviceRoute, fields), network.sCscf);
}

/** The response of a callee: its tag, its contact, and the route set. */
export function answerOf(request: SipRequest, statusCode: number, user = 'bob'): SipResponse {
  const routes = request.headers.all('Record-Route').map((route) => ['Record-Route', route] as const);
  return createResponse(request, statusCode, {
    toTag: `tag-${user}`,
    headers: [...routes, ['Contact', `<sip:${user}@wic.invalid;transport=ws>`]],
  });
}

/** Registration states of a subscription's identities, then its S-CSCF. */
export async function statesOf({ hss }: TestNetwork, user: string): Promise<readonly (string | undefined)[]> {
  const subscription = await hss.subscriptions.find(`${user}@ims.example`);
  return [...(subscription?.identities.map(({ state }) => state) ?? []), subscription?.sCscfName];
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/**
 * An HSS for tests: real database file, real HTTP, and an S-CSCF that remembers what it was told.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  baseResult,
  type CxSCscf,
  createInProcessCx,
  type InProcessCx,
  type PushProfileAnswer,
  type PushProfileRequest,
  type RegistrationTerminationAnswer,
  type RegistrationTerminationRequest,
  type ServerAssignmentAnswer,
  type ServerAssignmentType,
  type UserAuthorizationAnswer,
  type UserAuthorizationType,
} from '@wicgate/cx';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { onTestFinished } from 'vitest';
import type { SubscriptionInput } from '../provisioning/subscription-input.ts';
import { type HssWiring, type RunningHss, start } from '../start.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { SubscriptionStore } from '../subscriptions/subscription-store.ts';

export const sCscfName = 'sip:scscf.ims.example';
export const otherSCscfName = 'sip:scscf-2.ims.example';

export interface TestHss extends RunningHss {
  readonly transport: InProcessCx;
  readonly operations: Operations;
  readonly file: string;
  readonly url: string;
  /** Lines of the log. */
  readonly log: string[];
  /** Writes to the database what no command can bring about yet. */
  seed(impi: string, change: (subscription: Subscription) => Subscription): Promise<void>;
  /** A UAR for the canonical identities of `name`, unless told otherwise. */
  uar(name: string, part?: UarPart): Promise<UserAuthorizationAnswer>;
  /** The same for a SAR, from the S-CSCF of {@link sCscfName}. */
  sar(name: string, type: ServerAssignmentType, part?: SarPart): Promise<ServerAssignmentAnswer>;
}

/** What an answer must have, at least. */
export interface ExpectedAnswer {
  readonly name: string;
  readonly [field: string]: unknown;
}

interface UarPart {
  readonly impi?: string;
  readonly impu?: string;
  readonly visitedNetworkIdentifier?: string;
  readonly userAuthorizationType?: UserAuthorizationType;
  readonly emergencyRegistration?: boolean;
}

interface SarPart {
  readonly impi?: string | undefined;
  readonly impus?: readonly string[];
  readonly serverName?: string;
  readonly userDataAlreadyAvailable?: boolean;
}

/** Stops when the test ends. */
export async function startTestHss(
  file = join(temporaryFolder(), 'hss.db'),
  wiring: Omit<HssWiring, 'cx'> = {},
): Promise<TestHss> {
  const operations = new Operations();
  const log: string[] = [];
  const context = createProcessContext('hss', { operations, level: 'debug', write: (line) => log.push(line) });
  const transport = createInProcessCx({ after: afterMs });
  const config = {
    HSS_HOST: '127.0.0.1',
    HSS_PORT: 0,
    HSS_DATABASE_FILE: file,
    HSS_HOME_DOMAIN: 'ims.example',
  };
  const hss = await start(config, context, { ...wiring, cx: transport });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= hss.stop());
  onTestFinished(stop);
  return {
    ...hss,
    stop,
    transport,
    operations,
    file,
    log,
    url: `http://127.0.0.1:${hss.port}`,
    seed: (impi, change) => seed(file, impi, change),
    uar: (name, part) => hss.cx.userAuthorization({ ...uarOf(name), ...part }),
    sar: (name, type, part) => hss.cx.serverAssignment({ ...sarOf(name, type), ...part }),
  };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hss-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `name@ims.example` with one public identity. */
export function subscriptionOf(name: string, part: Partial<SubscriptionInput> = {}): SubscriptionInput {
  return { impi: `${name}@ims.example`, impus: [{ impu: `sip:${name}@ims.example` }], ...part };
}

/** An S-CSCF that does as it is told. */
export class TestSCscf implements CxSCscf {
  readonly terminations: RegistrationTerminationRequest[] = [];
  readonly pushes: PushProfileRequest[] = [];
  pushAnswer: PushProfileAnswer = baseResult('DIAMETER_SUCCESS');
  terminationAnswer: RegistrationTerminationAnswer = baseResult('DIAMETER_SUCCESS');

  async registrationTermination(request: RegistrationTerminationRequest): Promise<RegistrationTerminationAnswer> {
    this.terminations.push(request);
    return this.terminationAnswer;
  }

  async pushProfile(request: PushProfileRequest): Promise<PushProfileAnswer> {
    this.pushes.push(request);
    return this.pushAnswer;
  }
}

function uarOf(name: string) {
  return {
    impi: `${name}@ims.example`,
    impu: `sip:${name}@ims.example`,
    visitedNetworkIdentifier: 'ims.example',
    userAuthorizationType: 'REGISTRATION',
    emergencyRegistration: false,
  } as const;
}

function sarOf(name: string, serverAssignmentType: ServerAssignmentType) {
  return {
    impi: `${name}@ims.example`,
    impus: [`sip:${name}@ims.example`],
    serverName: sCscfName,
    serverAssignmentType,
    userDataAlreadyAvailable: false,
  };
}

async function seed(file: string, impi: string, change: (subscription: Subscription) => Subscription): Promise<void> {
  const store = new SubscriptionStore(file);
  await store.transaction(async (records) => {
    const subscription = await records.find(impi);
    if (subscription === undefined) throw new TypeError('expected a subscription that exists');
    await records.put(change(subscription));
  });
  await store.close();
}

function afterMs(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/**
 * Registrations against one system, counted and timed, beside the processor time that its processes took meanwhile.
 *
 * @module
 */
import { type Scheme, type SchemeName, userName } from './accounts.ts';
import { type LoopOutcome, runLoop } from './closed-loop.ts';
import { createCredentials } from './credentials.ts';
import type { Plan } from './plan.ts';
import type { System, SystemName } from './testbed.ts';
import { openSocket, Wic } from './wic.ts';

export type Kind = 'initial' | 'repeated';

/** What one turn of a system came to. */
export interface Turn {
  readonly system: SystemName;
  readonly scheme: SchemeName;
  readonly kind: Kind;
  readonly registrations: number;
  readonly perSecond: number;
  /** Milliseconds of processor time a registration, one for each process of the system. */
  readonly cpuMs: readonly number[];
  /** The same of this process, which sends the requests. */
  readonly senderCpuMs: number;
  /** Requests a registration. */
  readonly requests: number;
  readonly latenciesMs: readonly number[];
}

export interface Circumstances {
  readonly system: System;
  readonly scheme: Scheme;
  readonly plan: Plan;
  /** Of the WAF, by user. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** Processor time until now, of the processes and last of our own. */
async function sampleAll({ processes }: System): Promise<readonly number[]> {
  const samples = await Promise.all(processes.map((process) => process.sample()));
  const { user, system } = process.cpuUsage();
  return [...samples.map(({ cpuMs }) => cpuMs), (user + system) / 1_000];
}

/** Registers new users, each on a new secure WebSocket; the connections stay open. */
export async function registerInitially(
  { system, scheme, plan, tokens }: Circumstances,
  count = plan.connections,
  timeMs = plan.initialMs,
): Promise<{ readonly wics: readonly Wic[]; readonly turn: Turn }> {
  const wics: Wic[] = [];
  const limits = { count, concurrency: plan.concurrency, timeMs };
  const turn = await takeTurn({ system, scheme, kind: 'initial' }, wics, () =>
    runLoop(limits, async (index) => {
      const user = userName(scheme, index);
      const token = tokens.get(user) ?? '';
      const credentials = createCredentials({ scheme, user, token, remembersSqn: system.hasRealCore });
      const wic = new Wic(user, await openSocket(system), credentials);
      wics.push(wic);
      await wic.register();
    }),
  );
  return { wics, turn };
}

/** Registers those who are registered, over and over on their open connections. */
export function registerAgain(
  { system, scheme, plan }: Omit<Circumstances, 'tokens'>,
  wics: readonly Wic[],
  { repeats: count, repeatMs: timeMs }: Pick<Plan, 'repeats' | 'repeatMs'> = plan,
): Promise<Turn> {
  const concurrency = Math.min(plan.concurrency, wics.length);
  const rounds = new Array<number>(concurrency).fill(0);
  return takeTurn({ system, scheme, kind: 'repeated' }, wics, () =>
    runLoop({ count, concurrency, timeMs }, async (_piece, worker) => {
      // Each worker has connections of its own: one request at a time on each.
      const own = Math.floor((wics.length - 1 - worker) / concurrency) + 1;
      const round = rounds[worker] ?? 0;
      rounds[worker] = round + 1;
      await wics[worker + concurrency * (round % own)]?.register();
    }),
  );
}

/** Nobody is registered afterwards, and no connection open. */
export async function leave(wics: readonly Wic[], concurrency: number): Promise<void> {
  await runLoop({ count: wics.length, concurrency, timeMs: Number.POSITIVE_INFINITY }, async (index) => {
    await wics[index]?.deregister();
    await wics[index]?.close();
  });
}

async function takeTurn(
  { system, scheme, kind }: { readonly system: System; readonly scheme: Scheme; readonly kind: Kind },
  wics: readonly Wic[],
  run: () => Promise<LoopOutcome>,
): Promise<Turn> {
  const sentBefore = countRequests(wics);
  const before = await sampleAll(system);
  const { done, seconds, latenciesMs } = await run();
  const after = await sampleAll(system);
  const cpuMs = after.map((ms, at) => (ms - (before[at] ?? 0)) / done);
  return {
    system: system.name,
    scheme: scheme.name,
    kind,
    registrations: done,
    perSecond: done / seconds,
    cpuMs: cpuMs.slice(0, -1),
    senderCpuMs: cpuMs.at(-1) ?? 0,
    requests: (countRequests(wics) - sentBefore) / done,
    latenciesMs,
  };
}

function countRequests(wics: readonly Wic[]): number {
  return wics.reduce((sum, { requests }) => sum + requests, 0);
}

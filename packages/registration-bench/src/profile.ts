/**
 * Where eP-CSCF and home network spend their time under re-registrations: the functions with the most time of their own.
 *
 * It is time on the clock: on a machine that does other things, calls into the system take the blame for waiting.
 *
 * @module
 */
import { schemes } from './accounts.ts';
import { withTestbed } from './benchmark.ts';
import type { Plan } from './plan.ts';
import type { SelfTime } from './probe.ts';
import { type Circumstances, leave, registerAgain, registerInitially } from './registrations.ts';

export interface Profiled {
  readonly process: string;
  readonly scheme: string;
  readonly registrations: number;
  readonly selfTimes: readonly SelfTime[];
}

const profiled = ['Bearer', 'Digest SHA-256', 'AKAv2-SHA-256'];
const profileMs = 3_000;

/** The eP-CSCF before the core that answers from a table, and the home network behind another one. */
export function profileAll(plan: Plan): Promise<readonly Profiled[]> {
  return withTestbed(plan, async ({ systems }, tokens) => {
    const results: Profiled[] = [];
    for (const system of systems.filter(({ name }) => name !== 'relay')) {
      for (const scheme of schemes.filter(({ name }) => profiled.includes(name))) {
        results.push(await profile({ system, scheme, plan, tokens }));
      }
    }
    return results;
  });
}

async function profile(circumstances: Circumstances): Promise<Profiled> {
  const { system, scheme, plan } = circumstances;
  const process = system.processes.at(-1);
  if (process === undefined) throw new TypeError('expected a system with a process');
  const { wics } = await registerInitially(circumstances);
  await registerAgain(circumstances, wics);
  await process.startProfile();
  const { registrations } = await registerAgain(circumstances, wics, {
    repeats: Number.MAX_SAFE_INTEGER,
    repeatMs: profileMs,
  });
  const selfTimes = await process.stopProfile();
  await leave(wics, plan.concurrency);
  return { process: process.name, scheme: scheme.name, registrations, selfTimes };
}

/** The `count` functions with the most time of their own. */
export function formatProfile({ process, scheme, registrations, selfTimes }: Profiled, count = 30): readonly string[] {
  return [
    `${process}, ${scheme}, ${registrations} registrations on open connections: own time`,
    ...selfTimes
      .slice(0, count)
      .map(({ name, place, share }) => `  ${(100 * share).toFixed(1).padStart(5)} %  ${name}  ${place}`),
    '',
  ];
}

/**
 * What a registered connection keeps in memory, of those by Bearer.
 *
 * @module
 */
import { type Circumstances, leave, registerInitially } from './registrations.ts';
import type { System } from './testbed.ts';

export interface ConnectionMemory {
  readonly system: System['name'];
  /** Of the heap and its buffers after garbage is collected; sum of the system's processes, a connection. */
  readonly heapOctets: number;
  /** Of the process as its host sees it; what the engine had reserved before is not in it. */
  readonly residentOctets: number;
}

/** The second time counts: what the first makes grow stays so. */
export async function measureMemory(circumstances: Circumstances): Promise<ConnectionMemory> {
  await holdConnections(circumstances);
  return holdConnections(circumstances);
}

async function holdConnections(circumstances: Circumstances): Promise<ConnectionMemory> {
  const { system, plan } = circumstances;
  const before = await settleAll(system);
  const { wics } = await registerInitially(circumstances, plan.held, Number.POSITIVE_INFINITY);
  const after = await settleAll(system);
  await leave(wics, plan.concurrency);
  return {
    system: system.name,
    heapOctets: (after.heapOctets - before.heapOctets) / wics.length,
    residentOctets: (after.residentOctets - before.residentOctets) / wics.length,
  };
}

async function settleAll({ processes }: System): Promise<{ heapOctets: number; residentOctets: number }> {
  const samples = await Promise.all(processes.map((process) => process.settle()));
  return samples.reduce((sum, each) => ({
    cpuMs: 0,
    heapOctets: sum.heapOctets + each.heapOctets,
    residentOctets: sum.residentOctets + each.residentOctets,
  }));
}

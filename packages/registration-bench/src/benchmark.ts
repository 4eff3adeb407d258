/**
 * One run: the systems and schemes take turns, so that what else the machine does meets all of them.
 *
 * @module
 */
import { type Scheme, schemes, userName } from './accounts.ts';
import { type ConnectionMemory, measureMemory } from './connection-memory.ts';
import { type Handshakes, measureHandshakes } from './handshakes.ts';
import type { Issuer } from './issuer.ts';
import type { Plan } from './plan.ts';
import { provision } from './provisioning.ts';
import { type Circumstances, leave, registerAgain, registerInitially, type Turn } from './registrations.ts';
import { Testbed } from './testbed.ts';

export interface Results {
  readonly turns: readonly Turn[];
  readonly handshakes: readonly Handshakes[];
  readonly memory: readonly ConnectionMemory[];
}

/** Starts everything, gives it to `use`, and ends everything. */
export async function withTestbed<T>(
  plan: Plan,
  use: (testbed: Testbed, tokens: ReadonlyMap<string, string>) => Promise<T>,
): Promise<T> {
  const testbed = await Testbed.start(Math.max(plan.connections, plan.held) + plan.concurrency);
  try {
    await provision(testbed.hssPort, (scheme) => countUsers(scheme, plan));
    return await use(testbed, await issueTokens(testbed.issuer, plan));
  } finally {
    await testbed.stop();
  }
}

/** Every registration succeeds, or the run fails. */
export function runBenchmark(plan: Plan): Promise<Results> {
  return withTestbed(plan, async ({ systems }, tokens) => {
    const turnsOf = (scheme: Scheme): readonly Circumstances[] =>
      systems.map((system) => ({ system, scheme, plan, tokens }));
    const all = schemes.flatMap(turnsOf);
    for (const circumstances of all) await warmUp(circumstances);
    const memory: ConnectionMemory[] = [];
    for (const circumstances of turnsOf(bearer())) memory.push(await measureMemory(circumstances));
    const turns: Turn[] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const circumstances of all) turns.push(...(await takeTurn(circumstances)));
    }
    const relay = systems.find(({ name }) => name === 'relay');
    return { turns, memory, handshakes: relay === undefined ? [] : await measureHandshakes(relay, plan) };
  });
}

async function warmUp(circumstances: Circumstances): Promise<void> {
  const { warmUps: repeats, warmUpMs: repeatMs, concurrency } = circumstances.plan;
  const { wics } = await registerInitially(circumstances);
  await registerAgain(circumstances, wics, { repeats, repeatMs });
  await leave(wics, concurrency);
}

async function takeTurn(circumstances: Circumstances): Promise<readonly Turn[]> {
  const { wics, turn } = await registerInitially(circumstances);
  const again = await registerAgain(circumstances, wics);
  await leave(wics, circumstances.plan.concurrency);
  return [turn, again];
}

export function bearer(): Scheme {
  const scheme = schemes.find(({ name }) => name === 'Bearer');
  if (scheme === undefined) throw new TypeError('expected Bearer among the schemes');
  return scheme;
}

function countUsers({ name }: Scheme, { connections, held }: Plan): number {
  return name === 'Bearer' ? Math.max(connections, held) : connections;
}

async function issueTokens(issuer: Issuer, plan: Plan): Promise<ReadonlyMap<string, string>> {
  const scheme = bearer();
  const users = Array.from({ length: countUsers(scheme, plan) }, (_, index) => userName(scheme, index));
  return new Map(await Promise.all(users.map(async (user) => [user, await issuer.issue(user)] as const)));
}

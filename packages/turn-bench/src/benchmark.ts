/**
 * One run: engines take turns at each case, so that what else the machine does meets all of them.
 *
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { EngineProcess, Memory } from './engine-process.ts';
import { Generator } from './generator.ts';
import { type MediaCase, mediaCases } from './media-case.ts';
import type { Plan } from './plan.ts';

/** One turn of an engine at a case. */
export interface MediaTurn {
  readonly engine: string;
  readonly media: MediaCase;
  readonly packetsPerSecond: number;
  /** Of one processor, 1 is all of it. */
  readonly load: number;
  /** Not a number where nothing was relayed. */
  readonly cpuMicrosecondsPerPacket: number;
  /** Share of what was sent that never arrived. */
  readonly lost: number;
}

export interface AllocationResult {
  readonly engine: string;
  readonly count: number;
  readonly perSecond: number;
  readonly cpuMicrosecondsPerAllocation: number;
  readonly before: Memory;
  readonly after: Memory;
}

export interface Results {
  readonly turns: readonly MediaTurn[];
  readonly allocations: readonly AllocationResult[];
}

interface Loaded {
  readonly engine: EngineProcess;
  readonly generators: readonly Generator[];
}

export async function runBenchmark(engines: readonly EngineProcess[], plan: Plan): Promise<Results> {
  const loaded = engines.map(
    (engine): Loaded => ({
      engine,
      generators: Array.from({ length: plan.generators }, () => new Generator(engine)),
    }),
  );
  try {
    for (const each of loaded) await askAll(each, { ask: 'open', flows: plan.flows });
    const turns = [...(await measureCases(loaded, plan, 'Send/Data')), ...(await measureChannels(loaded, plan))];
    const allocations: AllocationResult[] = [];
    for (const each of loaded) allocations.push(await measureAllocations(each, plan));
    return { turns, allocations };
  } finally {
    await Promise.all(loaded.flatMap(({ generators }) => generators.map((generator) => generator.stop())));
  }
}

/** From now on what a peer sends comes as ChannelData. */
async function measureChannels(loaded: readonly Loaded[], plan: Plan): Promise<readonly MediaTurn[]> {
  for (const each of loaded) await askAll(each, { ask: 'bind' });
  return measureCases(loaded, plan, 'ChannelData');
}

async function measureCases(
  loaded: readonly Loaded[],
  plan: Plan,
  framing: MediaCase['framing'],
): Promise<readonly MediaTurn[]> {
  const cases = mediaCases.filter((media) => media.framing === framing);
  const warmUp = { ...plan, settleMs: 0, measureMs: plan.warmUpMs };
  for (const each of loaded) for (const media of cases) await takeTurn(each, media, warmUp);
  const turns: MediaTurn[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const media of cases) for (const each of loaded) turns.push(await takeTurn(each, media, plan));
  }
  return turns;
}

async function takeTurn({ engine, generators }: Loaded, media: MediaCase, plan: Plan): Promise<MediaTurn> {
  const sum = (read: (generator: Generator) => number): number => generators.reduce((all, each) => all + read(each), 0);
  const sample = () => ({ at: performance.now(), cpu: engine.cpuSeconds(), received: sum((each) => each.received) });
  const outset = { sent: sum((each) => each.sent), received: sum((each) => each.received) };
  await askAll({ engine, generators }, { ask: 'start', media, window: plan.window });
  await wait(plan.settleMs);
  const start = sample();
  await wait(plan.measureMs);
  const end = sample();
  await askAll({ engine, generators }, { ask: 'stop' });
  const packets = end.received - start.received;
  const seconds = (end.at - start.at) / 1_000;
  const sent = sum((each) => each.sent) - outset.sent;
  return {
    engine: engine.name,
    media,
    packetsPerSecond: packets / seconds,
    load: (end.cpu - start.cpu) / seconds,
    cpuMicrosecondsPerPacket: packets === 0 ? Number.NaN : (1e6 * (end.cpu - start.cpu)) / packets,
    lost: 1 - (sum((each) => each.received) - outset.received) / sent,
  };
}

/** The first tenth is timed; the rest is only held. */
async function measureAllocations({ engine, generators }: Loaded, plan: Plan): Promise<AllocationResult> {
  const allocate = async (held: number): Promise<number> => {
    const count = Math.floor(held / generators.length);
    return sumOf(await askAll({ engine, generators }, { ask: 'allocate', count, concurrency: plan.concurrency }));
  };
  const start = { memory: engine.memory(), cpu: engine.cpuSeconds(), at: performance.now() };
  const timed = await allocate(plan.held / 10);
  const end = { cpu: engine.cpuSeconds(), at: performance.now() };
  const count = timed + (await allocate((plan.held * 9) / 10));
  const after = engine.memory();
  await askAll({ engine, generators }, { ask: 'close' });
  return {
    engine: engine.name,
    count,
    perSecond: timed / ((end.at - start.at) / 1_000),
    cpuMicrosecondsPerAllocation: (1e6 * (end.cpu - start.cpu)) / timed,
    before: start.memory,
    after,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function askAll({ generators }: Loaded, question: Parameters<Generator['ask']>[0]): Promise<readonly number[]> {
  return Promise.all(generators.map((generator) => generator.ask(question)));
}

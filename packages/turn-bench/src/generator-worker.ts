/**
 * A thread that loads one engine: with media in a closed loop, or with allocations.
 *
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Flow, receivedAt, sentAt } from './flow.ts';
import type { Answer, GeneratorSettings, Question } from './generator.ts';
import { HeldAllocations } from './held-allocations.ts';
import type { MediaCase } from './media-case.ts';

/** A loop in which every packet was lost is set going again. */
const watchMs = 50;
/** What is on the way when a turn ends may still arrive within this. */
const drainMs = 1_000;
const drainPollMs = 20;

const { server, login, tally } = workerData as GeneratorSettings;
const flows: Flow[] = [];
const held = new HeldAllocations(server, login);
let watch: NodeJS.Timeout | undefined;
/** What turns before this one have lost. */
let missingBefore = 0;

parentPort?.on('message', ({ id, question }: { readonly id: number; readonly question: Question }) => {
  answer(question).then(
    (value) => parentPort?.postMessage({ id, value } satisfies Answer),
    (error: unknown) => parentPort?.postMessage({ id, error: `${question.ask}: ${String(error)}` } satisfies Answer),
  );
});

async function answer(question: Question): Promise<number> {
  switch (question.ask) {
    case 'open':
      return open(question.flows);
    case 'bind':
      for (const flow of flows) await flow.bindChannel();
      return flows.length;
    case 'start':
      return start(question.media, question.window);
    case 'stop':
      return stop();
    case 'allocate':
      return held.allocate(question.count, question.concurrency);
    case 'close':
      for (const flow of flows.splice(0)) flow.close();
      return held.close();
  }
}

async function open(count: number): Promise<number> {
  while (flows.length < count) flows.push(await Flow.open(server, login, new Float64Array(tally)));
  return flows.length;
}

function start(media: MediaCase, window: number): number {
  missingBefore = countMissing();
  for (const flow of flows) flow.start(media, window);
  const seen = new Map(flows.map((flow) => [flow, flow.arrivals]));
  watch = setInterval(() => {
    for (const flow of flows) {
      if (flow.arrivals === seen.get(flow)) flow.start(media, window);
      seen.set(flow, flow.arrivals);
    }
  }, watchMs);
  return flows.length;
}

async function stop(): Promise<number> {
  clearInterval(watch);
  for (const flow of flows) flow.stop();
  for (const deadline = Date.now() + drainMs; Date.now() < deadline; await wait(drainPollMs)) {
    if (countMissing() <= missingBefore) break;
  }
  return flows.length;
}

function countMissing(): number {
  const counts = new Float64Array(tally);
  return (counts[sentAt] ?? 0) - (counts[receivedAt] ?? 0);
}

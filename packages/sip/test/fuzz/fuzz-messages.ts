/**
 * A long run of mutated messages through everything that reads octets:
 *
 *     node packages/sip/test/fuzz/fuzz-messages.ts --executions 5000000 [--seed 1] [--only 4711]
 *
 * Execution n depends on the seed and on n alone: `--only n` repeats it. The run fails with the first error that is no
 * SipError, with an execution that takes more than a second or does not end, and where resident memory ends more than
 * 50 MB above its start.
 *
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { exercise, exerciseAnswer, exerciseStream, type Outcome, remember } from './exercise.ts';
import { Mutator } from './mutator.ts';
import { Random } from './random.ts';
import { richMessages } from './rich-messages.ts';

const slowestMs = 1_000;
const mostGrowth = 50 * 1_048_576;
/** So many executions first, until the engine has compiled what it will and caches are full. */
const warmUp = 100_000;
/** One in so many is read as a stream and answered, too, which costs as much again. */
const moreEvery = 4;
/** How often each of the rich messages stands in the corpus. */
const richShare = 8;

const { values } = parseArgs({
  options: {
    executions: { type: 'string', default: '5000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const corpus = readCorpus();
const mutator = new Mutator(corpus);
const outcomes: Record<Outcome, number> = { refused: 0, malformed: 0, accepted: 0 };
let slowest = { ms: 0, execution: 0 };
/** The execution under way, for the watchdog. */
const progress = new Int32Array(new SharedArrayBuffer(8));

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

for (const message of corpus) remember(message);
if (values.only === undefined) run(Number(values.executions));
else repeat(Number(values.only));

function run(executions: number): void {
  // Stacks of the errors that are expected cost more than all else; --only shows those of the others.
  Error.stackTraceLimit = 0;
  new Worker(new URL('./watchdog.ts', import.meta.url), { workerData: { progress, seed } }).unref();
  const started = performance.now();
  let before = 0;
  for (let execution = 0; execution < executions; execution += 1) {
    if (execution === Math.min(warmUp, executions >> 1)) before = residentOctets();
    Atomics.store(progress, 0, execution);
    const began = performance.now();
    execute(execution);
    const ms = performance.now() - began;
    if (ms > slowest.ms) slowest = { ms, execution };
    if (ms > slowestMs) fail(execution, new Error(`expected an end within ${slowestMs} ms, took ${Math.round(ms)} ms`));
    if (execution % 1_000_000 === 0 && execution > 0) report(execution, started);
  }
  const growth = residentOctets() - before;
  report(executions, started);
  print(`slowest: ${slowest.ms.toFixed(1)} ms, execution ${slowest.execution}`);
  print(`resident memory: ${inMegabytes(before)} after warm-up, ${inMegabytes(before + growth)} at the end`);
  if (growth > mostGrowth) {
    print(`FAILED: grew by more than ${inMegabytes(mostGrowth)}`);
    process.exitCode = 1;
  } else print('ok: no hang, no crash, no leak');
}

function repeat(execution: number): void {
  const began = performance.now();
  execute(execution);
  const [outcome] = Object.entries(outcomes).find(([, count]) => count > 0) ?? [];
  print(`${outcome}, ${(performance.now() - began).toFixed(1)} ms`);
}

function execute(execution: number): void {
  const random = new Random(Math.imul(seed, 0x9e_37_79_b1) ^ Math.imul(execution, 0x85_eb_ca_6b));
  const octets = mutator.mutate(random);
  try {
    outcomes[exercise(octets)] += 1;
    if (execution % moreEvery !== 0) return;
    exerciseStream(octets, random);
    exerciseAnswer(octets);
  } catch (error) {
    fail(execution, error, octets);
  }
}

function fail(execution: number, error: unknown, octets: Uint8Array = new Uint8Array(0)): never {
  const file = join(mkdtempSync(join(tmpdir(), 'fuzz-messages-')), `${seed}-${execution}.sip`);
  writeFileSync(file, octets);
  print(`FAILED: --seed ${seed} --only ${execution}, octets in ${file}`);
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

function report(executions: number, started: number): void {
  const seconds = (performance.now() - started) / 1_000;
  const { refused, malformed, accepted } = outcomes;
  print(
    `${executions} executions in ${seconds.toFixed(1)} s (${Math.round(executions / seconds)}/s): ` +
      `${refused} refused, ${malformed} malformed, ${accepted} accepted`,
  );
}

/** After all garbage is gone. */
function residentOctets(): number {
  for (let round = 0; round < 4; round += 1) collectGarbage();
  return process.memoryUsage.rss();
}

function readCorpus(): readonly Uint8Array[] {
  const vectors = ['rfc4475', 'rfc5118'].flatMap((rfc) => {
    const folder = fileURLToPath(new URL(`../vectors/${rfc}/`, import.meta.url));
    const files = readdirSync(folder).filter((file) => file.endsWith('.sip'));
    return files.map((file) => new Uint8Array(readFileSync(join(folder, file))));
  });
  // The torture tests are many: typed header fields shall come as often.
  return [...vectors, ...Array.from({ length: richShare }, () => richMessages).flat()];
}

function inMegabytes(octets: number): string {
  return `${(octets / 1_048_576).toFixed(1)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

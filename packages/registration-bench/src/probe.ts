/**
 * Preloaded into every process that is measured: says over its channel what the process has used, and where its time
 * went. When the channel closes, nobody measures any more, and the process ends.
 *
 * @module
 */
import { type Profiler, Session } from 'node:inspector/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Question {
  readonly id: number;
  readonly ask: 'sample' | 'settle' | 'start profile' | 'stop profile';
}

export interface Sample {
  /** User and system time of the process since it began. */
  readonly cpuMs: number;
  /** The heap of JavaScript and the buffers that it holds. */
  readonly heapOctets: number;
  readonly residentOctets: number;
}

/** One function's own time, without that of what it calls. */
export interface SelfTime {
  readonly name: string;
  /** `file:line`, from the root of the repository where it is of ours; '' for the engine's own. */
  readonly place: string;
  /** Of the time that the process was not idle: 0 to 1. */
  readonly share: number;
}

export interface Answer extends Sample {
  readonly id: number;
  readonly selfTimes?: readonly SelfTime[];
}

const samplingIntervalUs = 200;
let session: Session | undefined;

process.on('message', (question: Question) => void answer(question));
process.on('disconnect', () => process.exit(0));
// Whether the process goes on is its own affair.
process.channel?.unref();

async function answer({ id, ask }: Question): Promise<void> {
  if (ask === 'settle') await collectGarbage();
  if (ask === 'start profile') await startProfile();
  const selfTimes = ask === 'stop profile' ? await stopProfile() : undefined;
  process.send?.({ id, ...takeSample(), ...(selfTimes && { selfTimes }) } satisfies Answer);
}

/** Several times: what one frees may hold what the next does, and buffers go a turn of the event loop later. */
async function collectGarbage(): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
}

function takeSample(): Sample {
  const { user, system } = process.cpuUsage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { cpuMs: (user + system) / 1_000, heapOctets: heapUsed + external, residentOctets: rss };
}

async function startProfile(): Promise<void> {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: samplingIntervalUs });
  await session.post('Profiler.start');
}

async function stopProfile(): Promise<readonly SelfTime[]> {
  if (session === undefined) return [];
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  return selfTimesOf(profile);
}

function selfTimesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, { name: string; place: string; us: number }>();
  let busyUs = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const us = timeDeltas[index] ?? 0;
    if (frame === undefined || isNotWork(frame)) continue;
    busyUs += us;
    const name = frame.functionName || '(anonymous)';
    const place = frame.url === '' ? '' : `${shortPath(frame.url)}:${frame.lineNumber + 1}`;
    const known = times.get(`${name} ${place}`) ?? { name, place, us: 0 };
    times.set(`${name} ${place}`, { ...known, us: known.us + us });
  }
  const sorted = [...times.values()].toSorted((a, b) => b.us - a.us);
  return sorted.map(({ name, place, us }) => ({ name, place, share: us / busyUs }));
}

/** Time that nobody used, or that looking took. */
function isNotWork({ functionName, url }: { functionName: string; url: string }): boolean {
  return functionName === '(idle)' || url === 'node:inspector';
}

function shortPath(url: string): string {
  return url
    .replace(/^file:\/\//u, '')
    .replace(/^.*\/(?=(?:apps|packages)\/[^/]+\/src\/|node_modules\/(?!\.pnpm))/u, '');
}

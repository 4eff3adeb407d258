/**
 * The results as tables: each figure of this machine, and as a ratio to coturn in the same run.
 *
 * @module
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { AllocationResult, MediaTurn, Results } from './benchmark.ts';
import { type MediaCase, mediaCases } from './media-case.ts';

export interface MediaRow {
  readonly engine: string;
  readonly media: MediaCase;
  readonly packetsPerSecond: number;
  readonly load: number;
  readonly cpuMicrosecondsPerPacket: number;
  readonly lost: number;
  /** Of processor time a packet; undefined where there is no coturn. */
  readonly timesCoturn: number | undefined;
}

const yardstick = 'coturn';

/** One line each. */
export function formatMachine(): readonly string[] {
  const models = [...new Set(cpus().map(({ model }) => model.trim()))];
  const before = loadavg()[0]?.toFixed(1);
  return [
    `Node ${process.version}, ${availableParallelism()} processors: ${models.join(', ')}; load before the run ${before}`,
  ];
}

export function formatReport({ turns, allocations }: Results): readonly string[] {
  return [...mediaCases.flatMap((media) => formatCase(media, turns)), ...formatAllocations(allocations)];
}

export function reportJson({ turns, allocations }: Results): unknown {
  return { media: mediaCases.flatMap((media) => rowsOf(media, turns)), allocations };
}

function formatCase(media: MediaCase, turns: readonly MediaTurn[]): readonly string[] {
  const title = `${media.framing} ${media.direction}, ${media.payload} octets`;
  const heads = ['CPU us/packet', 'x coturn', 'packets/s', '% of a CPU', '% lost'];
  const rows = rowsOf(media, turns).map((row) =>
    line(`  ${row.engine}`, [
      fixed(row.cpuMicrosecondsPerPacket),
      row.timesCoturn === undefined ? '' : fixed(row.timesCoturn),
      fixed(row.packetsPerSecond, 0),
      fixed(100 * row.load, 0),
      fixed(100 * row.lost),
    ]),
  );
  return [line(title, heads), ...rows, ''];
}

/** Medians over the rounds. */
function rowsOf(media: MediaCase, turns: readonly MediaTurn[]): readonly MediaRow[] {
  const own = turns.filter((turn) => turn.media === media);
  const engines = [...new Set(own.map(({ engine }) => engine))];
  const cpuOf = (engine: string): number =>
    median(own.filter((turn) => turn.engine === engine).map((turn) => turn.cpuMicrosecondsPerPacket));
  return engines.map((engine) => {
    const ofEngine = own.filter((turn) => turn.engine === engine);
    return {
      engine,
      media,
      packetsPerSecond: median(ofEngine.map((turn) => turn.packetsPerSecond)),
      load: median(ofEngine.map((turn) => turn.load)),
      cpuMicrosecondsPerPacket: cpuOf(engine),
      lost: median(ofEngine.map((turn) => turn.lost)),
      timesCoturn: engines.includes(yardstick) ? cpuOf(engine) / cpuOf(yardstick) : undefined,
    };
  });
}

function formatAllocations(allocations: readonly AllocationResult[]): readonly string[] {
  const heads = ['held', 'allocations/s', 'CPU us each', 'RSS MB', 'PSS MB', 'KiB each'];
  const rows = allocations.map(({ engine, perSecond, cpuMicrosecondsPerAllocation, before, after, count: held }) =>
    line(`  ${engine}`, [
      String(held),
      fixed(perSecond, 0),
      fixed(cpuMicrosecondsPerAllocation, 0),
      fixed(after.residentOctets / 1e6, 0),
      fixed(after.proportionalOctets / 1e6, 0),
      fixed((after.proportionalOctets - before.proportionalOctets) / 1_024 / held, 1),
    ]),
  );
  return [line('Allocations', heads), ...rows];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function fixed(value: number, digits = 2): string {
  return Number.isFinite(value) ? value.toFixed(digits) : 'none';
}

function line(name: string, cells: readonly string[]): string {
  return `${name.padEnd(40)}${cells.map((cell) => cell.padStart(15)).join('')}`.trimEnd();
}

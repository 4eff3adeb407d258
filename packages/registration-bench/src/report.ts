/**
 * The results as tables: each cost in figures, which are this machine's, and as a ratio to the relay of the same run.
 *
 * @module
 */
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';
import { schemes } from './accounts.ts';
import type { Results } from './benchmark.ts';
import type { Handshakes } from './handshakes.ts';
import type { Kind, Turn } from './registrations.ts';
import type { SystemName } from './testbed.ts';

interface Row {
  readonly system: SystemName;
  readonly requests: number;
  readonly cpuMs: number;
  /** Of the processes that make it up. */
  readonly parts: readonly number[];
  readonly senderCpuMs: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const systems: readonly SystemName[] = ['relay', 'eP-CSCF alone', 'whole system'];
const titles: Readonly<Record<Kind, string>> = {
  initial: 'Initial registration, each on a new secure WebSocket',
  repeated: 'Registration again, on an open connection',
};
const heads = ['requests', 'CPU ms', 'x relay', 'a second', 'x relay', 'p50 ms', 'p99 ms', 'sender CPU ms'];

/** One line each. */
export function formatMachine(): readonly string[] {
  const models = [...new Set(cpus().map(({ model }) => model.trim()))];
  return [
    `Node ${process.version}, OpenSSL ${process.versions.openssl}, ${platform()} ${arch()}`,
    `${availableParallelism()} processors: ${models.join(', ') || 'unknown'}; load before the run ${loadavg()[0]?.toFixed(1)}`,
  ];
}

export function formatReport({ turns, handshakes, memory }: Results): readonly string[] {
  return [
    ...(['initial', 'repeated'] as const).flatMap((kind) => formatKind(kind, turns)),
    ...formatHandshakes(handshakes, turns),
    '',
    line('Memory a registered connection, by Bearer', ['', 'heap KiB', 'RSS KiB']),
    ...memory.map(({ system, heapOctets, residentOctets }) =>
      line(`  ${system}`, ['', fixed(heapOctets / 1_024, 1), fixed(residentOctets / 1_024, 1)]),
    ),
  ];
}

/** What of an initial registration is the handshake's. */
function formatHandshakes(handshakes: readonly Handshakes[], turns: readonly Turn[]): readonly string[] {
  const initial = turns.filter(({ kind, scheme }) => kind === 'initial' && scheme === 'Bearer');
  const rows = [
    ...handshakes.map(({ name, cpuMs }) => ({ name: `${name}, at the relay`, cpuMs })),
    ...systems.map((system) => ({
      name: `initial registration by Bearer, ${system}`,
      cpuMs: summarise(
        system,
        initial.filter((turn) => turn.system === system),
      ).cpuMs,
    })),
  ];
  const least = rows[0]?.cpuMs ?? 0;
  return [
    line('Handshakes', ['', 'CPU ms', 'x TLS']),
    ...rows.map(({ name, cpuMs }) => line(`  ${name}`, ['', fixed(cpuMs), fixed(cpuMs / least, 1)])),
  ];
}

function formatKind(kind: Kind, turns: readonly Turn[]): readonly string[] {
  const lines = schemes.flatMap(({ name }) => {
    const rows = systems.flatMap((system) => {
      const own = turns.filter((turn) => turn.kind === kind && turn.scheme === name && turn.system === system);
      return own.length === 0 ? [] : [summarise(system, own)];
    });
    return [`  ${name}`, ...rows.map((row) => formatRow(row, rows[0] ?? row))];
  });
  return [line(titles[kind], heads), ...lines, ''];
}

/** Medians over the rounds; latencies of all of them. */
function summarise(system: SystemName, turns: readonly Turn[]): Row {
  const latencies = turns.flatMap(({ latenciesMs }) => latenciesMs);
  const parts = (turns[0]?.cpuMs ?? []).map((_, at) => quantile(turns.map(({ cpuMs }) => cpuMs[at] ?? 0)));
  return {
    system,
    requests: quantile(turns.map(({ requests }) => requests)),
    cpuMs: quantile(turns.map(({ cpuMs }) => cpuMs.reduce((sum, ms) => sum + ms, 0))),
    parts,
    senderCpuMs: quantile(turns.map(({ senderCpuMs }) => senderCpuMs)),
    perSecond: quantile(turns.map(({ perSecond }) => perSecond)),
    p50: quantile(latencies),
    p99: quantile(latencies, 0.99),
  };
}

function formatRow(row: Row, relay: Row): string {
  const [edge, home] = row.parts;
  const parts = home === undefined ? '' : `  eP-CSCF ${fixed(edge ?? 0)}, I-CSCF, S-CSCF and HSS ${fixed(home)}`;
  const cells = [
    fixed(row.requests, 1),
    fixed(row.cpuMs),
    fixed(row.cpuMs / relay.cpuMs, 1),
    fixed(row.perSecond, 0),
    fixed(row.perSecond / relay.perSecond),
    fixed(row.p50, 1),
    fixed(row.p99, 1),
    fixed(row.senderCpuMs),
  ];
  return line(`    ${row.system}`, cells) + parts;
}

function quantile(values: readonly number[], at = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0;
}

function fixed(value: number, digits = 2): string {
  return value.toFixed(digits);
}

function line(name: string, cells: readonly string[]): string {
  return `${name.padEnd(54)}${cells.map((cell) => cell.padStart(Math.max(9, cell.length + 2))).join('')}`.trimEnd();
}

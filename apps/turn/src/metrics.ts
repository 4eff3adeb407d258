/**
 * The TURN server's metrics, read from its counters when somebody asks.
 *
 * @module
 */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Allocation } from './allocations/allocation.ts';
import type { AllocationTable } from './allocations/allocation-table.ts';
import { refusalStatusCodes } from './errors.ts';
import type { Drain } from './operations/drain.ts';
import type { Revocations } from './operations/revocations.ts';
import type { Direction, Traffic } from './traffic.ts';

export interface MetricSources {
  readonly traffic: Traffic;
  readonly allocations: AllocationTable;
  readonly connectionCount: (transport: 'TCP' | 'TLS') => number;
  readonly revocations: Revocations;
  readonly drain: Drain;
}

interface MetricText {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** A value, and what its labels are, in their order. */
type Sample = readonly [value: number, ...labels: readonly string[]];

const directions: readonly Direction[] = ['to_peer', 'to_client'];

/** Adds the metrics to the registry; the function it returns takes them out, so that the server can start again. */
export function registerMetrics(registry: Registry, sources: MetricSources): () => void {
  const names = [...registerGauges(registry, sources), ...registerCounters(registry, sources)];
  return () => {
    for (const name of names) registry.removeSingleMetric(name);
  };
}

function registerGauges(registry: Registry, sources: MetricSources): readonly string[] {
  const { allocations, connectionCount, revocations, drain } = sources;
  const gauge = (text: MetricText, read: () => readonly Sample[]): string => registerGauge(registry, text, read);
  return [
    gauge({ name: 'turn_allocations', help: 'Allocations that live' }, () => [[allocations.size]]),
    gauge(
      {
        name: 'turn_allocations_by_kind',
        help: 'Allocations that live, by the client’s transport and the families of the relayed addresses',
        labels: ['transport', 'family'],
      },
      () => kindsOf(allocations),
    ),
    gauge({ name: 'turn_permissions', help: 'Permissions installed' }, () => [
      [sum(allocations, ({ permissionCount }) => permissionCount)],
    ]),
    gauge({ name: 'turn_channels', help: 'Channels bound' }, () => [
      [sum(allocations, ({ channelCount }) => channelCount)],
    ]),
    gauge({ name: 'turn_tcp_connections', help: 'TCP connections of clients' }, () => [[connectionCount('TCP')]]),
    gauge({ name: 'turn_tls_connections', help: 'TLS connections of clients' }, () => [[connectionCount('TLS')]]),
    gauge({ name: 'turn_revocations', help: 'Revoked credentials that are remembered' }, () => [[revocations.size]]),
    gauge({ name: 'turn_draining', help: '1 while new allocations are sent elsewhere' }, () => [
      [drain.isDraining ? 1 : 0],
    ]),
  ];
}

function registerCounters(registry: Registry, { traffic, revocations }: MetricSources): readonly string[] {
  const counter = (text: MetricText, read: () => readonly Sample[]): string => registerCounter(registry, text, read);
  return [
    counter({ name: 'turn_relayed_packets_total', help: 'Datagrams relayed', labels: ['direction'] }, () =>
      directions.map((way) => [traffic.packets[way], way]),
    ),
    counter(
      { name: 'turn_relayed_bytes_total', help: 'Octets of application data relayed', labels: ['direction'] },
      () => directions.map((way) => [traffic.octets[way], way]),
    ),
    counter({ name: 'turn_dropped_total', help: 'Messages dropped without an answer', labels: ['reason'] }, () =>
      [...traffic.dropped].map(([reason, count]) => [count, reason]),
    ),
    counter({ name: 'turn_refused_total', help: 'Requests refused, by ERROR-CODE', labels: ['code'] }, () =>
      [...traffic.refused].map(([code, count]) => [count, String(refusalStatusCodes.get(code))]),
    ),
    counter(
      { name: 'turn_authenticated_total', help: 'Requests whose credential was right, by its kind', labels: ['kind'] },
      () => [...traffic.authenticated].map(([kind, count]) => [count, kind]),
    ),
    counter({ name: 'turn_revoked_total', help: 'Credentials revoked' }, () => [[revocations.total]]),
  ];
}

function kindsOf(allocations: AllocationTable): readonly Sample[] {
  const counts = new Map<string, number>();
  for (const { flow, relay } of allocations.values()) {
    const families = relay.locals.map(({ family }) => family).join('+');
    const kind = `${flow.transport} ${families}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => [count, ...kind.split(' ')]);
}

function sum(allocations: AllocationTable, read: (allocation: Allocation) => number): number {
  let total = 0;
  for (const allocation of allocations.values()) total += read(allocation);
  return total;
}

function registerGauge(
  registry: Registry,
  { name, help, labels = [] }: MetricText,
  read: () => readonly Sample[],
): string {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, ...values] of read()) this.set(labelled(labels, values), value);
    },
  });
  return name;
}

function registerCounter(
  registry: Registry,
  { name, help, labels = [] }: MetricText,
  read: () => readonly Sample[],
): string {
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      // Two of our codes may be one ERROR-CODE: what has the same labels adds up.
      for (const [value, ...values] of read()) this.inc(labelled(labels, values), value);
    },
  });
  return name;
}

function labelled(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}

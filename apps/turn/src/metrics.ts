/**
 * The TURN server's metrics, read from its counters when somebody asks.
 *
 * @module
 */
import { Counter, Gauge, type Registry } from 'prom-client';
import { refusalStatusCodes } from './errors.ts';
import type { Direction, Traffic } from './traffic.ts';

export interface MetricSources {
  readonly traffic: Traffic;
  readonly allocationCount: () => number;
  readonly connectionCount: () => number;
}

const directions: readonly Direction[] = ['to_peer', 'to_client'];

const names = [
  'turn_allocations',
  'turn_tcp_connections',
  'turn_relayed_packets_total',
  'turn_relayed_bytes_total',
  'turn_dropped_total',
  'turn_refused_total',
] as const;

/** Adds the metrics to the registry; the function it returns takes them out, so that the server can start again. */
export function registerMetrics(registry: Registry, sources: MetricSources): () => void {
  registerGauge(registry, 'turn_allocations', 'Allocations that live', sources.allocationCount);
  registerGauge(registry, 'turn_tcp_connections', 'TCP connections of clients', sources.connectionCount);

  const { traffic } = sources;
  const packets = { name: 'turn_relayed_packets_total', help: 'Datagrams relayed', label: 'direction' };
  registerCounter(registry, packets, () => directions.map((way) => [way, traffic.packets[way]]));
  const octets = { name: 'turn_relayed_bytes_total', help: 'Octets of application data relayed', label: 'direction' };
  registerCounter(registry, octets, () => directions.map((way) => [way, traffic.octets[way]]));
  const dropped = { name: 'turn_dropped_total', help: 'Messages dropped without an answer', label: 'reason' };
  registerCounter(registry, dropped, () => [...traffic.dropped]);
  const refused = { name: 'turn_refused_total', help: 'Requests refused, by ERROR-CODE', label: 'code' };
  registerCounter(registry, refused, () =>
    [...traffic.refused].map(([code, count]) => [String(refusalStatusCodes.get(code)), count]),
  );
  return () => {
    for (const name of names) registry.removeSingleMetric(name);
  };
}

function registerGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

interface CounterText {
  readonly name: string;
  readonly help: string;
  readonly label: string;
}

function registerCounter(
  registry: Registry,
  { name, help, label }: CounterText,
  read: () => readonly (readonly [value: string, count: number])[],
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, count] of read()) this.inc({ [label]: value }, count);
    },
  });
}

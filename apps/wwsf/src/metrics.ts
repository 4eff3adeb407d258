/**
 * What the WWSF counts.
 *
 * @module
 */
import type { Operations } from '@wicgate/node-kit';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { PoolCounts } from './pool/lease.ts';

export interface Metrics {
  readonly countSignIn: (outcome: string) => void;
  readonly countGuest: (outcome: string) => void;
  /** Pairs of the pool by state. */
  readonly setPool: (counts: PoolCounts) => void;
  readonly countRenewal: (outcome: string) => void;
  readonly countTurn: (kind: string) => void;
  /** @param path the route, so that nobody can invent label values. */
  readonly observeRequest: (path: string, status: number, seconds: number) => void;
}

/** The metrics in the registry of this process; two WWSFs in one process share them. */
export function createMetrics({ metrics }: Pick<Operations, 'metrics'>): Metrics {
  const signIns = counter(metrics, 'wwsf_sign_ins_total', 'Sign-ins that came to an end, by outcome');
  const renewals = counter(metrics, 'wwsf_token_renewals_total', 'Renewals of access tokens at the WAF, by outcome');
  const guests = counter(metrics, 'wwsf_guests_total', 'Guests who asked for an identity of the pool, by outcome');
  const turn = counter(metrics, 'wwsf_turn_credentials_total', 'TURN tokens and credentials handed out, by kind');
  const pairs = gauge(metrics, 'wwsf_pool_pairs', 'Identities of the pool: leased, cooling down, free');
  const requests = histogram(metrics, 'wwsf_request_duration_seconds', 'Time from request to answer');
  return {
    countSignIn: (outcome) => signIns.inc({ outcome }),
    countGuest: (outcome) => guests.inc({ outcome }),
    setPool: (counts) => {
      for (const [state, count] of Object.entries(counts)) pairs.set({ state }, count);
    },
    countRenewal: (outcome) => renewals.inc({ outcome }),
    countTurn: (outcome) => turn.inc({ outcome }),
    observeRequest: (path, status, seconds) => requests.observe({ path, status }, seconds),
  };
}

function counter(registry: Operations['metrics'], name: string, help: string): Counter<'outcome'> {
  const existing = registry.getSingleMetric(name) as Counter<'outcome'> | undefined;
  return existing ?? new Counter({ name, help, labelNames: ['outcome'], registers: [registry] });
}

function gauge(registry: Operations['metrics'], name: string, help: string): Gauge<'state'> {
  const existing = registry.getSingleMetric(name) as Gauge<'state'> | undefined;
  return existing ?? new Gauge({ name, help, labelNames: ['state'], registers: [registry] });
}

function histogram(registry: Operations['metrics'], name: string, help: string): Histogram<'path' | 'status'> {
  const existing = registry.getSingleMetric(name) as Histogram<'path' | 'status'> | undefined;
  const buckets = [0.005, 0.02, 0.1, 0.5, 2, 10];
  return existing ?? new Histogram({ name, help, labelNames: ['path', 'status'], buckets, registers: [registry] });
}

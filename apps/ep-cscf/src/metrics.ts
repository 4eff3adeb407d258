/**
 * The metrics of the eP-CSCF.
 *
 * @module
 */
import type { Operations } from '@wicgate/node-kit';
import { Counter, Gauge } from 'prom-client';

export interface Metrics {
  /** A request came in by reference point `side`. */
  readonly countRequest: (side: 'w2' | 'mw', method: string) => void;
  readonly countRefusal: (side: 'w2' | 'mw', reason: string) => void;
  /** Takes the metrics out of the registry, so that the function can start again in this process. */
  readonly remove: () => void;
}

const names = [
  'ep_cscf_registered_flows',
  'ep_cscf_connections',
  'ep_cscf_transactions',
  'ep_cscf_requests_total',
  'ep_cscf_refusals_total',
] as const;

const methods = new Set(
  'INVITE ACK BYE CANCEL REGISTER OPTIONS PRACK SUBSCRIBE NOTIFY PUBLISH INFO REFER MESSAGE UPDATE'.split(' '),
);

export interface MetricsSource {
  readonly registeredFlows: () => number;
  readonly connections: () => number;
  readonly transactions: () => number;
}

export function createMetrics({ metrics: registry }: Operations, source: MetricsSource): Metrics {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge(names[0], 'Flows that WICs have registered', source.registeredFlows);
  gauge(names[1], 'Open connections, W2 and Mw', source.connections);
  gauge(names[2], 'SIP transactions that live', source.transactions);
  const requests = new Counter({ name: names[3], help: 'Requests', labelNames: ['side', 'method'], registers });
  const refusals = new Counter({
    name: names[4],
    help: 'Requests and upgrades that were refused, by reason',
    labelNames: ['side', 'reason'],
    registers,
  });
  return {
    // Methods are the sender's to choose; labels must not be.
    countRequest: (side, method) => requests.inc({ side, method: methods.has(method) ? method : 'other' }),
    countRefusal: (side, reason) => refusals.inc({ side, reason }),
    remove: () => {
      for (const name of names) registry.removeSingleMetric(name);
    },
  };
}

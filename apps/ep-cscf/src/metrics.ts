/**
 * The metrics of the eP-CSCF.
 *
 * @module
 */
import type { Operations } from '@wicgate/node-kit';
import { Counter, Gauge, type Registry } from 'prom-client';

export interface Metrics {
  /** A request came in by reference point `side`. */
  readonly countRequest: (side: 'w2' | 'mw', method: string) => void;
  readonly countRefusal: (side: 'w2' | 'mw', reason: string) => void;
  /** A subscription to registrations of a user failed. */
  readonly countWatchFailure: (reason: string) => void;
  /** A WAF asked to revoke something; `outcome` is the status of the answer. */
  readonly countRevocation: (outcome: string) => void;
  /** A WIC asked for a TURN credential. */
  readonly countTurnCredential: (kind: string) => void;
  /** A TURN server was told of so many Tids, or should have been. */
  readonly countTurnRevocation: (result: string, tids: number) => void;
  /** Takes the metrics out of the registry, so that the function can start again in this process. */
  readonly remove: () => void;
}

const names = [
  'ep_cscf_registered_flows',
  'ep_cscf_connections',
  'ep_cscf_transactions',
  'ep_cscf_requests_total',
  'ep_cscf_refusals_total',
  'ep_cscf_revocations_total',
  'ep_cscf_revocation_entries',
  'ep_cscf_registration_subscriptions',
  'ep_cscf_registration_subscription_failures_total',
  'ep_cscf_emergency_calls',
  'ep_cscf_turn_credentials_total',
  'ep_cscf_turn_revocations_total',
  'ep_cscf_turn_revocations_pending',
] as const;

const methods = new Set(
  'INVITE ACK BYE CANCEL REGISTER OPTIONS PRACK SUBSCRIBE NOTIFY PUBLISH INFO REFER MESSAGE UPDATE'.split(' '),
);

export interface MetricsSource {
  readonly registeredFlows: () => number;
  readonly connections: () => number;
  readonly transactions: () => number;
  readonly revocations: () => number;
  readonly registrationSubscriptions: () => number;
  readonly emergencyCalls: () => number;
  readonly turnRevocationsPending: () => number;
}

export function createMetrics({ metrics: registry }: Operations, source: MetricsSource): Metrics {
  createGauges(registry, source);
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const requests = counter(names[3], 'Requests', ['side', 'method']);
  const refusals = counter(names[4], 'Requests and upgrades that were refused, by reason', ['side', 'reason']);
  const revocations = counter(names[5], 'Revocations that WAFs asked for, by status of the answer', ['status']);
  const watchFailures = counter(names[8], 'Subscriptions to the registrations of users that failed, by reason', [
    'reason',
  ]);
  const turnCredentials = counter(names[10], 'TURN credentials that were asked for, by what became of it', ['kind']);
  const turnRevocations = counter(names[11], 'TURN credentials revoked at a server, by what became of it', ['result']);
  return {
    // Methods are the sender's to choose; labels must not be.
    countRequest: (side, method) => requests.inc({ side, method: methods.has(method) ? method : 'other' }),
    countRefusal: (side, reason) => refusals.inc({ side, reason }),
    countWatchFailure: (reason) => watchFailures.inc({ reason }),
    countRevocation: (status) => revocations.inc({ status }),
    countTurnCredential: (kind) => turnCredentials.inc({ kind }),
    countTurnRevocation: (result, tids) => turnRevocations.inc({ result }, tids),
    remove: () => {
      for (const name of names) registry.removeSingleMetric(name);
    },
  };
}

function createGauges(registry: Registry, source: MetricsSource): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge(names[0], 'Flows that WICs have registered', source.registeredFlows);
  gauge(names[1], 'Open connections, W2 and Mw', source.connections);
  gauge(names[2], 'SIP transactions that live', source.transactions);
  gauge(names[6], 'Entries in the list of revocations', source.revocations);
  gauge(names[7], 'Subscriptions to the registrations of users', source.registrationSubscriptions);
  gauge(names[9], 'Emergency calls that are up or tried', source.emergencyCalls);
  gauge(names[12], 'TURN credentials that a TURN server has yet to be told are revoked', source.turnRevocationsPending);
}

/**
 * What the I-CSCF and the S-CSCF count.
 *
 * @module
 */
import { Counter, Gauge, type Registry } from 'prom-client';

export type CscfName = 'i-cscf' | 's-cscf';

export interface CoreCounts {
  /** A request got its final response. */
  readonly answered: (cscf: CscfName, method: string, statusCode: number) => void;
  /** A request was refused by us, or failed; `code` is the error's. */
  readonly refused: (cscf: CscfName, code: string) => void;
  /** A message was dropped, or answered before anybody looked at what it asks for. */
  readonly malformed: (cscf: CscfName, code: string) => void;
  /** The S-CSCF computed a response digest and compared it with that of a REGISTER. */
  readonly digestChecked: () => void;
}

export interface CoreMetrics extends CoreCounts {
  /** Takes the metrics out of the registry, so that the core can start again in its process. */
  readonly remove: () => void;
}

export interface MetricsSource {
  readonly registrations: () => number;
  readonly bindings: () => number;
  readonly subscriptions: () => number;
  readonly connections: (cscf: CscfName) => number;
  readonly transactions: (cscf: CscfName) => number;
}

const names = {
  registrations: 'core_registrations',
  bindings: 'core_bindings',
  subscriptions: 'core_registration_subscriptions',
  connections: 'core_connections',
  transactions: 'core_transactions',
  requests: 'core_requests_total',
  refusals: 'core_refusals_total',
  malformed: 'core_malformed_messages_total',
  digestChecks: 'core_digest_checks_total',
};

/** Methods are the sender's to choose; labels must not be. */
const methods = new Set(
  'INVITE ACK BYE CANCEL REGISTER OPTIONS PRACK SUBSCRIBE NOTIFY PUBLISH INFO REFER MESSAGE UPDATE'.split(' '),
);
const cscfNames = ['i-cscf', 's-cscf'] as const;

/** Adds the metrics of one core to the registry of its process. */
export function createMetrics(registry: Registry, source: MetricsSource): CoreMetrics {
  const registers = [registry];
  addGauges(registry, source);
  const requests = new Counter({
    name: names.requests,
    help: 'Requests by CSCF, method and class of the final response',
    labelNames: ['cscf', 'method', 'status'] as const,
    registers,
  });
  const refusals = new Counter({
    name: names.refusals,
    help: 'Requests that a CSCF refused or failed on, by code of the error',
    labelNames: ['cscf', 'code'] as const,
    registers,
  });
  const malformed = new Counter({
    name: names.malformed,
    help: 'Messages that were dropped or answered unread, by code of the error',
    labelNames: ['cscf', 'code'] as const,
    registers,
  });
  const digestChecks = createDigestChecks(registers);
  return {
    answered: (cscf, method, statusCode) =>
      requests.inc({
        cscf,
        method: methods.has(method) ? method : 'other',
        status: `${Math.floor(statusCode / 100)}xx`,
      }),
    refused: (cscf, code) => refusals.inc({ cscf, code }),
    malformed: (cscf, code) => malformed.inc({ cscf, code }),
    digestChecked: () => digestChecks.inc(),
    remove: () => {
      for (const name of Object.values(names)) registry.removeSingleMetric(name);
    },
  };
}

function createDigestChecks(registers: Registry[]): Counter {
  const help = 'Response digests that the S-CSCF computed for REGISTERs: as many for users who do not exist';
  return new Counter({ name: names.digestChecks, help, registers });
}

function addGauges(registry: Registry, source: MetricsSource): void {
  const registers = [registry];
  const addGauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const addGaugeOfEach = (name: string, help: string, read: (cscf: CscfName) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['cscf'] as const,
      registers,
      collect() {
        for (const cscf of cscfNames) this.set({ cscf }, read(cscf));
      },
    });
  };
  addGauge(names.registrations, 'Implicit registration sets that are registered', source.registrations);
  addGauge(names.bindings, 'Contacts that are registered', source.bindings);
  addGauge(names.subscriptions, 'Subscriptions to the registrations of a user', source.subscriptions);
  addGaugeOfEach(names.connections, 'Open connections by CSCF', source.connections);
  addGaugeOfEach(names.transactions, 'SIP transactions that live, by CSCF', source.transactions);
}

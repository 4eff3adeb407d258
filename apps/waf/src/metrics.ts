/**
 * What the WAF counts.
 *
 * @module
 */
import type { Operations } from '@wicgate/node-kit';
import { Counter, Gauge } from 'prom-client';

export interface WafMetrics {
  readonly logins: Counter<'result'>;
  readonly accessTokens: Counter<'client_id'>;
  readonly turnTokens: Counter<'client_id'>;
  readonly reusedSecrets: Counter;
  /** One for each revocation and eP-CSCF and attempt. */
  readonly revocations: Counter<'result'>;
  readonly revocationsWaiting: Gauge;
}

/** The counters in the registry of this process; two WAFs in one process share them. */
export function createMetrics({ metrics }: Pick<Operations, 'metrics'>): WafMetrics {
  return {
    logins: counter(metrics, 'waf_logins_total', 'Logins by result', ['result']),
    accessTokens: counter(metrics, 'waf_access_tokens_total', 'Access tokens issued, by client', ['client_id']),
    turnTokens: counter(metrics, 'waf_turn_tokens_total', 'Access tokens for TURN servers, by client', ['client_id']),
    reusedSecrets: counter(metrics, 'waf_reused_secrets_total', 'Codes and refresh tokens that were used twice', []),
    revocations: counter(metrics, 'waf_revocations_total', 'Revocations told to eP-CSCFs, by result', ['result']),
    revocationsWaiting: gauge(metrics, 'waf_revocations_waiting', 'Revocations that eP-CSCFs are still to be told'),
  };
}

function counter<Label extends string>(
  registry: Operations['metrics'],
  name: string,
  help: string,
  labelNames: Label[],
): Counter<Label> {
  const existing = registry.getSingleMetric(name) as Counter<Label> | undefined;
  return existing ?? new Counter({ name, help, labelNames, registers: [registry] });
}

function gauge(registry: Operations['metrics'], name: string, help: string): Gauge {
  const existing = registry.getSingleMetric(name) as Gauge | undefined;
  return existing ?? new Gauge({ name, help, registers: [registry] });
}

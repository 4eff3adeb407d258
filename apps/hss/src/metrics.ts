/**
 * What the HSS counts.
 *
 * @module
 */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { SubscriptionStore } from './subscriptions/subscription-store.ts';

export interface HssMetrics {
  /** Counts an answer of Cx, or the code of the error that came instead of one. */
  readonly countAnswer: (command: string, result: string) => void;
  /** Takes the metrics out of the registry, so that the HSS can start again in its process. */
  readonly remove: () => void;
}

const names = { answers: 'hss_cx_answers_total', subscriptions: 'hss_subscriptions', identities: 'hss_identities' };
const states = ['not-registered', 'registered', 'unregistered'] as const;

/** Adds the metrics of one HSS to the registry of its process. */
export function createMetrics(registry: Registry, store: SubscriptionStore): HssMetrics {
  const registers = [registry];
  const answers = new Counter({
    name: names.answers,
    help: 'Cx commands by command and result',
    labelNames: ['command', 'result'] as const,
    registers,
  });
  new Gauge({
    name: names.subscriptions,
    help: 'Subscriptions',
    registers,
    async collect() {
      this.set((await store.count()).subscriptions);
    },
  });
  new Gauge({
    name: names.identities,
    help: 'Public user identities by registration state',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      const { identities } = await store.count();
      for (const state of states) this.set({ state }, identities.get(state) ?? 0);
    },
  });
  return {
    countAnswer: (command, result) => answers.inc({ command, result }),
    remove: () => {
      for (const name of Object.values(names)) registry.removeSingleMetric(name);
    },
  };
}

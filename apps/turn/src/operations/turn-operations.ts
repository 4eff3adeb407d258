/**
 * What operators see of the TURN server and do to it: metrics, readiness, revocations, drain.
 *
 * @module
 */
import type { Logger, Operations } from '@wicgate/node-kit';
import type { AllocationTable } from '../allocations/allocation-table.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { TurnLogEvent } from '../log-event.ts';
import { registerMetrics } from '../metrics.ts';
import type { Traffic } from '../traffic.ts';
import { Admission } from './admission.ts';
import { ChallengeLimit } from './challenge-limit.ts';
import { Drain } from './drain.ts';
import { addOperatorApi } from './operator-api.ts';
import { Revocations } from './revocations.ts';

export interface ExposedParts {
  readonly operations: Operations;
  readonly log: Logger<TurnLogEvent>;
  readonly allocations: AllocationTable;
  readonly traffic: Traffic;
  readonly connectionCount: (transport: 'TCP' | 'TLS') => number;
}

export class TurnOperations {
  readonly admission: Admission;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #revocations = new Revocations();
  readonly #drain: Drain;

  constructor(config: Config, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#drain = new Drain(config.TURN_ALTERNATE_SERVERS);
    const perSecond = config.TURN_CHALLENGES_PER_SECOND;
    this.admission = new Admission({
      clock,
      revocations: this.#revocations,
      drain: this.#drain,
      challenges: perSecond === undefined ? undefined : new ChallengeLimit(perSecond),
    });
  }

  /** Adds metrics, readiness and, with a token, the operator's routes. The returned function takes them away. */
  expose({ operations, log, allocations, traffic, connectionCount }: ExposedParts): () => void {
    const revocations = this.#revocations;
    const drain = this.#drain;
    let isOpen = true;
    operations.addReadiness('turn', () => isOpen && !drain.isDraining);
    const removers = [
      registerMetrics(operations.metrics, { traffic, allocations, connectionCount, revocations, drain }),
    ];
    const token = this.#config.TURN_OPERATOR_TOKEN;
    if (token !== undefined) {
      const clock = this.#clock;
      removers.push(addOperatorApi(operations, { token, clock, log, allocations, revocations, drain }));
    }
    return () => {
      isOpen = false;
      for (const remove of removers) remove();
    };
  }

  /** Resolves when no allocation is left, or TURN_DRAIN_SECONDS are over; at once where that is not set. */
  async drainBeforeStop(allocations: AllocationTable): Promise<void> {
    const seconds = this.#config.TURN_DRAIN_SECONDS;
    if (seconds === 0) return;
    this.#drain.begin();
    let stopTimer = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      stopTimer = this.#clock.after(1_000 * seconds, resolve);
    });
    await Promise.race([allocations.whenEmpty(), patience]);
    stopTimer();
  }
}

/**
 * The end of registrations by the HSS's wish: RTR, and what an emergency keeps of it (TS 29.228 6.1.3.1).
 *
 * What is stored has changed already when the S-CSCF hears of it.
 *
 * @module
 */
import type { DeregistrationReasonCode, EmergencyRegistration } from '@wicgate/cx';
import { canonicalImpi, findCanonicalImpu } from '../subscriptions/identities.ts';
import { findIdentity, withState } from '../subscriptions/subscription.ts';
import type { SubscriptionStore } from '../subscriptions/subscription-store.ts';
import type { Notification, SCscfNotifier } from './s-cscf-notifier.ts';

/** What to tell an S-CSCF of identities that are registered no more. */
export interface Termination {
  readonly impi: string;
  /** Undefined where no S-CSCF serves the user: nobody hears of it. */
  readonly serverName: string | undefined;
  /** None: nobody hears of it. */
  readonly impus: readonly string[];
  readonly reasonCode: DeregistrationReasonCode;
  readonly reasonInfo: string | undefined;
}

/** For these reasons the S-CSCF does not end registrations for an emergency. */
const sparingReasons: ReadonlySet<DeregistrationReasonCode> = new Set(['PERMANENT_TERMINATION', 'REMOVE_S_CSCF']);

export class RegistrationTerminator {
  readonly #store: SubscriptionStore;
  readonly #notifier: SCscfNotifier;

  constructor(store: SubscriptionStore, notifier: SCscfNotifier) {
    this.#store = store;
    this.#notifier = notifier;
  }

  async terminate({ serverName, ...request }: Termination): Promise<readonly Notification[]> {
    if (serverName === undefined || request.impus.length === 0) return [];
    const { notification, emergencies } = await this.#notifier.terminateRegistration(serverName, request);
    if (emergencies.length > 0 && sparingReasons.has(request.reasonCode)) {
      await this.#keep(request, serverName, emergencies);
    }
    return [notification];
  }

  /** The sets of those pairs that were terminated are registered at that S-CSCF as before, unless another serves the user now. */
  async #keep(
    { impi, impus }: Pick<Termination, 'impi' | 'impus'>,
    serverName: string,
    emergencies: readonly EmergencyRegistration[],
  ): Promise<void> {
    const spared = new Set(
      emergencies.filter((pair) => canonicalImpi(pair.impi) === impi).map((pair) => findCanonicalImpu(pair.impu) ?? ''),
    );
    await this.#store.transaction(async (records) => {
      const current = await records.find(impi);
      if (current === undefined || (current.sCscfName !== undefined && current.sCscfName !== serverName)) return;
      const kept = impus.filter((impu) => spared.has(impu) && findIdentity(current, impu) !== undefined);
      if (kept.length === 0) return;
      await records.put({ ...withState(current, kept, 'registered'), sCscfName: serverName });
    });
  }
}

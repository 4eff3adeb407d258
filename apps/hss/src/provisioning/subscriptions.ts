/**
 * Subscriptions as an operator handles them: the provisioning API over HTTP and the lab's seeding come here.
 *
 * Changes of one subscription follow one another. What is stored changes first, in one transaction; the S-CSCF hears of
 * it afterwards, so that its own commands never wait for the answer it owes.
 *
 * @module
 */
import type { DeregistrationReasonCode } from '@wicgate/cx';
import { ImpuTaken, RangeMember, SubscriptionExists, SubscriptionUnknown } from '../errors.ts';
import type { HssLogger } from '../events.ts';
import {
  newSubscription,
  type RegistrationState,
  type Subscription,
  type SubscriptionData,
  setNumbers,
  setOf,
  withData,
  withoutIdleServer,
  withState,
} from '../subscriptions/subscription.ts';
import type { SubscriptionPage, SubscriptionRecords, SubscriptionStore } from '../subscriptions/subscription-store.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { compareProfiles, type ProfileChange } from './profile-change.ts';
import { RegistrationTerminator, type Termination } from './registration-terminator.ts';
import type { Notification, SCscfNotifier } from './s-cscf-notifier.ts';
import {
  type ChangeInput,
  type DeregistrationInput,
  type PageInput,
  type ReplacementInput,
  readChange,
  readDeregistration,
  readImpi,
  readPage,
  readReplacement,
  readSubscription,
  type SubscriptionInput,
} from './subscription-input.ts';

/** A subscription after a change, and what its S-CSCF answered. */
export interface Changed {
  readonly subscription: Subscription;
  readonly notifications: readonly Notification[];
}

export interface SubscriptionsOptions {
  readonly store: SubscriptionStore;
  readonly notifier: SCscfNotifier;
  readonly log: HssLogger;
  readonly hashIdentity: (impi: string) => string;
  /** Of SIP Digest credentials. */
  readonly realm: string;
}

/** Every method throws {@link InputInvalid} for input that is not as expected. */
export class Subscriptions {
  readonly #store: SubscriptionStore;
  readonly #notifier: SCscfNotifier;
  readonly #terminator: RegistrationTerminator;
  readonly #log: HssLogger;
  readonly #hashIdentity: (impi: string) => string;
  readonly #realm: string;
  readonly #queue = new KeyedQueue();

  constructor({ store, notifier, log, hashIdentity, realm }: SubscriptionsOptions) {
    this.#realm = realm;
    this.#store = store;
    this.#notifier = notifier;
    this.#terminator = new RegistrationTerminator(store, notifier);
    this.#log = log;
    this.#hashIdentity = hashIdentity;
  }

  /** At most 200 subscriptions, 50 unless told, in the order of their private identities. */
  async list(page: PageInput = {}): Promise<SubscriptionPage> {
    const { limit, after } = readPage(page);
    return await this.#store.list(limit, after);
  }

  async find(impi: string): Promise<Subscription | undefined> {
    const canonical = readImpi(impi);
    return await this.#store.transaction((records) => records.find(canonical));
  }

  /** @throws {SubscriptionExists | ImpuTaken} */
  async create(input: SubscriptionInput): Promise<Subscription> {
    const { impi, data } = readSubscription(input, this.#realm);
    const subscription = newSubscription(impi, data);
    await this.#queue.run(impi, () =>
      this.#store.transaction(async (records) => {
        if ((await records.find(impi)) !== undefined) throw new SubscriptionExists();
        await checkOwners(records, subscription);
        await records.put(subscription);
      }),
    );
    this.#log.info({ event: 'subscription.created', impi: this.#hashIdentity(impi) });
    return subscription;
  }

  /** Gives the subscription these data instead of those it had. @throws {SubscriptionUnknown | RangeMember | ImpuTaken} */
  async replace(impi: string, input: ReplacementInput): Promise<Changed> {
    const canonical = readImpi(impi);
    return await this.#change(canonical, readReplacement(input, canonical, this.#realm));
  }

  /** Changes what is named; lists are replaced whole. @throws {SubscriptionUnknown | RangeMember | ImpuTaken} */
  async change(impi: string, input: ChangeInput): Promise<Changed> {
    const canonical = readImpi(impi);
    return await this.#change(canonical, readChange(input, canonical, this.#realm));
  }

  /** Deregisters every identity. @throws {SubscriptionUnknown} */
  async deregister(impi: string, input: DeregistrationInput = {}): Promise<Changed> {
    const canonical = readImpi(impi);
    const { reasonCode, reasonInfo } = readDeregistration(input);
    return await this.#queue.run(canonical, () => this.#deregister(canonical, reasonCode, reasonInfo));
  }

  /** Deregisters every identity, then forgets the subscription. @throws {SubscriptionUnknown | RangeMember} */
  async delete(impi: string): Promise<readonly Notification[]> {
    const canonical = readImpi(impi);
    const notifications = await this.#queue.run(canonical, async () => {
      await this.#store.transaction((records) => readOwn(records, canonical));
      const { notifications: first } = await this.#deregister(canonical, 'PERMANENT_TERMINATION', undefined);
      const last = await this.#store.transaction(async (records) => {
        const subscription = await readExisting(records, canonical);
        await records.delete(canonical);
        return subscription;
      });
      // The user may have registered again in between; from now on nobody can.
      return [...first, ...(await this.#terminator.terminate(terminationOf(last, 'PERMANENT_TERMINATION', undefined)))];
    });
    this.#log.info({ event: 'subscription.deleted', impi: this.#hashIdentity(canonical) });
    return notifications;
  }

  /** Resolves when every change under way has ended. */
  async drain(): Promise<void> {
    await this.#queue.drain();
  }

  #change(impi: string, decide: (current: SubscriptionData) => SubscriptionData): Promise<Changed> {
    return this.#queue.run(impi, async () => {
      const change = await this.#store.transaction(async (records) => {
        const before = await readOwn(records, impi);
        const wanted = withData(before, decide(dataOf(before)));
        await checkOwners(records, wanted);
        const compared = compareProfiles(before, wanted, this.#realm);
        await records.put(compared.subscription);
        return { ...compared, serverName: before.sCscfName };
      });
      this.#log.info({ event: 'subscription.changed', impi: this.#hashIdentity(impi) });
      const notifications = await this.#notifyOf(change);
      const subscription = await this.#store.transaction((records) => readExisting(records, impi));
      return { subscription, notifications };
    });
  }

  async #notifyOf(change: ProfileChange & { readonly serverName: string | undefined }): Promise<Notification[]> {
    const { subscription, serverName, deregistered, pushed } = change;
    const { impi } = subscription;
    const reasonInfo = 'subscription changed';
    const notifications: Notification[] = [];
    for (const reasonCode of new Set(deregistered.map((set) => set.reasonCode))) {
      const impus = deregistered.filter((set) => set.reasonCode === reasonCode).flatMap((set) => set.impus);
      const ended = { impi, serverName, impus, reasonCode, reasonInfo };
      notifications.push(...(await this.#terminator.terminate(ended)));
    }
    for (const request of serverName === undefined ? [] : pushed) {
      const notification = await this.#notifier.pushProfile(serverName ?? '', request);
      notifications.push(notification);
      if (notification.result !== 'DIAMETER_ERROR_TOO_MUCH_DATA') continue;
      // The S-CSCF cannot serve the user any more: another must (TS 29.228 6.2.2.1).
      return [...notifications, ...(await this.#deregister(impi, 'SERVER_CHANGE', reasonInfo)).notifications];
    }
    return notifications;
  }

  async #deregister(
    impi: string,
    reasonCode: DeregistrationReasonCode,
    reasonInfo: string | undefined,
  ): Promise<Changed> {
    const { before, changed } = await this.#store.transaction(async (records) => {
      const current = await readExisting(records, impi);
      const impus = current.identities.map(({ impu }) => impu);
      const after = withoutIdleServer(withState(current, impus, 'not-registered'));
      await records.put(after);
      return { before: current, changed: after };
    });
    this.#log.info({ event: 'subscription.deregistered', impi: this.#hashIdentity(impi), reasonCode });
    const notifications = await this.#terminator.terminate(terminationOf(before, reasonCode, reasonInfo));
    // An emergency may have kept some; a member of a range is gone.
    const subscription = await this.#store.transaction((records) => records.find(impi));
    return { subscription: subscription ?? changed, notifications };
  }
}

/** The state of the identity that is most registered. */
export function overallState({ identities }: Subscription): RegistrationState {
  const states = new Set(identities.map(({ state }) => state));
  if (states.has('registered')) return 'registered';
  return states.has('unregistered') ? 'unregistered' : 'not-registered';
}

function terminationOf(
  before: Subscription,
  reasonCode: DeregistrationReasonCode,
  reasonInfo: string | undefined,
): Termination {
  const impus = setNumbers(before)
    .flatMap((number) => setOf(before, number).filter(({ state }) => state !== 'not-registered'))
    .map(({ impu }) => impu);
  return { impi: before.impi, serverName: before.sCscfName, impus, reasonCode, reasonInfo };
}

function dataOf(subscription: Subscription): SubscriptionData {
  const { impi: _impi, range: _range, sCscfName: _name, reassignmentPending: _pending, ...rest } = subscription;
  const { identities, ...data } = rest;
  const impus = identities.map(({ impu, barred, implicitRegistrationSet }) => ({
    impu,
    barred,
    implicitRegistrationSet,
  }));
  return { ...data, impus };
}

async function readExisting(records: SubscriptionRecords, impi: string): Promise<Subscription> {
  const subscription = await records.find(impi);
  if (subscription === undefined) throw new SubscriptionUnknown();
  return subscription;
}

/** Members of a range have what the range has. */
async function readOwn(records: SubscriptionRecords, impi: string): Promise<Subscription> {
  const subscription = await readExisting(records, impi);
  if (subscription.range !== undefined) throw new RangeMember();
  return subscription;
}

async function checkOwners(records: SubscriptionRecords, { impi, identities }: Subscription): Promise<void> {
  for (const [index, { impu }] of identities.entries()) {
    const owner = await records.findOwner(impu);
    if (owner !== undefined && owner !== impi) throw new ImpuTaken(index);
  }
}

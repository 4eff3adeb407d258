/**
 * Ranges of identities as an operator handles them (TS 33.203 X.4.1, TS 23.228 U.2.1.4).
 *
 * As with subscriptions, what is stored changes first; the S-CSCFs of the members hear of it afterwards.
 *
 * @module
 */
import { RangesOverlap, RangesTooMany, RangeUnknown } from '../errors.ts';
import type { HssLogger } from '../events.ts';
import { areOverlapping, type IdentityRange } from '../subscriptions/identity-range.ts';
import type { RangeRecords, ServedMember } from '../subscriptions/range-records.ts';
import type { SubscriptionStore } from '../subscriptions/subscription-store.ts';
import {
  type IdentityRangeInput,
  type RangeReplacementInput,
  readImpiPattern,
  readRange,
  readRangeReplacement,
} from './identity-range-input.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { RegistrationTerminator } from './registration-terminator.ts';
import type { Notification, SCscfNotifier } from './s-cscf-notifier.ts';

/** A range, and how many of its members are registered. */
export interface CountedRange {
  readonly range: IdentityRange;
  readonly registered: number;
}

/** A range after a change, and what the S-CSCFs of its members answered. */
export interface ChangedRange extends CountedRange {
  readonly notifications: readonly Notification[];
}

export interface IdentityRangesOptions {
  readonly store: SubscriptionStore;
  readonly notifier: SCscfNotifier;
  readonly log: HssLogger;
}

const maxRanges = 100;
/** How many S-CSCFs hear of a change at a time. */
const maxAtOnce = 16;

/** Every method throws {@link InputInvalid} for input that is not as expected. */
export class IdentityRanges {
  readonly #store: SubscriptionStore;
  readonly #notifier: SCscfNotifier;
  readonly #terminator: RegistrationTerminator;
  readonly #log: HssLogger;
  readonly #queue = new KeyedQueue();

  constructor({ store, notifier, log }: IdentityRangesOptions) {
    this.#store = store;
    this.#notifier = notifier;
    this.#terminator = new RegistrationTerminator(store, notifier);
    this.#log = log;
  }

  /** All of them, in the order of their patterns. */
  async list(): Promise<readonly CountedRange[]> {
    return await this.#store.transaction(async ({ ranges }) => {
      const counted: CountedRange[] = [];
      for (const range of await ranges.list()) counted.push(await count(ranges, range));
      return counted;
    });
  }

  async find(impi: string): Promise<CountedRange | undefined> {
    const pattern = readImpiPattern(impi);
    return await this.#store.transaction(async ({ ranges }) => {
      const range = await ranges.find(pattern);
      return range && (await count(ranges, range));
    });
  }

  /** @throws {RangesOverlap | RangesTooMany} */
  async create(input: IdentityRangeInput): Promise<CountedRange> {
    const range = readRange(input);
    await this.#store.transaction(async ({ ranges }) => {
      const others = await ranges.list();
      for (const name of ['impi', 'impu'] as const) {
        if (others.some((other) => areOverlapping(other[name], range[name]))) throw new RangesOverlap(name);
      }
      if (others.length >= maxRanges) throw new RangesTooMany(maxRanges);
      await ranges.put(range);
    });
    this.#log.info({ event: 'range.created' });
    return { range, registered: 0 };
  }

  /** Members that are registered hear of a changed list; a lower limit ends no registration. @throws {RangeUnknown} */
  async replace(impi: string, input: RangeReplacementInput): Promise<ChangedRange> {
    const pattern = readImpiPattern(impi);
    const decide = readRangeReplacement(input);
    return await this.#queue.run(pattern, async () => {
      const { members, before, range } = await this.#store.transaction(async ({ ranges }) => {
        const current = await readExisting(ranges, pattern);
        const wanted = decide(current);
        await ranges.put(wanted);
        await ranges.changeMembers(wanted);
        return { before: current, range: wanted, members: await ranges.members(pattern) };
      });
      this.#log.info({ event: 'range.changed' });
      const allowedWafWwsfIdentities = range.allowedWafWwsfIdentities ?? { wafNames: [], wwsfNames: [] };
      const isSameList =
        JSON.stringify(before.allowedWafWwsfIdentities) === JSON.stringify(range.allowedWafWwsfIdentities);
      const push = { userProfile: undefined, allowedWafWwsfIdentities, authData: undefined };
      const notifications = await notifyEach(isSameList ? [] : members, async (serverName, { impi: member }) => [
        await this.#notifier.pushProfile(serverName, { impi: member, ...push }),
      ]);
      return { range, registered: members.length, notifications };
    });
  }

  /** Deregisters every member, and there are none any more. @throws {RangeUnknown} */
  async delete(impi: string): Promise<readonly Notification[]> {
    const pattern = readImpiPattern(impi);
    return await this.#queue.run(pattern, async () => {
      const members = await this.#store.transaction(async ({ ranges }) => {
        await readExisting(ranges, pattern);
        const served = await ranges.members(pattern);
        await ranges.delete(pattern);
        return served;
      });
      this.#log.info({ event: 'range.deleted' });
      const why = { reasonCode: 'PERMANENT_TERMINATION', reasonInfo: undefined } as const;
      return await notifyEach(members, (serverName, { impi: member, impu }) =>
        this.#terminator.terminate({ impi: member, serverName, impus: [impu], ...why }),
      );
    });
  }

  /** Resolves when every change under way has ended. */
  async drain(): Promise<void> {
    await this.#queue.drain();
  }
}

/** So many at a time; in the order of the members. */
async function notifyEach(
  members: readonly ServedMember[],
  notify: (serverName: string, member: ServedMember) => Promise<readonly Notification[]>,
): Promise<readonly Notification[]> {
  const notifications: Notification[] = [];
  for (let start = 0; start < members.length; start += maxAtOnce) {
    const batch = members.slice(start, start + maxAtOnce);
    const answered = await Promise.all(
      batch.map((member) => (member.sCscfName === undefined ? [] : notify(member.sCscfName, member))),
    );
    notifications.push(...answered.flat());
  }
  return notifications;
}

async function count(ranges: RangeRecords, range: IdentityRange): Promise<CountedRange> {
  return { range, registered: await ranges.countMembers(range.impi) };
}

async function readExisting(ranges: RangeRecords, impi: string): Promise<IdentityRange> {
  const range = await ranges.find(impi);
  if (range === undefined) throw new RangeUnknown();
  return range;
}

/**
 * Subscriptions in the database. Every change is one transaction, and transactions follow one another.
 *
 * @module
 */
import type { Kysely, Selectable } from 'kysely';
import { type IdentityRow, openDatabase, type SubscriptionRow, type Tables } from './database.ts';
import { type RangeRecords, rangeRecordsOf } from './range-records.ts';
import {
  type DigestCredential,
  type Identity,
  isIdle,
  type RegistrationState,
  type Subscription,
} from './subscription.ts';

/** What a transaction may do. Identities are expected in canonical form. */
export interface SubscriptionRecords {
  find(impi: string): Promise<Subscription | undefined>;
  /** The private identity that the public one belongs to. */
  findOwner(impu: string): Promise<string | undefined>;
  /**
   * Writes the subscription, whether it existed or not. Its identities must belong to no other.
   *
   * A member of a range is kept only while it is served.
   */
  put(subscription: Subscription): Promise<void>;
  delete(impi: string): Promise<void>;
  readonly ranges: RangeRecords;
}

export interface SubscriptionPage {
  readonly subscriptions: readonly Subscription[];
  /** Where the next page begins; undefined on the last. */
  readonly next: string | undefined;
}

export class SubscriptionStore {
  readonly #database: Kysely<Tables>;

  /** @throws {ConfigInvalid} the file cannot be used. */
  constructor(file: string) {
    this.#database = openDatabase(file);
  }

  /** Runs `work` alone; what it wrote is undone when it throws. It may await nothing but the records. */
  transaction<T>(work: (records: SubscriptionRecords) => Promise<T>): Promise<T> {
    return this.#database.transaction().execute((transaction) => work(recordsOf(transaction)));
  }

  /** At most `limit` subscriptions in the order of their private identities, after `after`. */
  async list(limit: number, after: string | undefined): Promise<SubscriptionPage> {
    return await this.#database.transaction().execute(async (transaction) => {
      const page = transaction
        .selectFrom('subscription')
        .selectAll()
        .orderBy('impi')
        .limit(limit + 1);
      const rows = await (after === undefined ? page : page.where('impi', '>', after)).execute();
      const impis = rows.slice(0, limit).map(({ impi }) => impi);
      const identities = await transaction
        .selectFrom('identity')
        .selectAll()
        .where('impi', 'in', impis)
        .orderBy('position')
        .execute();
      const subscriptions = rows.slice(0, limit).map((row) =>
        readSubscription(
          row,
          identities.filter(({ impi }) => impi === row.impi),
        ),
      );
      return { subscriptions, next: rows.length > limit ? impis.at(-1) : undefined };
    });
  }

  /** How many subscriptions there are, and how many identities in each state. */
  async count(): Promise<{
    readonly subscriptions: number;
    readonly identities: ReadonlyMap<RegistrationState, number>;
  }> {
    const database = this.#database;
    const { subscriptions } = await database
      .selectFrom('subscription')
      .select(({ fn }) => fn.countAll<number>().as('subscriptions'))
      .executeTakeFirstOrThrow();
    const states = await database
      .selectFrom('identity')
      .select(({ fn }) => ['state', fn.countAll<number>().as('identities')])
      .groupBy('state')
      .execute();
    return { subscriptions, identities: new Map(states.map(({ state, identities }) => [state, identities])) };
  }

  /** Lets the transactions end that wait already. */
  async close(): Promise<void> {
    await this.transaction(async () => undefined);
    await this.#database.destroy();
  }
}

function recordsOf(database: Kysely<Tables>): SubscriptionRecords {
  const remove = async (impi: string): Promise<void> => {
    await database.deleteFrom('subscription').where('impi', '=', impi).execute();
  };
  return {
    async find(impi) {
      const row = await database.selectFrom('subscription').selectAll().where('impi', '=', impi).executeTakeFirst();
      if (row === undefined) return undefined;
      const identities = database.selectFrom('identity').selectAll().where('impi', '=', impi).orderBy('position');
      return readSubscription(row, await identities.execute());
    },
    async findOwner(impu) {
      const row = await database.selectFrom('identity').select('impi').where('impu', '=', impu).executeTakeFirst();
      return row?.impi;
    },
    async put(subscription) {
      if (subscription.range !== undefined && isIdle(subscription)) return await remove(subscription.impi);
      const row = subscriptionRow(subscription);
      const { impi: _impi, ...changed } = row;
      await database
        .insertInto('subscription')
        .values(row)
        .onConflict((conflict) => conflict.column('impi').doUpdateSet(changed))
        .execute();
      await database.deleteFrom('identity').where('impi', '=', subscription.impi).execute();
      const identities = subscription.identities.map((identity, position) => identityRow(row.impi, identity, position));
      if (identities.length > 0) await database.insertInto('identity').values(identities).execute();
    },
    delete: remove,
    ranges: rangeRecordsOf(database),
  };
}

/** What the operator decided; kept as JSON, for nothing is searched by it. */
type StoredData = Omit<Subscription, 'impi' | 'range' | 'identities' | 'sCscfName' | 'reassignmentPending'>;

function subscriptionRow(subscription: Subscription): SubscriptionRow {
  const { impi, range, identities: _identities, sCscfName, reassignmentPending, ...data } = subscription;
  return {
    impi,
    s_cscf_name: sCscfName ?? null,
    reassignment_pending: reassignmentPending ? 1 : 0,
    data: JSON.stringify(data satisfies StoredData),
    range_impi: range ?? null,
  };
}

function identityRow(impi: string, identity: Identity, position: number): IdentityRow {
  return {
    impu: identity.impu,
    impi,
    position,
    implicit_registration_set: identity.implicitRegistrationSet,
    barred: identity.barred ? 1 : 0,
    state: identity.state,
    auth_pending: identity.authPending ? 1 : 0,
  };
}

function readSubscription(
  row: Selectable<SubscriptionRow>,
  identities: readonly Selectable<IdentityRow>[],
): Subscription {
  // Written by subscriptionRow; JSON leaves out what is undefined, and earlier versions knew less.
  const data = JSON.parse(row.data) as Partial<StoredData>;
  return {
    impi: row.impi,
    range: row.range_impi ?? undefined,
    barred: data.barred ?? false,
    roamingNetworks: data.roamingNetworks ?? [],
    unregisteredServices: data.unregisteredServices ?? false,
    serverCapabilities: data.serverCapabilities ?? { mandatory: [], optional: [], serverNames: [] },
    allowedWafWwsfIdentities: data.allowedWafWwsfIdentities,
    digestCredential: readCredential(data.digestCredential),
    akaCredential: data.akaCredential,
    sCscfName: row.s_cscf_name ?? undefined,
    reassignmentPending: row.reassignment_pending === 1,
    identities: identities.map((identity) => ({
      impu: identity.impu,
      barred: identity.barred === 1,
      implicitRegistrationSet: identity.implicit_registration_set,
      state: identity.state,
      authPending: identity.auth_pending === 1,
    })),
  };
}

/** JSON leaves out what is undefined. */
function readCredential(credential: Partial<DigestCredential> | undefined): DigestCredential | undefined {
  return credential?.md5 === undefined ? undefined : { md5: credential.md5, sha256: credential.sha256 };
}

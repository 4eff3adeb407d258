/**
 * Ranges of identities in the database, and those of their members that are served.
 *
 * @module
 */
import type { Kysely, Selectable } from 'kysely';
import type { RangeRow, Tables } from './database.ts';
import { type IdentityRange, memberDataOf } from './identity-range.ts';

/** A member that is served. */
export interface ServedMember {
  readonly impi: string;
  readonly impu: string;
  readonly sCscfName: string | undefined;
}

/** What a transaction may do with ranges. */
export interface RangeRecords {
  /** All of them, in the order of their patterns; the provisioning API allows few. */
  list(): Promise<readonly IdentityRange[]>;
  find(impi: string): Promise<IdentityRange | undefined>;
  put(range: IdentityRange): Promise<void>;
  /** Its members go with it. */
  delete(impi: string): Promise<void>;
  /** Gives those that are served what the range has now. */
  changeMembers(range: IdentityRange): Promise<void>;
  /** How many members are served. */
  countMembers(impi: string): Promise<number>;
  members(impi: string): Promise<readonly ServedMember[]>;
}

type StoredData = Pick<IdentityRange, 'maxRegistered'> & Partial<Pick<IdentityRange, 'allowedWafWwsfIdentities'>>;

export function rangeRecordsOf(database: Kysely<Tables>): RangeRecords {
  return {
    async list() {
      return (await database.selectFrom('identity_range').selectAll().orderBy('impi').execute()).map(readRange);
    },
    async find(impi) {
      const row = await database.selectFrom('identity_range').selectAll().where('impi', '=', impi).executeTakeFirst();
      return row && readRange(row);
    },
    async put({ impi, impu, maxRegistered, allowedWafWwsfIdentities }) {
      const data = JSON.stringify({ maxRegistered, allowedWafWwsfIdentities });
      await database
        .insertInto('identity_range')
        .values({ impi, impu, data })
        .onConflict((conflict) => conflict.column('impi').doUpdateSet({ impu, data }))
        .execute();
    },
    async delete(impi) {
      await database.deleteFrom('identity_range').where('impi', '=', impi).execute();
    },
    async changeMembers(range) {
      const data = JSON.stringify(memberDataOf(range));
      await database.updateTable('subscription').set({ data }).where('range_impi', '=', range.impi).execute();
    },
    async countMembers(impi) {
      const counted = database.selectFrom('subscription').where('range_impi', '=', impi);
      const { members } = await counted
        .select(({ fn }) => fn.countAll<number>().as('members'))
        .executeTakeFirstOrThrow();
      return members;
    },
    async members(impi) {
      const rows = await database
        .selectFrom('subscription')
        .innerJoin('identity', 'identity.impi', 'subscription.impi')
        .where('range_impi', '=', impi)
        .select(['subscription.impi', 'identity.impu', 's_cscf_name'])
        .execute();
      return rows.map((row) => ({ impi: row.impi, impu: row.impu, sCscfName: row.s_cscf_name ?? undefined }));
    },
  };
}

function readRange({ impi, impu, data }: Selectable<RangeRow>): IdentityRange {
  const { maxRegistered, allowedWafWwsfIdentities } = JSON.parse(data) as StoredData;
  return { impi, impu, maxRegistered, allowedWafWwsfIdentities };
}

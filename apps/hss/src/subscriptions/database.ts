/**
 * The database file of the HSS: SQLite, readable by its owner only.
 *
 * @module
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { ConfigInvalid } from '@wicgate/node-kit';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';

export interface SubscriptionRow {
  readonly impi: string;
  readonly s_cscf_name: string | null;
  readonly reassignment_pending: 0 | 1;
  /** What the operator decided, without the identities, as JSON. */
  readonly data: string;
  /** Of the range that the user is a member of. */
  readonly range_impi: string | null;
}

export interface RangeRow {
  /** Pattern of private identities. */
  readonly impi: string;
  /** Pattern of public identities. */
  readonly impu: string;
  /** What the operator decided, as JSON. */
  readonly data: string;
}

export interface IdentityRow {
  readonly impu: string;
  readonly impi: string;
  /** Place among the identities of the subscription, from 0. */
  readonly position: number;
  readonly implicit_registration_set: number;
  readonly barred: 0 | 1;
  readonly state: 'not-registered' | 'registered' | 'unregistered';
  readonly auth_pending: 0 | 1;
}

export interface Tables {
  readonly subscription: SubscriptionRow;
  readonly identity: IdentityRow;
  readonly identity_range: RangeRow;
}

/** What makes each version of the tables of the one before; an empty database has version 0. */
export const versions: readonly string[] = [
  `
  create table subscription (
    impi text primary key,
    s_cscf_name text,
    reassignment_pending integer not null,
    data text not null
  ) strict;
  create table identity (
    impu text primary key,
    impi text not null references subscription (impi) on delete cascade,
    position integer not null,
    implicit_registration_set integer not null,
    barred integer not null,
    state text not null check (state in ('not-registered', 'registered', 'unregistered')),
    auth_pending integer not null,
    unique (impi, position)
  ) strict;
  create index identity_by_state on identity (state);
`,
  `
  create table identity_range (
    impi text primary key,
    impu text not null unique,
    data text not null
  ) strict;
  alter table subscription add column range_impi text references identity_range (impi) on delete cascade;
  create index subscription_by_range on subscription (range_impi) where range_impi is not null;
`,
];

/**
 * Opens the file, or makes it.
 *
 * @throws {ConfigInvalid} it cannot be opened, is no database, or was written by a later version.
 */
export function openDatabase(file: string): Kysely<Tables> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // Before SQLite opens it, so that its journals take over the mode.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const database = new DatabaseSync(file);
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 1000; pragma foreign_keys = on',
    );
    prepareSchema(database);
    return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(database) }) });
  } catch (cause) {
    if (cause instanceof ConfigInvalid) throw cause;
    throw new ConfigInvalid('HSS_DATABASE_FILE: expected a database file that can be read and written', { cause });
  }
}

function prepareSchema(database: DatabaseSync): void {
  const version = Number(database.prepare('pragma user_version').get()?.user_version);
  if (version === versions.length) return;
  if (!(version < versions.length)) {
    throw new ConfigInvalid('HSS_DATABASE_FILE: expected a database of this version, an earlier or an empty one');
  }
  const steps = versions.slice(version).join('');
  database.exec(`begin immediate; ${steps} pragma user_version = ${versions.length}; commit;`);
}

/** Texts come from a few queries; beyond that the one prepared first is prepared anew. */
const maxStatements = 200;

type Statement = ReturnType<SqliteDatabase['prepare']>;

/** node:sqlite as kysely wants to see it. Each statement is prepared once: that takes longer than to run it. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, Statement>();
  return {
    close: () => database.close(),
    prepare: (text) => {
      const statement = statements.get(text) ?? prepare(database, text);
      statements.set(text, statement);
      const [oldest] = statements.keys();
      if (statements.size > maxStatements && oldest !== undefined) statements.delete(oldest);
      return statement;
    },
  };
}

function prepare(database: DatabaseSync, text: string): Statement {
  const statement = database.prepare(text);
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

/**
 * The embedded store of the WWSF: node:sqlite through kysely, in one file readable by its owner only.
 *
 * @module
 */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Generated, Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely';

/** Times are milliseconds since 1970. */
export interface Tables {
  web_session: {
    /** SHA-256 of the session id. */
    key: string;
    /** Keyed hash of the subject at the WAF. */
    owner: string;
    sealed: Uint8Array;
    created_at: number;
    last_used_at: number;
  };
  pending_sign_in: {
    /** SHA-256 of the `state`. */
    key: string;
    /** SHA-256 of the browser's id. */
    browser: string;
    sealed: Uint8Array;
    created_at: number;
  };
  handed_token: {
    id: Generated<number>;
    /** Key of the web session. */
    session: string;
    sealed: Uint8Array;
    expires_at: number;
  };
  pool_pair: {
    impi: string;
    impu: string;
    state: 'idle' | 'leased' | 'returning';
    /** Key of the web session that holds the pair. */
    lease: string | null;
    /** Keyed hash of the address that leased it last. */
    source: string | null;
    leased_at: number;
    /** When the lease ends unless it is renewed; once it is returning, when that began or was refused last. */
    ends_at: number;
    free_at: number;
    /** 1: one of the configured pairs. */
    is_current: 0 | 1;
  };
  login_failure: {
    id: Generated<number>;
    /** Keyed hash of what it counts for. */
    subject: string;
    expires_at: number;
  };
}

export type Database = Kysely<Tables>;

export async function openDatabase(path: string): Promise<Database> {
  // SQLite gives its journal files the mode of the database file.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const sqlite = new DatabaseSync(path);
  sqlite.exec('pragma journal_mode=WAL; pragma synchronous=normal; pragma busy_timeout=2000; pragma secure_delete=on');
  const database: Database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(sqlite) }) });
  await createTables(database);
  return database;
}

async function createTables(database: Database): Promise<void> {
  await database.schema
    .createTable('web_session')
    .ifNotExists()
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('sealed', 'blob', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('last_used_at', 'integer', (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex('web_session_owner')
    .ifNotExists()
    .on('web_session')
    .columns(['owner', 'created_at'])
    .execute();
  await database.schema
    .createTable('pending_sign_in')
    .ifNotExists()
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('browser', 'text', (column) => column.notNull())
    .addColumn('sealed', 'blob', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex('pending_sign_in_browser')
    .ifNotExists()
    .on('pending_sign_in')
    .columns(['browser', 'created_at'])
    .execute();
  await database.schema
    .createIndex('pending_sign_in_age')
    .ifNotExists()
    .on('pending_sign_in')
    .column('created_at')
    .execute();
  for (const statement of laterTables) await sql.raw(statement).execute(database);
}

const laterTables = [
  `create table if not exists handed_token (
    id integer primary key autoincrement, session text not null, sealed blob not null, expires_at integer not null)`,
  'create index if not exists handed_token_session on handed_token (session, id)',
  `create table if not exists pool_pair (
    impi text primary key, impu text not null, state text not null, lease text unique, source text,
    leased_at integer not null, ends_at integer not null, free_at integer not null, is_current integer not null)`,
  'create index if not exists pool_pair_free on pool_pair (state, free_at)',
  'create index if not exists pool_pair_source on pool_pair (source)',
  `create table if not exists login_failure (
    id integer primary key autoincrement, subject text not null, expires_at integer not null)`,
  'create index if not exists login_failure_subject on login_failure (subject, expires_at)',
];

type SqliteValue = null | number | bigint | string | Uint8Array;

/** node:sqlite in the shape that kysely expects. */
function adapt(sqlite: DatabaseSync): SqliteDatabase {
  return {
    close: () => sqlite.close(),
    prepare(text) {
      const statement = sqlite.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SqliteValue[])),
        run: (parameters) => statement.run(...(parameters as SqliteValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SqliteValue[])) as IterableIterator<unknown>,
      };
    },
  };
}

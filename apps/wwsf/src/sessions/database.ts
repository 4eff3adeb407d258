/**
 * The embedded store of the WWSF: node:sqlite through kysely, in one file readable by its owner only.
 *
 * @module
 */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';

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
}

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

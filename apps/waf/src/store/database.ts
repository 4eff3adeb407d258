/**
 * The database of the WAF: accounts, what oidc-provider stores, and failed logins, in one SQLite file.
 *
 * @module
 */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { ConfigInvalid } from '@wicgate/node-kit';
import { type Generated, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';

export interface AccountRow {
  /** `sub` of the tokens: random, so that a later account of the same user name is another one. */
  readonly id: string;
  readonly username: string;
  readonly display_name: string;
  readonly password_hash: string;
  readonly impi: string;
  /** JSON list. */
  readonly impus: string;
}

export interface ArtefactRow {
  readonly model: string;
  /** SHA-256 of the identifier: for codes and refresh tokens the identifier is the secret itself. */
  readonly id_hash: string;
  readonly payload: string;
  readonly grant_id: string | null;
  readonly session_uid: string | null;
  readonly account_id: string | null;
  readonly consumed_at: number | null;
  /** Unix seconds. */
  readonly expires_at: number;
}

export interface LoginFailureRow {
  readonly id: Generated<number>;
  /** Keyed hash of the user name or address: people type passwords into the wrong field. */
  readonly subject: string;
  /** Unix milliseconds. */
  readonly expires_at: number;
}

interface Tables {
  readonly account: AccountRow;
  readonly artefact: ArtefactRow;
  readonly login_failure: LoginFailureRow;
}

export type Database = Kysely<Tables>;

const schemaVersion = 1;

const schema = `
  create table account (
    id text primary key, username text not null unique, display_name text not null,
    password_hash text not null, impi text not null, impus text not null
  ) strict;
  create table artefact (
    model text not null, id_hash text not null, payload text not null, grant_id text, session_uid text,
    account_id text, consumed_at integer, expires_at integer not null, primary key (model, id_hash)
  ) strict, without rowid;
  create index artefact_grant on artefact (grant_id) where grant_id is not null;
  create index artefact_session on artefact (session_uid) where session_uid is not null;
  create index artefact_account on artefact (account_id) where account_id is not null;
  create index artefact_expiry on artefact (expires_at);
  create table login_failure (id integer primary key, subject text not null, expires_at integer not null) strict;
  create index login_failure_subject on login_failure (subject, expires_at);
  pragma user_version = ${schemaVersion};
`;

/**
 * The database in `file`, made on first use and readable by its owner only.
 *
 * @throws {ConfigInvalid} the file is not a database, or of a newer version.
 */
export function openDatabase(file: string): Database {
  const sqlite = openFile(file);
  const version = Number(sqlite.prepare('pragma user_version').get()?.user_version);
  if (version > schemaVersion) {
    sqlite.close();
    throw new ConfigInvalid(`WAF_STATE_DIR: expected a database of version ${schemaVersion} or older`);
  }
  if (version === 0) sqlite.exec(`begin immediate; ${schema} commit`);
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(sqlite) }) });
}

function openFile(file: string): DatabaseSync {
  try {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const sqlite = new DatabaseSync(file, { timeout: 5_000 });
    sqlite.exec('pragma journal_mode = wal; pragma synchronous = normal');
    return sqlite;
  } catch (cause) {
    throw new ConfigInvalid('WAF_STATE_DIR: expected a folder with a readable and writable database', { cause });
  }
}

/** kysely asks whether a statement returns rows; node:sqlite answers by its columns. */
function adapt(sqlite: DatabaseSync): SqliteDatabase {
  return {
    close: () => sqlite.close(),
    prepare(text) {
      const statement = sqlite.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}

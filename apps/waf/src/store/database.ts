/**
 * The database of the WAF, one SQLite file: accounts and what they grant, what oidc-provider stores, failed logins, and
 * the revocations that are on their way.
 *
 * @module
 */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { ConfigInvalid } from '@wicgate/node-kit';
import { type Generated, Kysely, type Selectable, type SqliteDatabase, SqliteDialect } from 'kysely';

export interface AccountRow {
  /** `sub` of the tokens: random, so that a later account of the same user name is another one. */
  readonly id: string;
  readonly username: string;
  readonly display_name: string;
  readonly password_hash: string;
  readonly impi: string;
  /** JSON list. */
  readonly impus: string;
  /** Unix seconds; null: not barred. */
  readonly barred_at: number | null;
}

/** A subscriber lets a client register identities of theirs (TS 33.203 X.3.1 REQ 2.1). */
export interface ClientGrantRow {
  readonly account_id: string;
  readonly client_id: string;
  /** 1: also while the subscriber is not at the WAF (client credentials); 0: in sign-ins with consent only. */
  readonly standing: 0 | 1;
  /** `sid` of the tokens by client credentials; another one after each revocation. */
  readonly sid: string;
  /** Unix seconds. */
  readonly created_at: number;
  /** Unix seconds. */
  readonly last_used_at: number | null;
}

/** What tokens for an identity of a pool are revoked by (TS 33.203 X.4). */
export interface PoolIdentityRow {
  readonly client_id: string;
  readonly impi: string;
  readonly sid: string;
  /** Unix seconds: forgotten then, if no further token is issued. */
  readonly expires_at: number;
}

/** What tokens are revoked by: one token, or all of a grant. */
export type RevocationKind = 'jti' | 'sid';

/** A revocation that has just been made, by this process or beside it. */
export interface RevocationRow {
  readonly id: Generated<number>;
  readonly kind: RevocationKind;
  readonly value: string;
  /** Unix seconds until which such tokens could be valid. */
  readonly expires_at: number;
}

/** One of the eP-CSCFs does not know of it yet. */
export interface RevocationDeliveryRow extends RevocationRow {
  readonly endpoint: string;
}

export type RevocationDelivery = Selectable<RevocationDeliveryRow>;

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
  readonly client_grant: ClientGrantRow;
  readonly pool_identity: PoolIdentityRow;
  readonly revocation: RevocationRow;
  readonly revocation_delivery: RevocationDeliveryRow;
}

export type Database = Kysely<Tables>;

/** Each brings the database one version further. */
const migrations: readonly string[] = [
  `
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
`,
  `
  alter table account add column barred_at integer;
  create index account_impi on account (impi);
  create table client_grant (
    account_id text not null, client_id text not null, standing integer not null, sid text not null,
    created_at integer not null, last_used_at integer, primary key (account_id, client_id)
  ) strict, without rowid;
  create table pool_identity (
    client_id text not null, impi text not null, sid text not null, expires_at integer not null,
    primary key (client_id, impi)
  ) strict, without rowid;
  create table revocation (
    id integer primary key, kind text not null, value text not null, expires_at integer not null
  ) strict;
  create table revocation_delivery (
    id integer primary key, endpoint text not null, kind text not null, value text not null, expires_at integer not null
  ) strict;
  create unique index revocation_delivery_value on revocation_delivery (endpoint, kind, value);
  create index revocation_delivery_endpoint on revocation_delivery (endpoint, id);
`,
];

/**
 * The database in `file`, made on first use and readable by its owner only.
 *
 * @throws {ConfigInvalid} the file is not a database, or of a newer version.
 */
export function openDatabase(file: string): Database {
  const sqlite = openFile(file);
  const version = Number(sqlite.prepare('pragma user_version').get()?.user_version);
  if (version > migrations.length) {
    sqlite.close();
    throw new ConfigInvalid(`WAF_STATE_DIR: expected a database of version ${migrations.length} or older`);
  }
  migrate(sqlite);
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(sqlite) }) });
}

/** Asks for the version again under the lock: another process may be at the same. */
function migrate(sqlite: DatabaseSync): void {
  sqlite.exec('begin immediate');
  const version = Number(sqlite.prepare('pragma user_version').get()?.user_version);
  for (const statements of migrations.slice(version)) sqlite.exec(statements);
  sqlite.exec(`pragma user_version = ${migrations.length}; commit`);
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

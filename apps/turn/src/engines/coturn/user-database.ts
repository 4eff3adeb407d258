/**
 * The SQLite file of coturn: it holds the keys of access tokens (RFC 7635), which have no place in turnserver.conf.
 *
 * @module
 */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { AsRsKey } from '@wicgate/turn-credentials';

/** What coturn reads; the columns are those of its schema.sql. */
const schema = `
  CREATE TABLE turnusers_lt (realm varchar(127), name varchar(512), hmackey char(128), PRIMARY KEY (realm, name));
  CREATE TABLE turn_secret (realm varchar(127), value varchar(256), PRIMARY KEY (realm, value));
  CREATE TABLE allowed_peer_ip (realm varchar(127), ip_range varchar(256), PRIMARY KEY (realm, ip_range));
  CREATE TABLE denied_peer_ip (realm varchar(127), ip_range varchar(256), PRIMARY KEY (realm, ip_range));
  CREATE TABLE turn_origin_to_realm (origin varchar(127), realm varchar(127), PRIMARY KEY (origin));
  CREATE TABLE turn_realm_option (realm varchar(127), opt varchar(32), value varchar(128), PRIMARY KEY (realm, opt));
  CREATE TABLE oauth_key (kid varchar(128), ikm_key varchar(256), timestamp bigint default 0, lifetime integer
    default 0, as_rs_alg varchar(64) default '', realm varchar(127) default '', PRIMARY KEY (kid));
  CREATE TABLE admin_user (name varchar(32), realm varchar(127), password varchar(127), PRIMARY KEY (name));
`;

/** Makes the file, for this user's eyes only. */
export function createUserDatabase(file: string, realm: string, keys: readonly AsRsKey[]): void {
  closeSync(openSync(file, 'wx', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  try {
    database.exec(schema);
    const insert = database.prepare('INSERT INTO oauth_key (kid, ikm_key, as_rs_alg, realm) VALUES (?, ?, ?, ?)');
    for (const { kid, algorithm, key } of keys) {
      insert.run(kid, Buffer.from(key).toString('base64'), algorithm, realm);
    }
  } finally {
    database.close();
  }
}

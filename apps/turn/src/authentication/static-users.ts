/**
 * Users with long-term credentials that do not end: for an operator's probes and test clients, not for subscribers, who
 * get theirs by TS 33.203 X.5. Their file holds keys, not passwords (RFC 8489 9.2.2):
 *
 *     [{ "username": "probe", "md5": "<32 hexadecimal digits>", "sha256": "<64>" }]
 *
 * @module
 */
import { createSecretKey } from 'node:crypto';
import { longTermKey, type PasswordAlgorithm, userHash } from '@wicgate/stun';
import { z } from 'zod';
import { prepareOpaqueString } from './opaque-string.ts';
import type { Credential } from './turn-user.ts';

const [md5Expected, sha256Expected] = ['expected 32 hexadecimal digits', 'expected 64 hexadecimal digits'];

const entrySchema = z.strictObject(
  {
    username: z
      .string('expected text')
      .refine((name) => Buffer.byteLength(name) <= 508, 'expected at most 508 octets')
      .refine((name) => prepareOpaqueString(name) === name, 'expected text prepared by OpaqueString'),
    /** MD5 and SHA-256 of `username:realm:password`. */
    md5: z.string(md5Expected).regex(/^[0-9a-f]{32}$/, md5Expected),
    sha256: z.string(sha256Expected).regex(/^[0-9a-f]{64}$/, sha256Expected),
  },
  'expected username, md5 and sha256, and nothing else: no password',
);

export type StaticUser = z.output<typeof entrySchema>;

export const staticUsersSchema = z
  .array(entrySchema, 'expected a list [ … ] of entries')
  .max(10_000, 'expected at most 10,000 entries')
  .refine((users) => new Set(users.map(({ username }) => username)).size === users.length, 'expected each name once');

/** An entry of the file; undefined if OpaqueString takes one of the three not. */
export function createStaticUser(username: string, realm: string, password: string): StaticUser | undefined {
  const [name, domain, secret] = [username, realm, password].map(prepareOpaqueString);
  if (name === undefined || domain === undefined || secret === undefined) return undefined;
  return {
    username: name,
    md5: longTermKey(name, domain, secret, 'MD5').toString('hex'),
    sha256: longTermKey(name, domain, secret, 'SHA-256').toString('hex'),
  };
}

type Keyed = Readonly<Record<PasswordAlgorithm, Credential>>;

export class StaticUsers {
  readonly #users = new Map<string, Keyed>();
  /** User names by USERHASH, in hexadecimal. */
  readonly #names = new Map<string, string>();

  constructor(users: readonly StaticUser[], realm: string) {
    for (const { username, md5, sha256 } of users) {
      const hash = userHash(username, realm).toString('hex');
      this.#names.set(hash, username);
      const tid = hash.slice(0, 32);
      const keyed = (key: string): Credential => ({
        username,
        kind: 'static',
        tid,
        expiresAtSeconds: Number.POSITIVE_INFINITY,
        voidFromMs: Number.POSITIVE_INFINITY,
        key: createSecretKey(Buffer.from(key, 'hex')),
      });
      this.#users.set(username, { 'MD5': keyed(md5), 'SHA-256': keyed(sha256) });
    }
  }

  /** A name that the client should have prepared is prepared here. */
  find(username: string, algorithm: PasswordAlgorithm): Credential | undefined {
    const name = this.#users.has(username) ? username : (prepareOpaqueString(username) ?? '');
    return this.#users.get(name)?.[algorithm];
  }

  usernameOf(hash: Buffer): string | undefined {
    return this.#names.get(hash.toString('hex'));
  }
}

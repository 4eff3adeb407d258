/**
 * The authenticator that the configuration describes, and the files that go with it.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';
import { type AsRsKey, AsRsKeysMalformed, parseAsRsKeys } from '@wicgate/turn-credentials';
import type { z } from 'zod';
import type { Config } from '../config.ts';
import { Authenticator } from './authenticator.ts';
import { ProvisionedCredentials } from './provisioned-credentials.ts';
import { type StaticUser, StaticUsers, staticUsersSchema } from './static-users.ts';
import { ThirdPartyAccess } from './third-party-access.ts';

/** @throws {ConfigInvalid} a file is not as described; the message names the setting and the place, not the value. */
export function createAuthenticator(config: Config): Authenticator {
  const realm = config.TURN_REALM;
  const keys = readOauthKeys(config);
  const users = readUsers(config);
  return new Authenticator({
    realm,
    nonceKey: randomBytes(32),
    provisioned: new ProvisionedCredentials({
      realm,
      secrets: turnSecrets(config).map((secret) => Buffer.from(secret)),
      hash: config.TURN_SECRET_HASH,
    }),
    staticUsers: new StaticUsers(users, realm),
    thirdParty:
      keys && new ThirdPartyAccess({ keys, serverName: oauthServerName(config), keying: config.TURN_OAUTH_KEYING }),
  });
}

/** Km, and the one before it while it is changed. */
export function turnSecrets({ TURN_SECRET, TURN_PREVIOUS_SECRET }: Config): readonly string[] {
  return [TURN_SECRET, TURN_PREVIOUS_SECRET].filter((secret) => secret !== undefined);
}

export function oauthServerName({ TURN_OAUTH_SERVER_NAME, TURN_REALM }: Config): string {
  return TURN_OAUTH_SERVER_NAME ?? TURN_REALM;
}

/** Undefined where access tokens are not taken. @throws {ConfigInvalid} */
export function readOauthKeys({ TURN_OAUTH_KEYS_FILE }: Config): readonly AsRsKey[] | undefined {
  if (TURN_OAUTH_KEYS_FILE === undefined) return undefined;
  try {
    return parseAsRsKeys(readFileSync(TURN_OAUTH_KEYS_FILE, 'utf8'));
  } catch (error) {
    if (!(error instanceof AsRsKeysMalformed)) throw error;
    throw new ConfigInvalid(`TURN_OAUTH_KEYS_FILE: ${error.message}`);
  }
}

function readUsers({ TURN_USERS_FILE }: Config): readonly StaticUser[] {
  if (TURN_USERS_FILE === undefined) return [];
  const result = staticUsersSchema.safeParse(readJson(TURN_USERS_FILE));
  if (result.success) return result.data;
  throw new ConfigInvalid(`TURN_USERS_FILE: ${result.error.issues.map(describeIssue).join('; ')}`);
}

/** With the place in the file, such as `entry 2, md5`. */
function describeIssue({ path: [index, field], message }: z.core.$ZodIssue): string {
  if (typeof index !== 'number') return message;
  return `entry ${index + 1}${field === undefined ? '' : `, ${String(field)}`}: ${message}`;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The cause may quote the file, and stays out.
    throw new ConfigInvalid('TURN_USERS_FILE: expected JSON, a list [ … ] of entries');
  }
}

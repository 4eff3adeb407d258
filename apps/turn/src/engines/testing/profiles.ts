/**
 * The settings that the engines are judged with.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from '@wicgate/certificates';
import type { AsRsKey } from '@wicgate/turn-credentials';
import { createStaticUser } from '../../authentication/static-users.ts';
import type { EngineName } from '../engine-name.ts';
import type { ProfileName } from './engine-case.ts';
import { previousSecret, realm, secret } from './engine-process.ts';

export interface ProfileFiles {
  readonly certificate: Certificate;
  /** For files that a profile brings. */
  readonly folder: string;
}

export const staticLogin = { username: 'probe', password: 'a password that does not end' };

/** Shared with the WAF. */
export const asRsKey: AsRsKey = {
  kid: 'key-1',
  algorithm: 'A256GCM',
  key: Buffer.from('0123456789abcdef0123456789abcdef'),
};

const own: Readonly<Record<ProfileName, NodeJS.ProcessEnv>> = {
  open: { TURN_ALLOW_LOOPBACK_PEERS: 'true', TURN_USER_QUOTA: '100' },
  closed: { TURN_USER_QUOTA: '2', TURN_OAUTH_KEYING: 'coturn' },
};

/** Without the settings that an engine would refuse to start with. */
export function environmentOf(engine: EngineName, profile: ProfileName, files: ProfileFiles): NodeJS.ProcessEnv {
  const { certFile, keyFile } = files.certificate;
  return {
    TURN_REALM: realm,
    TURN_SECRET: secret,
    TURN_PREVIOUS_SECRET: previousSecret,
    TURN_HOST_IPV6: '::1',
    TURN_RELAY_HOST_IPV6: '::1',
    TURN_TLS_CERT_FILE: certFile,
    TURN_TLS_KEY_FILE: keyFile,
    TURN_OAUTH_KEYS_FILE: keysFile(files),
    ...(engine === 'builtin' ? { TURN_USERS_FILE: usersFile(files) } : {}),
    ...own[profile],
  };
}

function keysFile({ folder }: ProfileFiles): string {
  const { kid, algorithm, key } = asRsKey;
  return write(join(folder, 'as-rs-keys.json'), [{ kid, algorithm, key: Buffer.from(key).toString('base64') }]);
}

function usersFile({ folder }: ProfileFiles): string {
  const { username, password } = staticLogin;
  return write(join(folder, 'users.json'), [createStaticUser(username, realm, password)]);
}

function write(file: string, content: unknown): string {
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}

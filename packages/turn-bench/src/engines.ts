/**
 * The engines that are compared, each configured to do the same: long-term credentials, loopback peers, no log of media.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTurnCredential } from '@wicgate/turn-credentials';
import type { EngineSettings } from './engine-process.ts';

/** `bare` is no TURN server, but what Node's sockets cost alone. */
export type EngineName = 'builtin' | 'coturn' | 'node-turn' | 'bare';
export const engineNames: readonly EngineName[] = ['builtin', 'coturn', 'node-turn', 'bare'];

/** What an engine is given, or why it does not take part. */
export type Candidate = EngineSettings | { readonly name: EngineName; readonly missing: string };

export interface Surroundings {
  /** For logs and configurations. */
  readonly folder: string;
  readonly port: number;
}

const host = '127.0.0.1';
const realm = 'ims.example';
const secret = randomBytes(24).toString('base64url');
/** Beside Linux's own ports for programs; clients and peers of the benchmark have other addresses. */
const relayPorts = { min: 49_152, max: 65_535 } as const;
const lifetimeSeconds = 3_600;
const root = fileURLToPath(new URL('../../..', import.meta.url));

export function prepareEngine(name: EngineName, surroundings: Surroundings): Candidate {
  return engines[name](surroundings);
}

const engines: Readonly<Record<EngineName, (surroundings: Surroundings) => Candidate>> = {
  'builtin': builtin,
  'coturn': coturn,
  'node-turn': nodeTurn,
  'bare': bare,
};

function builtin(surroundings: Surroundings): Candidate {
  return {
    ...settingsOf('builtin', surroundings),
    command: process.execPath,
    args: [...extraNodeFlags(), join(root, 'apps/turn/src/main.ts')],
    env: {
      NODE_NO_WARNINGS: '1',
      OPERATIONS_PORT: '0',
      LOG_LEVEL: 'warn',
      TURN_HOST: host,
      TURN_PORT: String(surroundings.port),
      TURN_REALM: realm,
      TURN_SECRET: secret,
      TURN_RELAY_HOST: host,
      TURN_RELAY_PORT_MIN: String(relayPorts.min),
      TURN_RELAY_PORT_MAX: String(relayPorts.max),
      TURN_ALLOW_LOOPBACK_PEERS: 'true',
      TURN_USER_QUOTA: '20000',
      TURN_TOTAL_QUOTA: '20000',
    },
  };
}

/** For looking into a run, such as `--cpu-prof`. */
function extraNodeFlags(): readonly string[] {
  return process.env.TURN_BENCH_NODE_FLAGS?.split(' ') ?? [];
}

function coturn(surroundings: Surroundings): Candidate {
  if (!isOnPath('turnserver')) return { name: 'coturn', missing: 'turnserver is not installed' };
  const configuration = join(surroundings.folder, 'turnserver.conf');
  const lines = [
    `listening-ip=${host}`,
    `relay-ip=${host}`,
    `listening-port=${surroundings.port}`,
    `min-port=${relayPorts.min}`,
    `max-port=${relayPorts.max}`,
    `realm=${realm}`,
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    `userdb=${join(surroundings.folder, 'turndb')}`,
    `pidfile=${join(surroundings.folder, 'turnserver.pid')}`,
    'log-file=stdout',
    'simple-log',
    'allow-loopback-peers',
    'no-cli',
    'no-tls',
    'no-dtls',
    'no-tcp',
    'no-rfc5780',
    'no-stun-backward-compatibility',
  ];
  writeFileSync(configuration, `${lines.join('\n')}\n`, { mode: 0o600 });
  return { ...settingsOf('coturn', surroundings), command: 'turnserver', args: ['-c', configuration], env: {} };
}

function nodeTurn(surroundings: Surroundings): Candidate {
  try {
    import.meta.resolve('node-turn');
  } catch {
    return { name: 'node-turn', missing: 'the npm package node-turn is not installed' };
  }
  const settings = settingsOf('node-turn', surroundings);
  const env = {
    NODE_TURN_HOST: host,
    NODE_TURN_PORT: String(surroundings.port),
    NODE_TURN_REALM: realm,
    NODE_TURN_USERNAME: settings.login.username,
    NODE_TURN_PASSWORD: settings.login.password,
    NODE_TURN_PORT_MIN: String(relayPorts.min),
    NODE_TURN_PORT_MAX: String(relayPorts.max),
  };
  return { ...settings, command: process.execPath, args: [join(import.meta.dirname, 'node-turn-main.ts')], env };
}

function bare(surroundings: Surroundings): Candidate {
  const env = { NODE_NO_WARNINGS: '1', BARE_RELAY_PORT: String(surroundings.port) };
  const args = [join(import.meta.dirname, 'bare-relay-main.ts')];
  return { ...settingsOf('bare', surroundings), command: process.execPath, args, env };
}

function settingsOf(name: EngineName, { folder, port }: Surroundings) {
  return { name, folder, server: { host, port }, login: credential() };
}

function credential(): { readonly username: string; readonly password: string } {
  return createTurnCredential({
    key: Buffer.from(secret),
    expiresAtSeconds: Math.floor(Date.now() / 1_000) + lifetimeSeconds,
    random: (length) => randomBytes(length),
  });
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

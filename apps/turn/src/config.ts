/**
 * Configuration of the TURN server, read once at start from the environment.
 *
 * @module
 */
import { ConfigInvalid, fileAt, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';
import { peerNetworksSetting } from './allocations/peer-networks.ts';
import { engineNames } from './engines/engine-name.ts';
import { type FurtherPort, furtherPortsSetting } from './listeners/further-ports.ts';
import { alternateServersSetting } from './operations/alternate-servers.ts';

const port = integer(1, 65_535);
const portOrFree = integer(0, 65_535);
const lifetimeSeconds = integer(1, 86_400);
const kbps = integer(1, 100_000_000);
const count = integer(1, 1_000_000);
const secret = z.string().min(32, 'expected at least 32 characters').optional();
const ipv4 = z.ipv4('expected an IPv4 address');
const ipv6 = z.ipv6('expected an IPv6 address');

export const configSchema = z.object({
  TURN_ENGINE: z
    .enum(engineNames, 'expected builtin, coturn or node-turn')
    .default('builtin')
    .describe('The server behind these settings: our own, coturn where it is installed, or node-turn for comparison'),
  TURN_HOST: ipv4.default('127.0.0.1').describe('IPv4 address that clients reach, on UDP and TCP'),
  TURN_HOST_IPV6: ipv6.optional().describe('IPv6 address that clients reach on the same ports; none when absent'),
  TURN_PORT: portOrFree.default(8_450).describe('Its port; 0 takes a free one'),
  TURN_TLS_PORT: portOrFree
    .optional()
    .describe('Port on which clients reach it over TLS; 0 takes a free one, none when absent'),
  TURN_TLS_CERT_FILE: fileAt('Certificate chain for TLS, in PEM; read again within a minute of a change').optional(),
  TURN_TLS_KEY_FILE: fileAt('Its private key, in PEM').optional(),
  TURN_FURTHER_PORTS: furtherPortsSetting.describe(
    'Ports that clients reach besides, such as udp:443,tcp:80,tls:443 (TS 33.203 W.3.5); those below 1024 need the ' +
      'capability CAP_NET_BIND_SERVICE',
  ),
  TURN_REALM: z
    .string('expected it: 1 to 127 visible ASCII characters')
    .regex(/^[\x21\x23-\x7e]{1,127}$/, 'expected 1 to 127 visible ASCII characters')
    .describe('Realm of the long-term credentials'),
  TURN_SECRET: secret.describe('Km, shared with the eP-CSCF (TS 33.203 X.5.2); at least 32 characters'),
  TURN_PREVIOUS_SECRET: secret.describe('A second Km that is accepted too, while Km is changed'),
  TURN_SECRET_HASH: z
    .enum(['sha1', 'sha256'], 'expected sha1 or sha256')
    .default('sha1')
    .describe('HASH of Tpwd, as at the eP-CSCF'),
  TURN_OAUTH_KEYS_FILE: fileAt(
    'Keys shared with the WAF: access tokens (TS 33.203 X.5.3, RFC 7635) are taken with it only',
  ).optional(),
  TURN_OAUTH_SERVER_NAME: z
    .string()
    .regex(/^[\x21\x23-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')
    .optional()
    .describe('Name that access tokens are made for, told to clients; the realm when absent'),
  TURN_OAUTH_KEYING: z
    .enum(['rfc7635', 'coturn'], 'expected rfc7635 or coturn')
    .default('rfc7635')
    .describe('Octets of the mac key that MESSAGE-INTEGRITY is made with: all, or for clients of coturn the first 16'),
  TURN_USERS_FILE: fileAt(
    'Users whose credentials do not end, such as probes: names and keys, no passwords',
  ).optional(),
  TURN_RELAY_HOST: ipv4.default('127.0.0.1').describe('IPv4 address of the relayed transport addresses'),
  TURN_RELAY_HOST_IPV6: ipv6
    .optional()
    .describe('IPv6 address of the relayed transport addresses; no IPv6 relay when absent'),
  TURN_RELAY_PUBLIC_HOST: ipv4
    .optional()
    .describe('IPv4 address that peers send to, where a 1:1 NAT stands between them and TURN_RELAY_HOST'),
  TURN_RELAY_PORT_MIN: port.default(49_152).describe('Lowest relay port'),
  TURN_RELAY_PORT_MAX: port.default(65_535).describe('Highest relay port'),
  TURN_ALLOW_LOOPBACK_PEERS: z
    .enum(['true', 'false'], 'expected true or false')
    .default('false')
    .transform((value) => value === 'true')
    .describe('Whether peers may be on 127.0.0.0/8 and ::1: true on one machine only, never in production'),
  TURN_ALLOWED_PEERS: peerNetworksSetting.describe(
    'Networks in CIDR notation, comma separated, of peers that are denied by default and shall be allowed',
  ),
  TURN_DENIED_PEERS: peerNetworksSetting.describe('Networks of peers that are denied, whatever else is said of them'),
  TURN_DEFAULT_LIFETIME_SECONDS: lifetimeSeconds.default(600).describe('Lifetime of an allocation that asks for none'),
  TURN_MAX_LIFETIME_SECONDS: lifetimeSeconds.default(3_600).describe('Longest lifetime of an allocation'),
  TURN_USER_QUOTA: count.default(32).describe('Allocations that one credential may hold at a time'),
  TURN_TOTAL_QUOTA: count.default(1_000).describe('Allocations that all clients together may hold'),
  TURN_ADDRESS_QUOTA: count.optional().describe('Allocations that one source address (of IPv6 one /64) may hold'),
  TURN_USER_KBPS: kbps.optional().describe('Most kbit/s of application data of one credential, both ways together'),
  TURN_TOTAL_KBPS: kbps.optional().describe('Most kbit/s of application data of all clients, both ways together'),
  TURN_CHALLENGES_PER_SECOND: count.optional().describe('Most 401s a second over UDP to one address'),
  TURN_OPERATOR_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,512}$/, 'expected 32 to 512 visible ASCII characters')
    .optional()
    .describe('Bearer token of the routes below /turn of the operations listener, which exist with it only'),
  TURN_ALTERNATE_SERVERS: alternateServersSetting.describe(
    'address:port of the servers that new clients are sent to while this one is drained, comma separated, in turn',
  ),
  TURN_DRAIN_SECONDS: integer(0, 86_400).default(0).describe('How long SIGTERM waits for allocations to end'),
  TURN_MAX_TCP_CONNECTIONS: count.default(2_000).describe('TCP and TLS connections that clients may hold'),
  TURN_MAX_TCP_CONNECTIONS_PER_ADDRESS: count
    .default(500)
    .describe('Of these, how many may come from one address (IPv6: one /64)'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** A whole number within these bounds, both included. */
function integer(min: number, max: number) {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number(expected).int(expected).min(min, expected).max(max, expected);
}

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const config = readEnvironment(configSchema, env);
  if (config.TURN_RELAY_PORT_MIN > config.TURN_RELAY_PORT_MAX) {
    throw new ConfigInvalid('TURN_RELAY_PORT_MIN: expected at most TURN_RELAY_PORT_MAX');
  }
  requireRelayAddresses(config);
  requirePorts(config);
  requireCredentials(config);
  return config;
}

function requireRelayAddresses(config: Config): void {
  for (const setting of ['TURN_RELAY_HOST', 'TURN_RELAY_HOST_IPV6', 'TURN_RELAY_PUBLIC_HOST'] as const) {
    if (/^[0:.]+$/.test(config[setting] ?? 'none')) {
      throw new ConfigInvalid(`${setting}: expected the address that peers send to`);
    }
  }
}

function requirePorts(config: Config): void {
  const { TURN_PORT, TURN_TLS_PORT, TURN_TLS_CERT_FILE, TURN_TLS_KEY_FILE, TURN_FURTHER_PORTS: further } = config;
  const needsTls = TURN_TLS_PORT !== undefined || further.some(({ transport }) => transport === 'TLS');
  if (needsTls && (TURN_TLS_CERT_FILE === undefined || TURN_TLS_KEY_FILE === undefined)) {
    throw new ConfigInvalid('TURN_TLS_CERT_FILE, TURN_TLS_KEY_FILE: expected both, as clients are served over TLS');
  }
  if (TURN_TLS_PORT !== undefined && TURN_TLS_PORT !== 0 && TURN_TLS_PORT === TURN_PORT) {
    throw new ConfigInvalid('TURN_TLS_PORT: expected another port than TURN_PORT');
  }
  const isServed = ({ transport, port }: FurtherPort): boolean =>
    port === TURN_PORT || (transport !== 'UDP' && port === TURN_TLS_PORT);
  if (further.some(isServed)) {
    throw new ConfigInvalid('TURN_FURTHER_PORTS: expected other ports than TURN_PORT and TURN_TLS_PORT');
  }
}

/** Without any, nobody could ever be served. */
function requireCredentials(config: Config): void {
  const { TURN_SECRET, TURN_PREVIOUS_SECRET, TURN_OAUTH_KEYS_FILE, TURN_USERS_FILE } = config;
  if (TURN_SECRET === undefined && TURN_PREVIOUS_SECRET !== undefined) {
    throw new ConfigInvalid('TURN_SECRET: expected it beside TURN_PREVIOUS_SECRET');
  }
  if (TURN_SECRET === undefined && TURN_OAUTH_KEYS_FILE === undefined && TURN_USERS_FILE === undefined) {
    throw new ConfigInvalid('TURN_SECRET: expected it, TURN_OAUTH_KEYS_FILE or TURN_USERS_FILE');
  }
}

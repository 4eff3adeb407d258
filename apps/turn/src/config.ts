/**
 * Configuration of the TURN server, read once at start from the environment.
 *
 * @module
 */
import { ConfigInvalid, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);
const lifetimeSeconds = z.coerce.number().int().min(1).max(86_400);
const count = z.coerce.number().int().min(1).max(1_000_000);

export const configSchema = z.object({
  TURN_HOST: z.ipv4().default('127.0.0.1').describe('IPv4 address that clients reach, on UDP and TCP'),
  TURN_PORT: z.coerce.number().int().min(0).max(65_535).default(8_450).describe('Its port; 0 takes a free one'),
  TURN_REALM: z
    .string()
    .regex(/^[\x21\x23-\x7e]{1,127}$/, 'expected 1 to 127 visible ASCII characters')
    .describe('Realm of the long-term credentials'),
  TURN_SECRET: z.string().min(32).describe('Km, shared with the eP-CSCF; at least 32 characters'),
  TURN_RELAY_HOST: z.ipv4().default('127.0.0.1').describe('IPv4 address of the relayed transport addresses'),
  TURN_RELAY_PORT_MIN: port.default(49_152).describe('Lowest relay port'),
  TURN_RELAY_PORT_MAX: port.default(65_535).describe('Highest relay port'),
  TURN_ALLOW_LOOPBACK_PEERS: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe('Whether peers may be on 127.0.0.0/8: true on one machine only, never in production'),
  TURN_DEFAULT_LIFETIME_SECONDS: lifetimeSeconds.default(600).describe('Lifetime of an allocation that asks for none'),
  TURN_MAX_LIFETIME_SECONDS: lifetimeSeconds.default(3_600).describe('Longest lifetime of an allocation'),
  TURN_USER_QUOTA: count.default(32).describe('Allocations that one credential may hold at a time'),
  TURN_TOTAL_QUOTA: count.default(1_000).describe('Allocations that all clients together may hold'),
  TURN_MAX_TCP_CONNECTIONS: count.default(2_000).describe('TCP connections that clients may hold'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const config = readEnvironment(configSchema, env);
  if (config.TURN_RELAY_PORT_MIN > config.TURN_RELAY_PORT_MAX) {
    throw new ConfigInvalid('TURN_RELAY_PORT_MIN: expected at most TURN_RELAY_PORT_MAX');
  }
  if (config.TURN_RELAY_HOST === '0.0.0.0') {
    throw new ConfigInvalid('TURN_RELAY_HOST: expected the address that peers send to');
  }
  return config;
}

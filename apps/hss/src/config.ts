/**
 * Configuration of the HSS, read once at start from the environment.
 *
 * @module
 */
import { isIP } from 'node:net';
import { readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';
import { isDomainName } from './subscriptions/identities.ts';

export const configSchema = z.object({
  HSS_HOST: z
    .string()
    .default('127.0.0.1')
    .refine(isLoopback, 'expected a loopback address: the provisioning API asks nobody who they are')
    .describe('Loopback address of the provisioning API'),
  HSS_PORT: z.coerce
    .number('expected a TCP port')
    .int('expected a TCP port')
    .min(0, 'expected a TCP port')
    .max(65_535, 'expected a TCP port')
    .default(8446)
    .describe('Its TCP port; 0 takes a free one'),
  HSS_DATABASE_FILE: z
    .string('expected the path of the database file')
    .min(1, 'expected the path of the database file')
    .describe('SQLite file of subscriptions and registration state; made when missing, readable by its owner only'),
  HSS_HOME_DOMAIN: z
    .string('expected a domain name')
    .toLowerCase()
    .refine(isDomainName, 'expected a domain name')
    .describe('Home network domain name (TS 23.003 13.2); registration from here is never roaming'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(configSchema, env);
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

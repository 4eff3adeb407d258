/**
 * Configuration of the I-CSCF and the S-CSCF, read once at start from the environment.
 *
 * @module
 */
import { fileAt, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';
import { parsePeers } from './mw/peer-table.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const seconds = z.coerce.number().int().positive().max(604_800);

const count = z.coerce.number().int().positive().max(1_000_000);

const domainNames = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((names) => names.filter((name) => name !== ''))
  .pipe(z.array(z.hostname()).max(1_000));

const peers = z.string().transform((text, context) => {
  const parsed = parsePeers(text);
  if (parsed === undefined) context.addIssue('expected host:port=certificate-name, separated by commas');
  return parsed ?? [];
});

export const configSchema = z
  .object({
    CORE_HOST: z.string().default('127.0.0.1').describe('Address that the I-CSCF and the S-CSCF listen on'),
    CORE_HOME_DOMAIN: z.hostname().toLowerCase().describe('Home network domain name (TS 23.003 13.2)'),
    CORE_ICSCF_TLS_PORT: port.default(8_452).describe('I-CSCF: TCP port for trusted peers, mutual TLS'),
    CORE_ICSCF_PORT: port.default(8_447).describe('I-CSCF: TCP and UDP port for untrusted peers'),
    CORE_SCSCF_TLS_PORT: port.default(8_453).describe('S-CSCF: TCP port for trusted peers, mutual TLS'),
    CORE_SCSCF_PORT: port.default(8_448).describe('S-CSCF: TCP and UDP port for untrusted peers'),
    CORE_ICSCF_TLS_CERT_FILE: fileAt('I-CSCF: PEM file of its certificate'),
    CORE_ICSCF_TLS_KEY_FILE: fileAt('I-CSCF: PEM file of its key'),
    CORE_SCSCF_TLS_CERT_FILE: fileAt('S-CSCF: PEM file of its certificate'),
    CORE_SCSCF_TLS_KEY_FILE: fileAt('S-CSCF: PEM file of its key'),
    CORE_TLS_CA_FILE: fileAt('PEM file of the authority that the certificates of Mw peers come from'),
    CORE_MW_PEERS: peers.describe(
      'Trusted Mw peers: host:port=certificate-name, separated by commas; its own CSCFs need no mention',
    ),
    CORE_MIN_EXPIRES_SECONDS: seconds.default(60).describe('Shortest registration; below it 423 (RFC 3261 10.3)'),
    CORE_MAX_EXPIRES_SECONDS: seconds.default(3_600).describe('Longest registration that is granted'),
    CORE_MAX_REGISTRATIONS: z.coerce
      .number()
      .int()
      .positive()
      .default(100_000)
      .describe('Registrations that the S-CSCF takes on; beyond them 503'),
    CORE_UNTRUSTED_REQUESTS_PER_SECOND: count
      .default(50)
      .describe('Requests a second that an address may send which proves nothing; beyond them 503'),
    CORE_UNTRUSTED_BURST: count.default(200).describe('How many of them it may send at once'),
    CORE_CHALLENGE_REQUESTS: z
      .enum(['on', 'off'])
      .default('off')
      .describe('S-CSCF: users of SIP Digest prove with each request who they are, by 407 (TS 33.203 N.2.1.2)'),
    CORE_BARRED_AUTHORITIES: domainNames
      .default([])
      .describe('Third-party WAFs and WWSFs that vouch for nobody (TS 33.203 X.3.2.3 step 6.2), separated by commas'),
    CORE_BARRED_AUTHORITIES_FILE: z
      .string()
      .min(1)
      .optional()
      .describe('JSON file of those that the operator bars while it runs; without it a restart forgets them'),
    CORE_REAUTHENTICATION_SECONDS: seconds
      .default(60)
      .describe('How long a user has to register anew when the operator wants a new proof (TS 33.203 6.1.4)'),
  })
  .refine((config) => config.CORE_MIN_EXPIRES_SECONDS <= config.CORE_MAX_EXPIRES_SECONDS, {
    path: ['CORE_MIN_EXPIRES_SECONDS'],
    error: 'expected no more than CORE_MAX_EXPIRES_SECONDS',
  });

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(configSchema, env);
}

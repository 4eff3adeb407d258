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

export const configSchema = z.object({
  CORE_HOST: z.string().default('127.0.0.1').describe('Address that the I-CSCF and the S-CSCF listen on'),
  CORE_HOME_DOMAIN: z.hostname().describe('Home network domain name (TS 23.003 13.2)'),
  CORE_ICSCF_TLS_PORT: port.default(8_452).describe('I-CSCF: TCP port for trusted peers, mutual TLS'),
  CORE_ICSCF_PORT: port.default(8_447).describe('I-CSCF: TCP and UDP port for untrusted peers'),
  CORE_SCSCF_TLS_PORT: port.default(8_453).describe('S-CSCF: TCP port for trusted peers, mutual TLS'),
  CORE_SCSCF_PORT: port.default(8_448).describe('S-CSCF: TCP and UDP port for untrusted peers'),
  CORE_ICSCF_TLS_CERT_FILE: fileAt('I-CSCF: PEM file of its certificate'),
  CORE_ICSCF_TLS_KEY_FILE: fileAt('I-CSCF: PEM file of its key'),
  CORE_SCSCF_TLS_CERT_FILE: fileAt('S-CSCF: PEM file of its certificate'),
  CORE_SCSCF_TLS_KEY_FILE: fileAt('S-CSCF: PEM file of its key'),
  CORE_TLS_CA_FILE: fileAt('PEM file of the authority that the certificates of Mw peers come from'),
  CORE_MW_PEERS: z
    .string()
    .transform((text, context) => {
      const peers = parsePeers(text);
      if (peers === undefined) context.addIssue('expected host:port=certificate-name, separated by commas');
      return peers ?? [];
    })
    .describe('Trusted Mw peers, itself included: host:port=certificate-name, separated by commas'),
  CORE_MIN_EXPIRES_SECONDS: seconds.default(60).describe('Shortest registration; below it 423 (RFC 3261 10.3)'),
  CORE_MAX_EXPIRES_SECONDS: seconds.default(3_600).describe('Longest registration that is granted'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(configSchema, env);
}

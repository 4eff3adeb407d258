/**
 * Configuration of the eP-CSCF, read once at start from the environment.
 *
 * The descriptions below are the reference manual.
 *
 * @module
 */
import { ConfigInvalid, fileAt, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';
import { parsePools } from './authorization/identity-pools.ts';
import { parsePeers } from './mw/peer-table.ts';
import { parseRevocationEndpoints } from './turn/revocation-endpoints.ts';
import { maxLifetimeSeconds, parseTurnPolicy } from './turn/turn-policy.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().positive();
const domainName = z.hostname().toLowerCase();
const secureUrl = z.url({ protocol: /^https$/ });

/** A list with commas; each item as `item` reads it. */
function listOf(item: z.ZodType<string, string>): z.ZodType<readonly string[], string> {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1).max(100));
}

const origin = secureUrl
  .refine((url) => URL.canParse(url) && `${new URL(url).origin}/` === new URL(url).href, 'expected an origin: no path')
  .transform((url) => new URL(url).origin);

/** token of RFC 3261 20.41. */
const productName = z.string().regex(/^[A-Za-z0-9\-.!%*_+`'~]{1,64}$/u, 'expected a product name, without its version');

const peers = z.string().transform((text, context) => {
  const parsed = parsePeers(text);
  if (parsed === undefined) context.addIssue('expected host:port=certificate-name, separated by commas');
  return parsed ?? [];
});

const portList = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(z.array(z.number().int().min(1).max(65_535)).max(10));

const pools = z.string().transform((text, context) => {
  const parsed = parsePools(text);
  if (parsed === undefined) context.addIssue('expected client_id=guest-*@ims.example, separated by commas');
  return parsed ?? [];
});

const turnPolicy = z.string().transform((text, context) => {
  const read = parseTurnPolicy(text);
  if ('rules' in read) return read.rules;
  context.addIssue(read.fault);
  return [];
});

const revocationEndpoints = z.string().transform((text, context) => {
  const parsed = parseRevocationEndpoints(text);
  if (parsed === undefined) context.addIssue('expected https URLs, or http URLs on loopback, separated by commas');
  return parsed ?? [];
});

export const configSchema = z.object({
  EP_CSCF_HOST: z.string().default('127.0.0.1').describe('Address the W2 WebSocket listens on'),
  EP_CSCF_PORT: port.default(8_445).describe('TCP port the W2 WebSocket listens on'),
  EP_CSCF_FURTHER_PORTS: portList
    .default([])
    .describe('Further TCP ports for the same, separated by commas, e.g. 443,5061 (TS 33.203 O.2.1, W.3)'),
  EP_CSCF_TLS_CERT_FILE: fileAt('W2: PEM file of the certificate that browsers see'),
  EP_CSCF_TLS_KEY_FILE: fileAt('W2: PEM file of its key'),
  EP_CSCF_ORIGINS: listOf(origin).describe('Origins of the WWSFs whose pages may connect, separated by commas'),
  EP_CSCF_HOME_DOMAIN: domainName.describe('Home network domain name (TS 23.003 13.2)'),
  EP_CSCF_MW_HOST: z.string().default('127.0.0.1').describe('Address on Mw; the core sends to it'),
  EP_CSCF_MW_PORT: port.default(8_449).describe('TCP port on Mw, mutual TLS'),
  EP_CSCF_MW_TLS_CERT_FILE: fileAt('Mw: PEM file of our certificate'),
  EP_CSCF_MW_TLS_KEY_FILE: fileAt('Mw: PEM file of its key'),
  EP_CSCF_MW_TLS_CA_FILE: fileAt('Mw: PEM file of the authority that the certificates of peers come from'),
  EP_CSCF_ICSCF_HOST: z.string().default('127.0.0.1').describe('Entry point of the home network: gets every REGISTER'),
  EP_CSCF_ICSCF_PORT: port.min(1).default(8_452).describe('Its TCP port, mutual TLS'),
  EP_CSCF_ICSCF_NAME: domainName.describe('The DNS name in its certificate'),
  EP_CSCF_MW_PEERS: peers.describe('Where else requests may go: host:port=certificate-name, separated by commas'),
  EP_CSCF_ECSCF: peers
    .refine((list) => list.length <= 1, 'expected one host:port=certificate-name')
    .default([])
    .describe(
      'E-CSCF: host:port=certificate-name; gets emergency calls of anybody, which are refused when it is absent',
    ),
  EP_CSCF_EMERGENCY_CALLS_PER_ADDRESS: count
    .max(100_000)
    .default(20)
    .describe('Emergency calls up at a time from one address; as many may be tried in a minute'),
  EP_CSCF_MW_TRUSTED_NAMES: listOf(domainName).describe('Certificate names that may send on Mw, separated by commas'),
  EP_CSCF_WAF_ISSUER: secureUrl.describe('Issuer identifier of the WAF'),
  EP_CSCF_WAF_IDENTITY: domainName.describe('Identity of the WAF; outside the home domain it is named to the core'),
  EP_CSCF_WAF_CA_FILE: fileAt('PEM file')
    .optional()
    .describe('PEM authority of the WAF; that of the system when absent'),
  EP_CSCF_WAF_AUDIENCE: z
    .string()
    .min(1)
    .describe('Audience that access tokens must name, e.g. https://ep-cscf.ims.example'),
  EP_CSCF_PARTNER_WAFS_FILE: fileAt('JSON file')
    .optional()
    .describe('JSON list of the WAFs of partners: issuer, identity, ca_file, audience, wwsfs'),
  EP_CSCF_POOLS: pools
    .default([])
    .describe(
      'Pools of WWSFs at the WAF: client_id=guest-*@ims.example, separated by commas; * is one run of A-Za-z0-9._-',
    ),
  EP_CSCF_REVOCATIONS: count.max(10_000_000).default(100_000).describe('Revocations of one WAF that are kept'),
  EP_CSCF_SCOPE: z
    .string()
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/u, 'expected one scope')
    .default('webrtc-ims-client-access-to-ims')
    .describe('Scope that access tokens must contain (TS 33.203 X.3.2.3 step 4)'),
  EP_CSCF_ONE_CHALLENGE_USER_AGENTS: listOf(productName)
    .default(['JsSIP', 'SIP.js'])
    .describe(
      'Products in User-Agent that keep one challenge, the last: they get no Bearer challenge after those of Digest',
    ),
  EP_CSCF_TURN_SECRET: z.string().min(32).describe('Key shared with the TURN server; at least 32 characters'),
  EP_CSCF_TURN_HASH: z
    .enum(['sha1', 'sha256'])
    .default('sha1')
    .describe('Hash of TURN passwords, as the TURN server has it; coturn takes sha1'),
  EP_CSCF_TURN_LIFETIME_SECONDS: count
    .max(maxLifetimeSeconds)
    .default(3_600)
    .describe('Lifetime of TURN credentials, where EP_CSCF_TURN_POLICY says nothing else'),
  EP_CSCF_TURN_POLICY: turnPolicy
    .default([])
    .describe(
      'Who has TURN credentials: pattern of private identities=seconds or =refused, separated by commas, the first ' +
        'that fits counts, e.g. guest-*@ims.example=600; patterns as in EP_CSCF_POOLS',
    ),
  EP_CSCF_TURN_REVOCATION_ENDPOINTS: revocationEndpoints
    .default([])
    .describe(
      'Where TURN servers are told of users who are put out, e.g. https://turn.example:9000/turn/revocations: ' +
        'https URLs, or http URLs on a loopback address, separated by commas',
    ),
  EP_CSCF_TURN_REVOCATION_CA_FILE: fileAt('PEM file')
    .optional()
    .describe('PEM authority of their certificates; that of the system when absent'),
  EP_CSCF_TURN_OPERATOR_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9\-._~+/]{32,512}=*$/u, 'expected 32 to 512 characters of a Bearer token')
    .optional()
    .describe('Token that TURN servers take from their operator; needed for EP_CSCF_TURN_REVOCATION_ENDPOINTS'),
  EP_CSCF_STATE_DIR: z.string().min(1).describe('Folder of the key of the flow tokens and of the list of revocations'),
  EP_CSCF_PING_INTERVAL_MS: count
    .max(20_000)
    .default(15_000)
    .describe('A WIC that answers neither of two pings in a row is gone when the third is due'),
  EP_CSCF_REGISTRATION_DEADLINE_MS: count
    .max(3_600_000)
    .default(30_000)
    .describe('A connection on which nobody has registered by then is closed'),
  EP_CSCF_CONNECTIONS: count.max(1_000_000).default(10_000).describe('Connections open at a time'),
  EP_CSCF_CONNECTIONS_PER_ADDRESS: count.max(1_000_000).default(1_000).describe('Of one address'),
  EP_CSCF_REQUESTS_PER_SECOND: count.max(100_000).default(20).describe('Requests of one connection, on average'),
  EP_CSCF_REQUEST_BURST: count.max(100_000).default(100).describe('Requests of one connection at once'),
  EP_CSCF_PENDING_REQUESTS: count
    .max(10_000)
    .default(50)
    .describe('Requests of one connection that wait for an answer'),
  EP_CSCF_FAILED_AUTHENTICATIONS: count
    .max(10_000)
    .default(10)
    .describe('Refused SIP Digest or AKA registrations of one address (IPv6: one /64) and identity in 15 minutes'),
  EP_CSCF_TURN_REQUESTS_PER_MINUTE: count
    .max(10_000)
    .default(10)
    .describe('OPTIONS of one connection for TURN credentials'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const config = readEnvironment(configSchema, env);
  const isAuthorised = config.EP_CSCF_TURN_OPERATOR_TOKEN !== undefined;
  if (config.EP_CSCF_TURN_REVOCATION_ENDPOINTS.length > 0 && !isAuthorised) {
    throw new ConfigInvalid('EP_CSCF_TURN_OPERATOR_TOKEN: expected the token that the TURN servers take');
  }
  return config;
}

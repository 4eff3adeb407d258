/**
 * Configuration of the WWSF, read once at start from the environment.
 *
 * The descriptions below are the reference manual.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileAt, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';

const seconds = z.coerce.number().int().positive();
const count = z.coerce.number().int().positive();
const turnUri = /^turns?:(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/i;
const maxTurnUris = 8;

const httpsOrigin = z
  .url({ protocol: /^https$/ })
  .refine((url) => URL.canParse(url) && `${new URL(url).origin}/` === new URL(url).href, 'expected an origin: no path')
  .transform((url) => new URL(url).origin);

const secureUrl = (protocol: RegExp): z.ZodType<string, string> =>
  z.url({ protocol }).refine((url) => URL.canParse(url) && new URL(url).username === '', 'expected no user name');

const wicFolder = z
  .string()
  .refine(
    (path) => statSync(join(path, 'index.html'), { throwIfNoEntry: false })?.isFile() === true,
    'expected a folder with index.html',
  );

const turnUris = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((uri) => uri.trim())
      .filter((uri) => uri !== ''),
  )
  .refine((uris) => uris.length <= maxTurnUris, `expected at most ${maxTurnUris} URIs`)
  .refine((uris) => uris.every((uri) => turnUri.test(uri)), 'expected TURN URIs (RFC 7065), comma separated');

/** Addresses or networks, comma separated. */
const addressList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== ''),
  )
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'expected IP addresses')).max(32));

export const configSchema = z.object({
  WWSF_HOST: z.string().default('127.0.0.1').describe('Address the WWSF listens on'),
  WWSF_PORT: z.coerce.number().int().min(1).max(65_535).default(8443).describe('TCP port the WWSF listens on'),
  WWSF_ORIGIN: httpsOrigin.default('https://localhost:8443').describe('Origin that browsers see'),
  WWSF_TLS_CERT_FILE: fileAt('PEM certificate of the origin'),
  WWSF_TLS_KEY_FILE: fileAt('PEM key of that certificate'),
  WWSF_STATE_DIR: z.string().min(1).describe('Folder of the web sessions and of the key that seals them'),
  WWSF_WIC_DIR: wicFolder.describe('Folder of the built WIC: index.html and assets/'),
  WWSF_WAF_ISSUER: secureUrl(/^https$/).describe('Issuer identifier of the WAF'),
  WWSF_WAF_CA_FILE: fileAt('PEM authority of the WAF; the authorities of the system when absent').optional(),
  WWSF_CLIENT_ID: z.string().min(1).describe('OAuth client_id of this WWSF: its domain name'),
  WWSF_CLIENT_SECRET: z.string().min(32).describe('Secret of the client at the WAF; at least 32 characters'),
  WWSF_EP_CSCF_URL: secureUrl(/^wss$/)
    .default('wss://localhost:8445/')
    .describe('WebSocket URL of the eP-CSCF, for the WIC'),
  WWSF_HOME_DOMAIN: z.hostname().describe('Home network domain name (TS 23.003 13.2), for the WIC'),
  WWSF_TURN_URIS: turnUris.describe('TURN URIs for the WIC, comma separated'),
  WWSF_ICE_TRANSPORT_POLICY: z
    .enum(['all', 'relay'])
    .default('all')
    .describe('relay makes the WIC use TURN for all media'),
  WWSF_SESSION_LIFETIME_SECONDS: seconds.max(2_592_000).default(86_400).describe('A web session ends after this'),
  WWSF_SESSION_IDLE_SECONDS: seconds.max(2_592_000).default(28_800).describe('A web session ends unused after this'),
  WWSF_SESSIONS_PER_USER: count.max(1_000).default(20).describe('Web sessions of one user; the oldest gives way'),
  WWSF_SIGN_IN_LIFETIME_SECONDS: seconds.max(3_600).default(600).describe('A sign-in must be finished within this'),
  WWSF_SIGN_INS_PER_BROWSER: count.max(100).default(5).describe('Unfinished sign-ins of one browser'),
  WWSF_SIGN_INS_PER_ADDRESS: count
    .max(1_000_000)
    .default(180)
    .describe('Sign-ins that one address (IPv6: one /64) may start within a minute'),
  WWSF_SIGN_INS: count.max(1_000_000).default(50_000).describe('Unfinished sign-ins in total; then no more can start'),
  WWSF_TOKEN_REFRESH_SECONDS: seconds.max(3_600).default(60).describe('An access token with less left is renewed'),
  WWSF_TRUSTED_PROXIES: addressList.describe(
    'Reverse proxies, as IP addresses or networks, comma separated: what they write into X-Forwarded-For is believed. ' +
      'They must speak https to the WWSF and pass Host on as it is',
  ),
  WWSF_CONNECTIONS: count.max(1_000_000).default(10_000).describe('Connections open at a time'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault; values are never repeated. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(configSchema, env);
}

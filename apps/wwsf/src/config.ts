/**
 * Configuration of the WWSF, read once at start from the environment.
 *
 * The descriptions below are the reference manual.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { addressList, fileAt, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';
import { findPool } from './pool/pool-pattern.ts';
import { isTurnUri } from './turn/turn-uri.ts';

const seconds = z.coerce.number().int().positive();
const count = z.coerce.number().int().positive();
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
  .refine((uris) => uris.every(isTurnUri), 'expected TURN URIs (RFC 7065), comma separated');

const ways = z
  .string()
  .transform((text) => text.split(',').map((way) => way.trim()))
  .pipe(z.array(z.enum(['web', 'digest', 'sim', 'guest'])).min(1));

const poolPattern = z
  .string()
  .refine(
    (text) => findPool(text) !== undefined,
    'expected a pattern such as guest-001..020@ims.example, of at most 100000 pairs, or guest-*@ims.example',
  );

const hour = 3_600;

export const configSchema = z.object({
  WWSF_HOST: z.string().default('127.0.0.1').describe('Address the WWSF listens on'),
  WWSF_PORT: z.coerce.number().int().min(1).max(65_535).default(8443).describe('TCP port the WWSF listens on'),
  WWSF_ORIGIN: httpsOrigin.default('https://localhost:8443').describe('Origin that browsers see'),
  WWSF_NAME: z.string().min(1).max(60).default('Wicgate').describe('What the pages of the WWSF itself call it'),
  WWSF_TLS_CERT_FILE: fileAt('PEM certificate of the origin'),
  WWSF_TLS_KEY_FILE: fileAt('PEM key of that certificate'),
  WWSF_STATE_DIR: z.string().min(1).describe('Folder of the web sessions and of the key that seals them'),
  WWSF_WIC_DIR: wicFolder.describe('Folder of the built WIC: index.html and assets/'),
  WWSF_WAF_ISSUER: secureUrl(/^https$/).describe('Issuer identifier of the WAF'),
  WWSF_WAF_CA_FILE: fileAt('PEM authority of the WAF; the authorities of the system when absent').optional(),
  WWSF_CLIENT_ID: z.string().min(1).describe('OAuth client_id of this WWSF: its domain name'),
  WWSF_CLIENT_AUTH_METHOD: z
    .enum(['client_secret_basic', 'private_key_jwt', 'tls_client_auth'])
    .default('client_secret_basic')
    .describe('How the WWSF authenticates to the WAF, for all grants and revocations'),
  WWSF_CLIENT_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('For client_secret_basic: secret of the client at the WAF; at least 32 characters'),
  WWSF_CLIENT_KEY_FILE: fileAt(
    'For private_key_jwt: PEM private key of P-256; its public JWK is given to the WAF',
  ).optional(),
  WWSF_CLIENT_TLS_CERT_FILE: fileAt('For tls_client_auth: PEM certificate that the WWSF shows the WAF').optional(),
  WWSF_CLIENT_TLS_KEY_FILE: fileAt('For tls_client_auth: PEM key of that certificate').optional(),
  WWSF_EP_CSCF_URL: secureUrl(/^wss$/)
    .default('wss://localhost:8445/')
    .describe('WebSocket URL of the eP-CSCF, for the WIC'),
  WWSF_HOME_DOMAIN: z.hostname().describe('Home network domain name (TS 23.003 13.2), for the WIC'),
  WWSF_TURN_URIS: turnUris.describe('TURN URIs for the WIC, comma separated'),
  WWSF_TURN_SERVERS_FILE: fileAt(
    'Instead of WWSF_TURN_URIS: a JSON list of { "uris", "weight" }; each page gets a random order by weight',
  ).optional(),
  WWSF_TURN_SERVERS_AT_ONCE: count.max(4).default(2).describe('Servers of that list that one page is told of'),
  WWSF_TURN_ACCESS: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe('Whether GET /turn-access relays access tokens for TURN of the WAF (TS 33.203 X.5.3.2)'),
  WWSF_TURN_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Km, shared with the TURN server, at least 32 characters: GET /turn-credential gives credentials made with it ' +
        '(TS 33.203 X.5.2.2); no such route when absent',
    ),
  WWSF_TURN_HASH: z.enum(['sha1', 'sha256']).default('sha1').describe('Hash of these credentials; coturn knows sha1'),
  WWSF_TURN_TOKEN_AUDIENCE: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'Audience, as EP_CSCF_WAF_AUDIENCE, of the access tokens that GET /turn-credential takes as Authorization: Bearer; ' +
        'it takes none when absent',
    ),
  WWSF_TURN_CREDENTIAL_SECONDS: seconds
    .min(60)
    .max(24 * hour)
    .default(600)
    .describe(
      'Longest lifetime of these credentials, which no eP-CSCF revokes; what is handed out has more than half of it left',
    ),
  WWSF_TURN_REQUESTS_PER_SESSION: count
    .max(1_000)
    .default(20)
    .describe('Requests for TURN tokens and credentials of one session within a minute'),
  WWSF_ICE_TRANSPORT_POLICY: z
    .enum(['all', 'relay'])
    .default('all')
    .describe('relay makes the WIC use TURN for all media'),
  WWSF_ISIM_ORIGIN: httpsOrigin.optional().describe('Origin of the soft ISIM that the page frames; none when absent'),
  WWSF_WAYS: ways
    .optional()
    .describe(
      'Ways in that the page offers, of web, digest, sim and guest, comma separated; all possible ones when absent',
    ),
  WWSF_SIGN_IN: z
    .enum(['waf', 'own'])
    .default('waf')
    .describe('Who authenticates users: the WAF (authorization code), or the WWSF itself (client credentials)'),
  WWSF_ACCOUNTS_FILE: fileAt('For WWSF_SIGN_IN=own: accounts, as apps/wwsf/src/account.ts writes them').optional(),
  WWSF_LOGIN_FAILURES_PER_ACCOUNT: count
    .max(1_000)
    .default(10)
    .describe('Failed sign-ins of one user name from one address, or one known browser, within the window'),
  WWSF_LOGIN_FAILURES_OF_STRANGERS: count
    .max(100_000)
    .default(100)
    .describe('Failed sign-ins of one user name from all addresses; then only browsers known to it may try'),
  WWSF_LOGIN_FAILURES_PER_ADDRESS: count
    .max(100_000)
    .default(100)
    .describe('Failed sign-ins from one address (IPv6: one /64) within the window'),
  WWSF_LOGIN_FAILURE_WINDOW_SECONDS: seconds
    .max(24 * hour)
    .default(900)
    .describe('A failed sign-in counts this long'),
  WWSF_POOL: poolPattern
    .optional()
    .describe('Identities for guests: guest-001..020@ims.example, or guest-*@ims.example for an open range'),
  WWSF_POOL_FILE: fileAt('Instead of WWSF_POOL: a JSON list of { "impi", "impu" }').optional(),
  WWSF_POOL_LEASE_SECONDS: seconds
    .max(hour)
    .default(90)
    .describe('A guest whose page does not renew is gone after this'),
  WWSF_POOL_USER_LEASE_SECONDS: seconds
    .max(24 * hour)
    .default(hour)
    .describe('A signed-in user with an identity of the pool, whose page asks for nothing, is gone after this'),
  WWSF_POOL_LIFETIME_SECONDS: seconds
    .max(24 * hour)
    .default(8 * hour)
    .describe('An identity is leased no longer than this'),
  WWSF_POOL_COOL_DOWN_SECONDS: seconds
    .max(24 * hour)
    .default(60)
    .describe('An identity rests for this before somebody else gets it'),
  WWSF_POOL_LEASES: count.max(1_000_000).default(10_000).describe('Identities of an open range in use at a time'),
  WWSF_GUESTS_PER_ADDRESS: count
    .max(100_000)
    .default(10)
    .describe(
      'Identities of the pool that guests of one address (IPv6: one /64), or one user, keep from others; cooling ones too',
    ),
  WWSF_GUEST_STARTS_PER_ADDRESS: count
    .max(1_000_000)
    .default(60)
    .describe('Guests that one address (IPv6: one /64) may start within a minute'),
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

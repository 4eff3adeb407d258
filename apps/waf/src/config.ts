/**
 * Configuration of the WAF, read once at start from the environment.
 *
 * @module
 */
import { addressList, fileAt, readEnvironment } from '@wicgate/node-kit';
import { z } from 'zod';
import { poolPattern } from './pools.ts';
import { tokenLifetimeLimitSeconds } from './revocation/revocations.ts';

const count = z.coerce.number().int().min(1).max(1_000_000);
const seconds = z.coerce.number().int();
const daySeconds = 86_400;

/** `https://host` or `https://host:port`, exactly as an origin is written. */
const httpsOrigin = z
  .string()
  .refine(
    (value) => value.startsWith('https://') && URL.canParse(value) && new URL(value).origin === value,
    'expected an https origin without a path, e.g. https://waf.example:8444',
  );

/** https, or http to this machine itself; comma separated. */
const revocationEndpoints = z
  .string()
  .default('')
  .transform(readList)
  .pipe(
    z.array(z.string().refine(isRevocationEndpoint, 'expected https URLs, or http URLs on a loopback address')).max(32),
  );

function readList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isRevocationEndpoint(text: string): boolean {
  const { protocol, hostname, username, password, hash } = URL.parse(text) ?? {};
  if (username !== '' || password !== '' || hash !== '') return false;
  const isLoopback = hostname !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}

export const configSchema = z.object({
  WAF_HOST: z.string().min(1).default('127.0.0.1').describe('Address the WAF listens on (https)'),
  WAF_PORT: z.coerce.number().int().min(1).max(65_535).default(8444).describe('Its TCP port'),
  WAF_ISSUER: httpsOrigin
    .default('https://localhost:8444')
    .describe('Issuer of the tokens: the https origin that browsers and the WWSF reach the WAF at'),
  WAF_TLS_CERT_FILE: fileAt('Certificate of the WAF (PEM)'),
  WAF_TLS_KEY_FILE: fileAt('Its private key (PEM)'),
  WAF_STATE_DIR: z
    .string()
    .min(1)
    .describe('Folder for the database and the keys; made if missing, private to its owner'),
  WAF_AUDIENCE: z
    .url({ protocol: /^https$/ })
    .default('https://ep-cscf.ims.example')
    .describe('Audience of the access tokens: the eP-CSCF'),
  WAF_TOKEN_LIFETIME_SECONDS: seconds
    .min(30)
    .max(tokenLifetimeLimitSeconds)
    .default(300)
    .describe('Lifetime of access and ID tokens'),
  WAF_SESSION_LIFETIME_SECONDS: seconds
    .min(600)
    .max(90 * daySeconds)
    .default(14 * daySeconds)
    .describe('How long a person stays signed in; no refresh token outlives it'),
  WAF_WWSF_CLIENT_ID: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 printable ASCII characters without space')
    .default('wwsf.ims.example')
    .describe("client_id of the operator's own WWSF"),
  WAF_WWSF_CLIENT_SECRET: z
    .string()
    .regex(/^[\x20-\x7e]{32,255}$/, 'expected 32 to 255 printable ASCII characters')
    .optional()
    .describe('Its client secret, at least 32 characters; for client_secret_basic'),
  WAF_WWSF_AUTH_METHOD: z
    .enum(['client_secret_basic', 'private_key_jwt', 'tls_client_auth'])
    .default('client_secret_basic')
    .describe('How it authenticates on W4'),
  WAF_WWSF_JWKS_FILE: fileAt('Its public keys (JSON Web Key Set); for private_key_jwt').optional(),
  WAF_WWSF_TLS_SAN_DNS: z
    .string()
    .regex(/^[\w.-]{1,253}$/, 'expected a DNS name')
    .optional()
    .describe('DNS name in the subjectAltName of its certificate, compared exactly; for tls_client_auth'),
  WAF_WWSF_POOL: z
    .string()
    .regex(poolPattern, 'expected an IMPI with one *, e.g. guest-*@ims.example')
    .optional()
    .describe('Its pool of IMPIs: * stands for letters, digits, dot, underscore and hyphen'),
  WAF_WWSF_ORIGIN: httpsOrigin
    .default('https://localhost:8443')
    .describe('Its origin; redirects go to /callback there, and to / after sign-out'),
  WAF_WWSF_NAME: z.string().min(1).max(60).default('Wicgate').describe('Its name on the pages of the WAF'),
  WAF_WWSF_TURN: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .describe('Whether it may have access tokens for TURN servers (TS 33.203 X.5.3); with WAF_TURN_KEYS_FILE'),
  WAF_TURN_KEYS_FILE: fileAt(
    'Keys shared with the TURN servers (JSON): tokens for them are made with the first; none are made when absent',
  ).optional(),
  WAF_TURN_SERVER_NAME: z
    .string()
    .regex(/^[\x21\x23-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')
    .optional()
    .describe('Name of the TURN servers, as in THIRD-PARTY-AUTHORIZATION: their realm, unless configured there'),
  WAF_TURN_TOKEN_SECONDS: seconds
    .min(1)
    .max(daySeconds)
    .default(3_600)
    .describe('Lifetime of access tokens for TURN servers'),
  WAF_CLIENTS_FILE: fileAt('JSON list of further clients, who need the consent of the person').optional(),
  WAF_MTLS_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('TCP port of a second listener, which asks clients for certificates (RFC 8705)'),
  WAF_MTLS_CA_FILE: fileAt('Authorities of the certificates of clients (PEM); with WAF_MTLS_PORT').optional(),
  WAF_MTLS_ORIGIN: httpsOrigin
    .optional()
    .describe('https origin that clients reach it at; default: host of WAF_ISSUER and WAF_MTLS_PORT'),
  WAF_REVOCATION_ENDPOINTS: revocationEndpoints.describe(
    'Where eP-CSCFs take revocations (POST), comma separated: https URLs, or http URLs on a loopback address',
  ),
  WAF_REVOCATION_CA_FILE: fileAt('Authorities of their certificates (PEM), instead of the usual ones').optional(),
  WAF_TRUSTED_PROXIES: addressList.describe(
    'Reverse proxies, as IP addresses or networks, comma separated: what they write into X-Forwarded-For is believed. ' +
      'They must speak https to the WAF and pass Host on as it is',
  ),
  WAF_TOKEN_REQUESTS_PER_CLIENT: count
    .default(6_000)
    .describe('Token requests of one client within a minute, and as many revocations'),
  WAF_REQUESTS_PER_ADDRESS: count
    .default(600)
    .describe('Requests of one address (IPv6: one /64) to start, go on with or end a session, within a minute'),
  WAF_INTERACTIONS_PER_ADDRESS: count
    .default(1_000)
    .describe('Unfinished sign-ins from one address (IPv6: one /64); each ends by itself after 10 minutes'),
  WAF_INTERACTIONS: count.default(20_000).describe('Unfinished sign-ins in total'),
  WAF_LOGIN_FAILURES_PER_ACCOUNT: count
    .default(10)
    .describe(
      'Failed logins of one user name from one address, or from one browser that has signed in to it before, ' +
        'within the window, after which they have to wait',
    ),
  WAF_LOGIN_FAILURES_OF_STRANGERS: count
    .default(100)
    .describe(
      'Failed logins of one user name from all addresses, after which only browsers that have signed in to it before may try',
    ),
  WAF_LOGIN_FAILURES_PER_ADDRESS: count
    .default(100)
    .describe('Failed logins from one address (IPv6: one /64) within the window, after which it has to wait'),
  WAF_LOGIN_FAILURE_WINDOW_SECONDS: seconds
    .min(1)
    .max(daySeconds)
    .default(900)
    .describe('How long a failed login counts'),
});

export type Config = Readonly<z.output<typeof configSchema>>;

/** @throws {ConfigInvalid} one line for each variable at fault. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readEnvironment(configSchema, env);
}

/**
 * The file of partners' WAFs: a JSON list (EP_CSCF_PARTNER_WAFS_FILE).
 *
 *     [{ "issuer": "https://waf.partner.example", "identity": "waf.partner.example",
 *        "ca_file": "partner-ca.pem", "audience": "https://ep-cscf.ims.example",
 *        "wwsfs": [{ "client_id": "wwsf", "identity": "wwsf.partner.example",
 *                    "pool": "partner-*@ims.example", "pool_only": true }] }]
 *
 * `ca_file` counts from the folder of this file; absent, the system's authorities are trusted. `audience` is that of the
 * operator's own WAF where it is absent.
 *
 * @module
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import { type PoolPattern, parsePoolPattern } from './pool-pattern.ts';

export interface PartnerWwsf {
  readonly clientId: string;
  readonly identity: string;
  readonly pool: PoolPattern | undefined;
  readonly poolOnly: boolean;
}

export interface PartnerWaf {
  readonly issuer: string;
  readonly identity: string;
  /** PEM; undefined trusts the system's authorities. */
  readonly ca: Buffer | undefined;
  readonly audience: string | undefined;
  /** Never empty. */
  readonly wwsfs: readonly PartnerWwsf[];
}

const setting = 'EP_CSCF_PARTNER_WAFS_FILE';
const identity = z.hostname('expected a domain name');

const wwsf = z
  .strictObject({
    client_id: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/u, 'expected a client identifier'),
    identity,
    pool: z
      .string()
      .refine((text) => parsePoolPattern(text) !== undefined, 'expected a pattern such as guest-*@ims.example')
      .optional(),
    pool_only: z.boolean().default(false),
  })
  .refine((value) => !value.pool_only || value.pool !== undefined, {
    path: ['pool'],
    message: 'expected a pool where there is nothing but the pool',
  });

const waf = z.strictObject({
  issuer: z.url({ protocol: /^https$/, error: 'expected an https URL' }),
  identity,
  ca_file: z.string().min(1).optional(),
  audience: z.string().min(1).optional(),
  wwsfs: z
    .array(wwsf)
    .min(1)
    .max(100)
    .refine((list) => isUnique(list.map((item) => item.client_id)), 'expected every client_id once'),
});

const list = z
  .array(waf)
  .max(50)
  .refine((wafs) => isUnique(wafs.map(({ issuer }) => issuer)), 'expected every issuer once')
  .refine((wafs) => isUnique(wafs.map((item) => item.identity)), 'expected every identity once');

/** @throws {ConfigInvalid} one line for each fault; values are never repeated. */
export function readPartnerWafs(file: string): readonly PartnerWaf[] {
  const result = list.safeParse(readJson(file));
  if (!result.success) {
    const lines = result.error.issues.map(({ path, message }) => `${setting}: ${pathOf(path)}${message}`);
    throw new ConfigInvalid(lines.join('\n'));
  }
  return result.data.map(({ issuer, identity: name, ca_file: ca, audience, wwsfs }, at) => ({
    issuer,
    identity: name,
    ca: ca === undefined ? undefined : readAuthority(resolve(dirname(file), ca), at),
    audience,
    wwsfs: wwsfs.map(readWwsf),
  }));
}

function readWwsf({ client_id: clientId, pool, pool_only: poolOnly, ...rest }: z.output<typeof wwsf>): PartnerWwsf {
  return { clientId, identity: rest.identity, poolOnly, pool: pool === undefined ? undefined : parsePoolPattern(pool) };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // What the parser says would quote the file.
    throw new ConfigInvalid(`${setting}: expected a JSON file`);
  }
}

function readAuthority(file: string, at: number): Buffer {
  try {
    const ca = readFileSync(file);
    // It says whether there is a certificate in it.
    new X509Certificate(ca);
    return ca;
  } catch (cause) {
    throw new ConfigInvalid(`${setting}: ${at}.ca_file: expected a readable PEM file`, { cause });
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `;
}

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/**
 * The WAF's own keys: made once, kept in the state folder, readable by their owner only.
 *
 * @module
 */
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigInvalid } from '@wicgate/node-kit';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

const signingKeySchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.base64url(),
  y: z.base64url(),
  d: z.base64url(),
  kid: z.string().min(1),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});

const keysSchema = z.strictObject({
  /** The first signs; all are published. */
  signing: z.array(signingKeySchema).min(1),
  /** The first signs cookies; all are accepted. */
  cookies: z.array(z.string().min(43)).min(1),
  /** Keys everything else: form tokens, hashes of user names and addresses. */
  hashing: z.string().min(43),
});

export type Keys = Readonly<z.output<typeof keysSchema>>;

/**
 * The keys in `folder`, made on first use.
 *
 * @throws {ConfigInvalid} the folder cannot be used, or the file in it is damaged.
 */
export async function openKeys(folder: string): Promise<Keys> {
  const file = join(folder, 'keys.json');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) writePrivately(file, JSON.stringify(await createKeys()));
    chmodSync(file, 0o600);
    return keysSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Neither the parser's message nor the schema's may quote the file.
    throw new ConfigInvalid(
      'WAF_STATE_DIR: expected a writable folder, and in keys.json the keys as the WAF wrote them',
    );
  }
}

/** A keyed hash of `value` for `purpose`; hashes for different purposes have nothing in common. */
export function keyedHash(keys: Pick<Keys, 'hashing'>, purpose: string, value: string): string {
  return createHmac('sha256', keys.hashing).update(`${purpose}\0${value}`).digest('base64url');
}

async function createKeys(): Promise<Keys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { x, y, d } = await exportJWK(privateKey);
  const key = { kty: 'EC', crv: 'P-256', x, y, d } as const;
  const kid = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' });
  return keysSchema.parse({
    signing: [{ ...key, kid, alg: 'ES256', use: 'sig' }],
    cookies: [randomBytes(32).toString('base64url')],
    hashing: randomBytes(32).toString('base64url'),
  });
}

/** Whole or not at all: a crash must not leave half a file. */
function writePrivately(file: string, content: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
}

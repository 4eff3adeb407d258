/**
 * Encryption at rest: AES-256-GCM under a key that lies beside the database, readable by its owner only.
 *
 * A sealed value is 12 octets of nonce, 16 octets of tag, then the ciphertext. It opens only under the label it was
 * sealed with, so that a row cannot be moved to another session.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';

const algorithm = 'aes-256-gcm';
const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;

export class Sealer {
  readonly #key: Uint8Array;
  readonly #markKey: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
    this.#markKey = new Uint8Array(hkdfSync('sha256', key, '', 'wwsf mark', keyLength));
  }

  /** The same for the same text, and telling nothing of it without the key: to find rows by. */
  mark(text: string): string {
    return createHmac('sha256', this.#markKey).update(text).digest('base64url');
  }

  seal(text: string, label: string): Uint8Array {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(label));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** The text, or undefined: sealed under another key or label, or altered. */
  open(sealed: Uint8Array, label: string): string | undefined {
    if (sealed.length < nonceLength + tagLength) return undefined;
    const nonce = sealed.subarray(0, nonceLength);
    const decipher = createDecipheriv(algorithm, this.#key, nonce, { authTagLength: tagLength })
      .setAAD(Buffer.from(label))
      .setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength));
    const start = decipher.update(sealed.subarray(nonceLength + tagLength));
    try {
      return Buffer.concat([start, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}

/**
 * The sealer whose key lies at `path`; the key is made on first use.
 *
 * @throws {ConfigInvalid} the file is not a key, or others may read it.
 */
export function openSealer(path: string): Sealer {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    writeFileSync(path, randomBytes(keyLength), { mode: 0o600, flag: 'wx' });
  }
  if ((statSync(path).mode & 0o077) !== 0) throw new ConfigInvalid(`${path}: expected mode 0600, as it is a key`);
  const key = readFileSync(path);
  if (key.length !== keyLength) throw new ConfigInvalid(`${path}: expected a key of ${keyLength} octets`);
  return new Sealer(key);
}

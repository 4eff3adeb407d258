/**
 * Passwords, kept as scrypt hashes (RFC 7914) with a salt each.
 *
 * @module
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

const costLog2 = 15;
const blockSize = 8;
const parallelization = 3;
const saltOctets = 16;
const hashOctets = 32;

/** Longer ones are refused unread: hashing them would only cost time. */
export const passwordMaxLength = 256;
export const passwordMinLength = 8;

interface StoredHash {
  readonly costLog2: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Verifying against it costs what a real account costs, and always fails. */
const decoy: StoredHash = {
  costLog2,
  blockSize,
  parallelization,
  salt: randomBytes(saltOctets),
  hash: randomBytes(hashOctets),
};

/** The hash with its parameters and salt, as text. Runs off the main thread. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltOctets);
  const hash = await derive(password, { costLog2, blockSize, parallelization, salt });
  return ['scrypt', costLog2, blockSize, parallelization, salt.toString('base64url'), hash.toString('base64url')].join(
    '$',
  );
}

/** Whether `password` is the one hashed in `stored`; without `stored` false, after the same time. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const expected = stored === undefined ? decoy : decodeHash(stored);
  const hash = await derive(password, expected);
  return timingSafeEqual(hash, expected.hash) && stored !== undefined;
}

/** @throws {TypeError} `stored` was not made by {@link hashPassword}. */
function decodeHash(stored: string): StoredHash {
  const [scheme, cost, block, parallel, salt, hash] = stored.split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) throw new TypeError('expected a scrypt hash');
  return {
    costLog2: Number(cost),
    blockSize: Number(block),
    parallelization: Number(parallel),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
}

function derive(password: string, settings: Omit<StoredHash, 'hash'>): Promise<Buffer> {
  const N = 2 ** settings.costLog2;
  const options: ScryptOptions = {
    N,
    r: settings.blockSize,
    p: settings.parallelization,
    maxmem: 2 * 128 * N * settings.blockSize,
  };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), settings.salt, hashOctets, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/**
 * Passwords, kept as scrypt hashes (RFC 7914) with a salt each.
 *
 * As text: `scrypt$15$8$3$<salt>$<hash>`: log2 of N, r, p, then salt and hash in base64url.
 *
 * @module
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export const passwordMinLength = 8;
/** Longer ones are refused unread: hashing them would only cost time. */
export const passwordMaxLength = 256;

const costLog2 = 15;
const blockSize = 8;
const parallelization = 3;
const saltOctets = 16;
const hashOctets = 32;
const prefix = `scrypt$${costLog2}$${blockSize}$${parallelization}`;

/** A hash as {@link hashPassword} writes it: other settings would make one account slower or weaker than another. */
export const passwordHashPattern = new RegExp(
  `^${prefix.replaceAll('$', String.raw`\$`)}\\$([\\w-]{${base64UrlLength(saltOctets)}})\\$([\\w-]{${base64UrlLength(hashOctets)}})$`,
);

/** What a password is compared with where there is no account: it costs what a real one costs, and never fits. */
const decoy = { salt: randomBytes(saltOctets), hash: randomBytes(hashOctets) };

/** The hash with its settings and salt. Runs off the main thread. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltOctets);
  const hash = await derive(password, salt);
  return `${prefix}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether `password` is the one hashed in `stored`; without `stored` false, after the same work. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, salt, hash] = passwordHashPattern.exec(stored ?? '') ?? [];
  const isReal = salt !== undefined && hash !== undefined;
  const expected = isReal ? { salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') } : decoy;
  return timingSafeEqual(await derive(password, expected.salt), expected.hash) && isReal;
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  const N = 2 ** costLog2;
  const options = { N, r: blockSize, p: parallelization, maxmem: 2 * 128 * N * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashOctets, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function base64UrlLength(octets: number): number {
  return Math.ceil((octets * 4) / 3);
}

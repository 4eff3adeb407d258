/**
 * The algorithms of Digest and how they rank (RFC 7616 3.2, RFC 8760 2, RFC 3310 3.1, RFC 4169 3).
 *
 * @module
 */

/** The hash functions, by their names in `algorithm` (RFC 8760 2.1). */
export type DigestHash = 'MD5' | 'SHA-256' | 'SHA-512-256';

/** A name in `algorithm`, taken apart. */
export interface DigestAlgorithm {
  readonly hash: DigestHash;
  /** `-sess`: HA1 is bound to the first nonce and cnonce. */
  readonly session: boolean;
  /** 1 or 2 where the password comes from AKA (RFC 3310, RFC 4169), else 0. */
  readonly aka: 0 | 1 | 2;
}

const hashes: readonly DigestHash[] = ['MD5', 'SHA-256', 'SHA-512-256'];
const algorithms = new Map<string, DigestAlgorithm>();
for (const hash of hashes) {
  for (const aka of [0, 1, 2] as const) {
    const name = `${aka === 0 ? '' : `akav${aka}-`}${hash.toLowerCase()}`;
    algorithms.set(name, { hash, session: false, aka });
    algorithms.set(`${name}-sess`, { hash, session: true, aka });
  }
}

/** The algorithm of that name, whatever its case; MD5 where none is named (RFC 7616 3.3). */
export function findDigestAlgorithm(name: string | undefined): DigestAlgorithm | undefined {
  return algorithms.get((name ?? 'MD5').toLowerCase());
}

/** 0 for MD5, 1 for SHA-256, 2 for SHA-512-256. */
export function rankOfHash(hash: DigestHash): number {
  return hashes.indexOf(hash);
}

/** How many hexadecimal digits a hash has. */
export function digitsOfHash(hash: DigestHash): number {
  return hash === 'MD5' ? 32 : 64;
}

/**
 * A number that is higher for what is harder to break: AKA before passwords, then the hash, then a qop, without which
 * the server alone chooses what is hashed (RFC 7616 5.9).
 */
export function strengthOf({ hash, aka }: DigestAlgorithm, hasQop: boolean): number {
  return aka * 8 + rankOfHash(hash) * 2 + (hasQop ? 1 : 0);
}

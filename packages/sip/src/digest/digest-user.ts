/**
 * What a user agent knows about its user in one realm.
 *
 * @module
 */
import type { DigestChallenge } from '../headers/challenge-digest.ts';
import type { DigestAlgorithm, DigestHash } from './digest-algorithm.ts';
import { createHa1 } from './digest-response.ts';

/** Answers a challenge of AKA (RFC 3310 3.3, RFC 4169 3). */
export interface AkaAnswer {
  /** RES as octets (AKAv1), or the text RFC 4169 makes of RES, IK and CK; '' beside `auts` (RFC 3310 3.4). */
  readonly password: string | Uint8Array;
  /** Base64: the sequence number of the challenge was out of range. */
  readonly auts?: string;
}

/** One user; what answers a challenge is tried in this order: AKA where it asks for that, HA1, password. */
export interface DigestUser {
  readonly username: string;
  readonly password?: string | Uint8Array;
  /** Instead of the password: HA1 in hexadecimal digits, for the hashes it is known of. */
  readonly ha1?: Readonly<Partial<Record<DigestHash, string>>>;
  /** Undefined where AUTN is not the network's: such a challenge is not answered. */
  readonly aka?: (challenge: DigestChallenge, algorithm: DigestAlgorithm) => AkaAnswer | undefined;
}

/** What answers one challenge. */
export interface DigestKey {
  readonly username: string;
  readonly ha1: string;
  readonly auts: string | undefined;
}

/** Undefined where the user has nothing to answer this algorithm with. */
export function findDigestKey(
  user: DigestUser,
  challenge: DigestChallenge,
  algorithm: DigestAlgorithm,
): DigestKey | undefined {
  const username = user.username.normalize('NFC');
  const { hash } = algorithm;
  const { realm } = challenge;
  if (algorithm.aka > 0) {
    const answer = user.aka?.(challenge, algorithm);
    if (answer === undefined) return undefined;
    return { username, ha1: createHa1(hash, { username, realm, password: answer.password }), auts: answer.auts };
  }
  const ha1 =
    user.ha1?.[hash]?.toLowerCase() ??
    (user.password === undefined ? undefined : createHa1(hash, { username, realm, password: user.password }));
  return ha1 === undefined ? undefined : { username, ha1, auts: undefined };
}

/**
 * TURN credentials that the eP-CSCF makes and the TURN server recomputes (TS 33.203 X.5.2.2 steps 3 and 6).
 *
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeBase64 } from './base64.ts';
import { formatTurnUsername, type TurnUsername } from './turn-username.ts';

/** HASH of Tpwd = HASH(Km, Tid:Texp), as HMAC; `sha1` is what coturn and other stock servers use. */
export type TurnHash = 'sha1' | 'sha256';

export interface TurnCredential extends TurnUsername {
  /** `Tid:Texp`. */
  readonly username: string;
  /** Tpwd. A secret: it goes to its user only, and into no log. */
  readonly password: string;
}

export interface TurnCredentialSource {
  /** Km, the key shared with the TURN server. */
  readonly key: Uint8Array;
  /** `sha1` unless given. */
  readonly hash?: TurnHash | undefined;
  /** Texp: Unix time from which the credential is void. */
  readonly expiresAtSeconds: number;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
}

const hashes = { sha1, sha256 };

/** Tid has 24 hexadecimal digits: 12 octets. */
const tidOctets = 12;

/**
 * A fresh credential with a Tid of its own (TS 33.203 X.5.2.2 step 3).
 *
 * @throws {TypeError} expiresAtSeconds is not whole Unix seconds, or `random` gave another number of octets.
 */
export function createTurnCredential({ key, hash, expiresAtSeconds, random }: TurnCredentialSource): TurnCredential {
  if (!Number.isSafeInteger(expiresAtSeconds) || expiresAtSeconds < 1 || expiresAtSeconds > 9_999_999_999) {
    throw new TypeError('expiresAtSeconds: expected whole Unix seconds');
  }
  const octets = random(tidOctets);
  if (octets.length !== tidOctets) throw new TypeError(`random: expected ${tidOctets} octets`);
  const tid = formatTid(octets);
  const username = formatTurnUsername({ tid, expiresAtSeconds });
  return { tid, expiresAtSeconds, username, password: turnPassword(key, username, hash) };
}

/**
 * Tpwd = base64(HMAC(Km, "Tid:Texp")); TS 33.203 leaves the hash open, SHA-1 is the one that stock TURN servers with
 * time-limited credentials use. Computes only: whether the user name is well-formed and still valid is for
 * parseTurnUsername and a clock to say.
 */
export function turnPassword(key: Uint8Array, username: string, hash: TurnHash = 'sha1'): string {
  return encodeBase64(hmac(hashes[hash], key, utf8ToBytes(username)));
}

/** Hexadecimal, with a letter in the first place: never all digits. */
function formatTid(octets: Uint8Array): string {
  const digits = Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
  return 'abcdef'.charAt((octets[0] ?? 0) % 6) + digits.slice(1);
}

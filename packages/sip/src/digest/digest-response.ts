/**
 * The arithmetic of Digest (RFC 7616 3.4.1 to 3.4.4; RFC 2069 where there is no qop).
 *
 * @module
 */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { formatNonceCount } from '../headers/authorization-params.ts';
import type { DigestAlgorithm, DigestHash } from './digest-algorithm.ts';

const functions = { 'MD5': md5, 'SHA-256': sha256, 'SHA-512-256': sha512_256 } as const;

/** What HA1 is made of (RFC 7616 3.4.2). */
export interface DigestSecret {
  readonly username: string;
  readonly realm: string;
  /** Text goes in as UTF-8 in normal form C (RFC 7616 4); octets as they are, e.g. RES of AKA (RFC 3310 3.3). */
  readonly password: string | Uint8Array;
}

/** H(username ":" realm ":" password) in hexadecimal digits: what a server keeps instead of the password. */
export function createHa1(hash: DigestHash, { username, realm, password }: DigestSecret): string {
  const prefix = encodeUtf8(`${username.normalize('NFC')}:${realm}:`);
  const secret = typeof password === 'string' ? encodeUtf8(password.normalize('NFC')) : password;
  const octets = new Uint8Array(prefix.length + secret.length);
  octets.set(prefix);
  octets.set(secret, prefix.length);
  return hashHex(hash, octets);
}

/** H(username ":" realm): what stands for the user name with `userhash=true` (RFC 7616 3.4.4). */
export function hashUsername(hash: DigestHash, username: string, realm: string): string {
  return hashHex(hash, encodeUtf8(`${username.normalize('NFC')}:${realm}`));
}

/** Everything that goes into a response; of a request as it is on the wire (RFC 7616 3.4.1). */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** H(username ":" realm ":" password), hexadecimal digits; with `-sess` it is bound to nonce and cnonce here. */
  readonly ha1: string;
  readonly nonce: string;
  readonly uri: string;
  /** That of the request; '' for the server's `rspauth` (RFC 7616 3.5). */
  readonly method: string;
  /** Undefined: as in RFC 2069, without cnonce and count. */
  readonly qop: string | undefined;
  readonly cnonce: string | undefined;
  readonly nonceCount: number | undefined;
  /** Counts with qop `auth-int` only. */
  readonly body: Uint8Array;
}

/** request-digest or response-digest: 32 or 64 hexadecimal digits. */
export function digestResponse(input: DigestInput): string {
  const { algorithm, nonce, uri, method, qop, cnonce = '', nonceCount = 0, body } = input;
  const { hash, session } = algorithm;
  const ha1 = session ? hashText(hash, `${input.ha1}:${nonce}:${cnonce}`) : input.ha1;
  const bodyHash = qop === 'auth-int' ? `:${hashHex(hash, body)}` : '';
  const ha2 = hashText(hash, `${method}:${uri}${bodyHash}`);
  if (qop === undefined) return hashText(hash, `${ha1}:${nonce}:${ha2}`);
  return hashText(hash, `${ha1}:${nonce}:${formatNonceCount(nonceCount)}:${cnonce}:${qop}:${ha2}`);
}

/** Whether two texts of hexadecimal digits are equal, in a time that depends on their lengths only. */
export function isSameDigest(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}

function hashText(hash: DigestHash, text: string): string {
  return hashHex(hash, encodeUtf8(text));
}

function hashHex(hash: DigestHash, octets: Uint8Array): string {
  return bytesToHex(functions[hash](octets));
}

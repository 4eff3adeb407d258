/**
 * The self-contained access token of RFC 7635 6.2: what the WAF tells the TURN server through the client, which cannot
 * read it.
 *
 *     token   = nonce length (2) | nonce (12) | AES-GCM of content, tag (16) at its end
 *     content = mac key length (2) | mac key | timestamp (8) | lifetime (4)
 *
 * Numbers are big-endian. The timestamp counts 48 bits of seconds and 16 of their 64,000th parts. The name of the
 * server that the token is for is authenticated with it (RFC 7635 6.2, associated data) and not part of it.
 *
 * @module
 */
import { gcm } from '@noble/ciphers/aes.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type AsRsKey, keyLengths } from './as-rs-key.ts';
import { TurnAccessTokenMalformed, TurnAccessTokenNotAuthentic } from './errors.ts';

export interface AccessTokenContent {
  readonly macKey: Uint8Array;
  /** Unix seconds, below 2^48. */
  readonly seconds: number;
  /** 64,000th parts of a second. */
  readonly fraction: number;
  readonly lifetimeSeconds: number;
}

export interface AccessTokenSeal {
  readonly asRsKey: AsRsKey;
  /** As in THIRD-PARTY-AUTHORIZATION (RFC 7635 6.1). */
  readonly serverName: string;
}

/** The only length that AES-GCM takes in RFC 5116 5.1. */
export const nonceOctets = 12;
/** HMAC-SHA-1 wants 20 octets, HMAC-SHA-256 32; longer keys than 64 add nothing (RFC 2104 3). */
export const minMacKeyOctets = 16;
export const maxMacKeyOctets = 64;

const tagOctets = 16;
const contentOctetsAroundKey = 2 + 8 + 4;
const minTokenOctets = 2 + nonceOctets + contentOctetsAroundKey + tagOctets;
const maxTokenOctets = minTokenOctets + maxMacKeyOctets;

/** @throws {TypeError} the key has not the length of its algorithm. */
export function encodeAccessToken(content: AccessTokenContent, nonce: Uint8Array, seal: AccessTokenSeal): Uint8Array {
  const { macKey, seconds, fraction, lifetimeSeconds } = content;
  const plain = new Uint8Array(contentOctetsAroundKey + macKey.length);
  const view = new DataView(plain.buffer);
  view.setUint16(0, macKey.length);
  plain.set(macKey, 2);
  view.setBigUint64(2 + macKey.length, (BigInt(seconds) << 16n) | BigInt(fraction));
  view.setUint32(10 + macKey.length, lifetimeSeconds);

  const sealed = cipher(seal, nonce).encrypt(plain);
  const token = new Uint8Array(2 + nonceOctets + sealed.length);
  new DataView(token.buffer).setUint16(0, nonceOctets);
  token.set(nonce, 2);
  token.set(sealed, 2 + nonceOctets);
  return token;
}

/**
 * @throws {TurnAccessTokenMalformed}
 * @throws {TurnAccessTokenNotAuthentic}
 * @throws {TypeError} the key has not the length of its algorithm.
 */
export function decodeAccessToken(token: Uint8Array, seal: AccessTokenSeal): AccessTokenContent {
  if (token.length < minTokenOctets || token.length > maxTokenOctets) {
    throw new TurnAccessTokenMalformed(`${minTokenOctets} to ${maxTokenOctets} octets`);
  }
  if (viewOf(token).getUint16(0) !== nonceOctets) {
    throw new TurnAccessTokenMalformed(`a nonce of ${nonceOctets} octets`);
  }
  const plain = open(token, seal);
  const view = viewOf(plain);
  const keyLength = view.getUint16(0);
  if (keyLength !== plain.length - contentOctetsAroundKey || keyLength < minMacKeyOctets) {
    throw new TurnAccessTokenMalformed(`a mac key of ${minMacKeyOctets} to ${maxMacKeyOctets} octets, and its end`);
  }
  return {
    macKey: plain.slice(2, 2 + keyLength),
    // 48 bits: a number holds them exactly.
    seconds: view.getUint16(2 + keyLength) * 0x1_0000_0000 + view.getUint32(4 + keyLength),
    fraction: view.getUint16(8 + keyLength),
    lifetimeSeconds: view.getUint32(10 + keyLength),
  };
}

function open(token: Uint8Array, seal: AccessTokenSeal): Uint8Array {
  const opened = cipher(seal, token.subarray(2, 2 + nonceOctets));
  try {
    return opened.decrypt(token.subarray(2 + nonceOctets));
  } catch {
    // Lengths were checked before: what is left to fail is the tag.
    throw new TurnAccessTokenNotAuthentic();
  }
}

function cipher({ asRsKey, serverName }: AccessTokenSeal, nonce: Uint8Array): ReturnType<typeof gcm> {
  const { algorithm, key } = asRsKey;
  if (key.length !== keyLengths[algorithm]) {
    throw new TypeError(`asRsKey: expected ${keyLengths[algorithm]} octets for ${algorithm}`);
  }
  return gcm(key, nonce, utf8ToBytes(serverName));
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}

/**
 * SipHash-2-4: a keyed 64-bit hash of short texts (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
 *
 * Whoever does not know the key can neither find texts of the same hash nor tell the hash of a text, which is what
 * RFC 3261 16.6 step 8 and 16.11 want of the hashes in a branch. 64-bit words are pairs of 32-bit ones: v[0] is the
 * low half of the first word, v[1] its high half, and so on.
 *
 * @module
 */
import { encodeUtf8 } from '../grammar/utf8.ts';

/** The 16 hexadecimal digits of the hash of `text`. `key` has 16 octets. @throws {TypeError} it has not. */
export function sipHash(key: Uint8Array, text: string): string {
  if (key.length !== 16) throw new TypeError('expected a key of 16 octets');
  const octets = encodeUtf8(text);
  const v = start(key);
  const whole = octets.length - (octets.length % 8);
  for (let at = 0; at < whole; at += 8) absorb(v, wordAt(octets, at), wordAt(octets, at + 4));
  const tail = new Uint8Array(8);
  tail.set(octets.subarray(whole));
  tail[7] = octets.length & 0xff;
  absorb(v, wordAt(tail, 0), wordAt(tail, 4));
  v[4] = word(v, 4) ^ 0xff;
  for (let turn = 0; turn < 4; turn += 1) mix(v);
  const high = word(v, 1) ^ word(v, 3) ^ word(v, 5) ^ word(v, 7);
  const low = word(v, 0) ^ word(v, 2) ^ word(v, 4) ^ word(v, 6);
  return hex(high) + hex(low);
}

/** A key of 16 octets out of a secret text of any length. */
export function sipHashKey(secret: string): Uint8Array {
  const digits = sipHash(new Uint8Array(16), `1${secret}`) + sipHash(new Uint8Array(16), `2${secret}`);
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

function start(key: Uint8Array): Uint32Array {
  const [k0, k1, k2, k3] = [wordAt(key, 0), wordAt(key, 4), wordAt(key, 8), wordAt(key, 12)];
  return Uint32Array.of(
    k0 ^ 0x70736575,
    k1 ^ 0x736f6d65,
    k2 ^ 0x6e646f6d,
    k3 ^ 0x646f7261,
    k0 ^ 0x6e657261,
    k1 ^ 0x6c796765,
    k2 ^ 0x79746573,
    k3 ^ 0x74656462,
  );
}

function absorb(v: Uint32Array, low: number, high: number): void {
  v[6] = word(v, 6) ^ low;
  v[7] = word(v, 7) ^ high;
  mix(v);
  mix(v);
  v[0] = word(v, 0) ^ low;
  v[1] = word(v, 1) ^ high;
}

/** One SipRound. */
function mix(v: Uint32Array): void {
  add(v, 0, 2);
  turnAndXor(v, 2, 0, 13);
  swap(v, 0);
  add(v, 4, 6);
  turnAndXor(v, 6, 4, 16);
  add(v, 0, 6);
  turnAndXor(v, 6, 0, 21);
  add(v, 4, 2);
  turnAndXor(v, 2, 4, 17);
  swap(v, 4);
}

/** Word `to` plus word `from`, with the carry from low to high half. */
function add(v: Uint32Array, to: number, from: number): void {
  const low = word(v, to) + word(v, from);
  v[to + 1] = word(v, to + 1) + word(v, from + 1) + (low > 0xffffffff ? 1 : 0);
  v[to] = low;
}

/** Word `at`, rotated left by less than 32 bits, exclusive-or word `other`. */
function turnAndXor(v: Uint32Array, at: number, other: number, bits: number): void {
  const [low, high] = [word(v, at), word(v, at + 1)];
  v[at] = ((low << bits) | (high >>> (32 - bits))) ^ word(v, other);
  v[at + 1] = ((high << bits) | (low >>> (32 - bits))) ^ word(v, other + 1);
}

/** A rotation by 32 bits. */
function swap(v: Uint32Array, at: number): void {
  const low = word(v, at);
  v[at] = word(v, at + 1);
  v[at + 1] = low;
}

function word(v: Uint32Array, at: number): number {
  return v[at] ?? 0;
}

/** Four octets, the lowest first. */
function wordAt(octets: Uint8Array, at: number): number {
  const octet = (index: number): number => octets[at + index] ?? 0;
  return octet(0) | (octet(1) << 8) | (octet(2) << 16) | (octet(3) << 24);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

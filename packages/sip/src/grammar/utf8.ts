/**
 * UTF-8, with the encoder and decoder that browsers and servers both have.
 *
 * @module
 */

interface Platform {
  readonly TextEncoder: new () => {
    encode(text: string): Uint8Array;
    encodeInto(text: string, octets: Uint8Array): { readonly read: number; readonly written: number };
  };
  readonly TextDecoder: new (label: string, options: object) => { decode(octets: Uint8Array): string };
}

const { TextEncoder, TextDecoder } = globalThis as unknown as Platform;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A buffer of its own costs more than a message: small ones are cut off one that they share. */
const poolOctets = 16_384;
const largestPooled = 4_096;
let pool = new Uint8Array(0);
let poolUsed = 0;

/** The octets of a text and what follows it. They may share their buffer with others: not to be changed. */
export function encodeUtf8With(text: string, tail: Uint8Array): Uint8Array {
  const length = text.length + tail.length;
  const octets = length > largestPooled ? new Uint8Array(length) : takePooled(length);
  const { read, written } = encoder.encodeInto(text, octets);
  if (read === text.length && written === text.length) {
    if (tail.length > 0) octets.set(tail, text.length);
    return octets;
  }
  // Not ASCII: longer than was thought.
  const head = encoder.encode(text);
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

function takePooled(length: number): Uint8Array {
  if (poolUsed + length > pool.length) {
    pool = new Uint8Array(poolOctets);
    poolUsed = 0;
  }
  poolUsed += length;
  return pool.subarray(poolUsed - length, poolUsed);
}

/** The text, or undefined where the octets are no UTF-8. Nothing is replaced and nothing left out. */
export function decodeUtf8(octets: Uint8Array): string | undefined {
  try {
    return decoder.decode(octets);
  } catch {
    return undefined;
  }
}

/** The text, with U+FFFD for what is no UTF-8. For octets that are refused already. */
export function decodeLossy(octets: Uint8Array): string {
  return lossyDecoder.decode(octets);
}

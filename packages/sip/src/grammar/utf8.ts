/**
 * UTF-8, with the encoder and decoder that browsers and servers both have.
 *
 * @module
 */

interface Platform {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new (label: string, options: object) => { decode(octets: Uint8Array): string };
}

const { TextEncoder, TextDecoder } = globalThis as unknown as Platform;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text, or undefined where the octets are no UTF-8. Nothing is replaced and nothing left out. */
export function decodeUtf8(octets: Uint8Array): string | undefined {
  try {
    return decoder.decode(octets);
  } catch {
    return undefined;
  }
}

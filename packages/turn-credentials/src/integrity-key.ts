/**
 * Which octets of the mac key make MESSAGE-INTEGRITY (RFC 7635 4.2).
 *
 * @module
 */

/** `rfc7635`: all of them. `coturn`: the first 16, which is what coturn (seen with 4.6.1) keys its HMAC-SHA-1 with. */
export type TurnKeying = 'rfc7635' | 'coturn';

const coturnOctets = 16;

/** A view of `macKey`. Client and server must agree on the keying: with another one they get 401. */
export function integrityKeyOf(macKey: Uint8Array, keying: TurnKeying): Uint8Array {
  return keying === 'coturn' ? macKey.subarray(0, coturnOctets) : macKey;
}

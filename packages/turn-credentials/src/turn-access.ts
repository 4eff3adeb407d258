/**
 * Access to a TURN server by token (TS 33.203 X.5.3, RFC 7635): made by the WAF, read by the TURN server. The client
 * shows the token and proves that it knows the mac key bound to it.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  type AccessTokenSeal,
  decodeAccessToken,
  encodeAccessToken,
  maxMacKeyOctets,
  minMacKeyOctets,
  nonceOctets,
} from './access-token.ts';
import { TurnAccessTokenExpired } from './errors.ts';

export interface TurnAccessSource extends AccessTokenSeal {
  readonly issuedAtMs: number;
  /** 1 to 4,294,967,295. */
  readonly lifetimeSeconds: number;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
  /** 16 to 64 octets; 20 unless given, what HMAC-SHA-1 wants and the only length that coturn takes. */
  readonly macKeyLength?: number | undefined;
}

export interface TurnAccess {
  /** For USERNAME; names a key, not a person (TS 33.203 X.5.3.1 c). */
  readonly kid: string;
  /** For ACCESS-TOKEN. */
  readonly accessToken: Uint8Array;
  /** Key of MESSAGE-INTEGRITY. A secret: it goes to its client only, and into no log. */
  readonly macKey: Uint8Array;
  /** Whole Unix seconds from which token and key are void, but for the grace that servers give. */
  readonly expiresAtSeconds: number;
}

export interface TurnAccessTokenReader extends AccessTokenSeal {
  readonly nowMs: number;
}

export interface TurnAccessToken {
  /** 16 to 64 octets. */
  readonly macKey: Uint8Array;
  readonly issuedAtMs: number;
  readonly lifetimeSeconds: number;
  /** As in {@link TurnAccess}, without the grace. */
  readonly expiresAtSeconds: number;
}

/** What clocks may differ by (RFC 7635 7). */
export const turnAccessGraceSeconds = 5;

const maxLifetimeSeconds = 0xffff_ffff;

/**
 * A fresh token with a mac key of its own (TS 33.203 X.5.3.2 step 5, RFC 7635 4.2).
 *
 * @throws {TypeError} a time, a length or what `random` gave is out of range.
 */
export function createTurnAccess(source: TurnAccessSource): TurnAccess {
  const { asRsKey, serverName, issuedAtMs, lifetimeSeconds, macKeyLength = 20 } = source;
  requireWhole('issuedAtMs', issuedAtMs, 0, Number.MAX_SAFE_INTEGER);
  requireWhole('lifetimeSeconds', lifetimeSeconds, 1, maxLifetimeSeconds);
  requireWhole('macKeyLength', macKeyLength, minMacKeyOctets, maxMacKeyOctets);
  const nonce = randomOctets(source, nonceOctets);
  const macKey = randomOctets(source, macKeyLength);
  const seconds = Math.floor(issuedAtMs / 1_000);
  const content = { macKey, seconds, fraction: 64 * (issuedAtMs % 1_000), lifetimeSeconds };
  return {
    kid: asRsKey.kid,
    accessToken: encodeAccessToken(content, nonce, { asRsKey, serverName }),
    macKey,
    expiresAtSeconds: seconds + lifetimeSeconds,
  };
}

/**
 * What a token says, if it was made with the key for that server and its time is not over: 5 seconds of grace are
 * given, in both directions of time (RFC 7635 7).
 *
 * @throws {TurnAccessTokenMalformed}
 * @throws {TurnAccessTokenNotAuthentic}
 * @throws {TurnAccessTokenExpired}
 */
export function readTurnAccessToken(accessToken: Uint8Array, reader: TurnAccessTokenReader): TurnAccessToken {
  const { macKey, seconds, fraction, lifetimeSeconds } = decodeAccessToken(accessToken, reader);
  const issuedAtMs = 1_000 * seconds + Math.floor(fraction / 64);
  if (1_000 * (lifetimeSeconds + turnAccessGraceSeconds) <= Math.abs(reader.nowMs - issuedAtMs))
    throw new TurnAccessTokenExpired();
  return { macKey, issuedAtMs, lifetimeSeconds, expiresAtSeconds: seconds + lifetimeSeconds };
}

/**
 * 32 hexadecimal digits that name a token, for logs, quotas and revocation: WAF and TURN server compute the same, and
 * nobody gets from them to the token.
 */
export function turnAccessTokenId(accessToken: Uint8Array): string {
  return Array.from(sha256(accessToken).subarray(0, 16), (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function randomOctets({ random }: TurnAccessSource, length: number): Uint8Array {
  const octets = random(length);
  if (octets.length !== length) throw new TypeError(`random: expected ${length} octets`);
  return octets;
}

function requireWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new TypeError(`${name}: expected a whole number from ${min} to ${max}`);
}

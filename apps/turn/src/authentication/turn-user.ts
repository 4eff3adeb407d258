/**
 * Who makes requests, and the credential that tells.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import type { IntegrityHash } from '@wicgate/stun';

/** By the eP-CSCF (X.5.2), by the WAF as an access token (X.5.3), or configured. */
export type CredentialKind = 'provisioned' | 'token' | 'static';

export interface Credential {
  readonly kind: CredentialKind;
  /** As in USERNAME: `Tid:Texp`, the kid of an access token, or the name of a static user. */
  readonly username: string;
  /** Names the credential, never a person (TS 33.203 X.5.3.1 c): for quotas, revocation and the log. */
  readonly tid: string;
  /** What no allocation may outlive that was made before; Infinity for static users. */
  readonly expiresAtSeconds: number;
  /** From then on it opens nothing: the same, but for the grace of access tokens. */
  readonly voidFromMs: number;
  /** Key of its integrity attributes. A secret. */
  readonly key: KeyObject;
}

/**
 * Until when what is opened now may last, in Unix milliseconds: the credential's end. Who comes in the grace after that
 * is one whose clock is late, and has the rest of the grace (RFC 7635 7).
 */
export function lastMsOf({ expiresAtSeconds, voidFromMs }: Credential, nowMs: number): number {
  return nowMs < 1_000 * expiresAtSeconds ? 1_000 * expiresAtSeconds : voidFromMs;
}

export interface TurnUser extends Credential {
  /** Which integrity attribute the request had, and its response gets. */
  readonly integrityHash: IntegrityHash;
}

/**
 * Whether the second may go on with what the first began (RFC 8656 5). With tokens that is whoever shows one on the same
 * 5-tuple: the kid names a key, which changes while an allocation lives.
 */
export function isSameUser(first: TurnUser, second: TurnUser): boolean {
  return first.kind === second.kind && (first.kind === 'token' || first.username === second.username);
}

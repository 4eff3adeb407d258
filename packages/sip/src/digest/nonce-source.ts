/**
 * Where the nonces of a server come from (RFC 7616 3.3, 5.4).
 *
 * @module
 */

/** What a nonce is made for; in another context it is foreign. */
export interface NonceContext {
  readonly realm: string;
  /** Anything the nonce is bound to besides, e.g. the flow or the private identity; '' for nothing. */
  readonly bound: string;
}

/** What a nonce that came back is worth. */
export type NonceVerdict =
  | { readonly state: 'current'; readonly issuedAtMs: number; readonly isOld: boolean }
  /** Ours, but its lifetime is over. */
  | { readonly state: 'expired' }
  /** Never ours, made for another context, or forgotten. */
  | { readonly state: 'foreign' };

/** Makes nonces and knows them again; never asked whether one was used before. */
export interface NonceSource {
  create(context: NonceContext): string;
  check(nonce: string, context: NonceContext): NonceVerdict;
}

/** `current` or `expired`; old is what has less than half of its lifetime left. */
export function judgeAge(issuedAtMs: number, nowMs: number, lifetimeMs: number): NonceVerdict {
  const ageMs = nowMs - issuedAtMs;
  if (ageMs >= lifetimeMs) return { state: 'expired' };
  return { state: 'current', issuedAtMs, isOld: ageMs * 2 >= lifetimeMs };
}

/**
 * Opaque values: random ids that a browser holds, and the hash that the store holds instead.
 *
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits in base64url: 43 characters. */
export function createOpaque(): string {
  return randomBytes(32).toString('base64url');
}

/** Answers for any text, so that nothing else reaches the store. */
export function isOpaque(text: string | undefined): text is string {
  return text !== undefined && /^[\w-]{43}$/.test(text);
}

/** SHA-256 in base64url. The ids have 256 bits of their own, so that no salt or slowness is needed. */
export function hashOpaque(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Compares in a time that tells nothing of where two texts differ. */
export function isSameOpaque(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

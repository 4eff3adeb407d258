/**
 * USERHASH: a user name that only who knows it can tell (RFC 8489 14.4).
 *
 * @module
 */
import { createHash } from 'node:crypto';

/** 32 octets. User name and realm must have been prepared by OpaqueString (RFC 8265) already; ASCII text is. */
export function userHash(username: string, realm: string): Buffer {
  return createHash('sha256').update(`${username}:${realm}`).digest();
}

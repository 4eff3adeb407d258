/**
 * Whether provisional responses to an INVITE go out reliably (RFC 3262 3; RFC 3261 8.2.2.3, 21.4.16).
 *
 * @module
 */
import { hasToken } from '../headers/token-list.ts';
import type { SipRequest } from '../messages/message.ts';

/** What the UAS wants of 100rel. */
export type ReliabilityPolicy = 'never' | 'supported' | 'always';

/** What INVITE and policy come to. */
export type Reliability =
  | { readonly type: 'reliable' }
  | { readonly type: 'unreliable' }
  /** Answer with this status code and header field. */
  | { readonly type: 'refuse'; readonly statusCode: 420 | 421; readonly header: readonly [string, string] };

type Wish = 'requires' | 'supports' | 'silent';

const reliable: Reliability = { type: 'reliable' };
const unreliable: Reliability = { type: 'unreliable' };
const unsupported: Reliability = { type: 'refuse', statusCode: 420, header: ['Unsupported', '100rel'] };
const required: Reliability = { type: 'refuse', statusCode: 421, header: ['Require', '100rel'] };

/** What the INVITE says of 100rel, against what the UAS wants. */
export const reliabilityTable: Readonly<Record<Wish, Readonly<Record<ReliabilityPolicy, Reliability>>>> = {
  requires: { never: unsupported, supported: reliable, always: reliable },
  supports: { never: unreliable, supported: reliable, always: reliable },
  silent: { never: unreliable, supported: unreliable, always: required },
};

/** @throws {HeaderMalformed} */
export function decideReliability({ headers }: SipRequest, policy: ReliabilityPolicy): Reliability {
  if (hasToken(headers, 'Require', '100rel')) return reliabilityTable.requires[policy];
  return reliabilityTable[hasToken(headers, 'Supported', '100rel') ? 'supports' : 'silent'][policy];
}

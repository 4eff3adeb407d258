/**
 * Whether candidates may trickle, and how much the first offer has to hold (RFC 8838 3, 16; RFC 8840 3, 5).
 *
 * @module
 */
import { parseRecvInfo } from '../headers/recv-info.ts';
import { hasToken } from '../headers/token-list.ts';
import type { SipMessage } from '../messages/message.ts';

/** Option tag and name of the info package (RFC 8840 10). */
export const trickleIce = 'trickle-ice';
/** Media type of the fragments (RFC 8840 9). */
export const trickleFragmentType = 'application/trickle-ice-sdpfrag';

/** What the far end has said of itself; `unknown` before it has said anything. */
export type TrickleSupport = 'unknown' | 'supported' | 'unsupported';

/**
 * What `message` of the far end says: in a dialog, or a 200 to OPTIONS that went to its GRUU. Both the option tag and
 * the info package have to be there (RFC 8840 5.3).
 *
 * @throws {HeaderMalformed}
 */
export function readTrickleSupport({ headers }: SipMessage): TrickleSupport {
  if (!hasToken(headers, 'Supported', trickleIce) && !hasToken(headers, 'Require', trickleIce)) return 'unsupported';
  const packages = parseRecvInfo(headers.all('Recv-Info').join(','));
  return packages.some(({ name }) => name.toLowerCase() === trickleIce) ? 'supported' : 'unsupported';
}

/** How a description is made. */
export type TrickleMode =
  /** Leaves with what candidates there are; more follow. */
  | 'full'
  /** Holds all candidates of this end; those of the far end may follow. */
  | 'half'
  /** Holds all, and none follow. */
  | 'none';

/** Which description is made. */
export type DescriptionKind = 'initial offer' | 'answer' | 'later offer';

/**
 * Full trickle only where the far end is known to take it; a first offer to somebody unknown trickles half
 * (RFC 8838 16). An answerer knows from the offer.
 */
export const trickleModes: Readonly<Record<DescriptionKind, Readonly<Record<TrickleSupport, TrickleMode>>>> = {
  'initial offer': { unknown: 'half', supported: 'full', unsupported: 'none' },
  'answer': { unknown: 'none', supported: 'full', unsupported: 'none' },
  'later offer': { unknown: 'half', supported: 'full', unsupported: 'none' },
};

/** The ways to learn of the far end's support before the first offer (RFC 8840 5). */
export interface TrickleTarget {
  /** The administrator says that everybody here takes trickle (5.1). */
  readonly isProvisioned: boolean;
  /** The target is a GRUU: OPTIONS reach the same user agent that the INVITE will (5.2). */
  readonly isGruu: boolean;
}

/** What to do before the first offer: offer at once in that mode, or ask by OPTIONS first. */
export function planFirstOffer({ isProvisioned, isGruu }: TrickleTarget): TrickleMode | 'ask by OPTIONS' {
  if (isProvisioned) return trickleModes['initial offer'].supported;
  return isGruu ? 'ask by OPTIONS' : trickleModes['initial offer'].unknown;
}

/**
 * Whoever calls without an identity that the network vouches for (RFC 3323 4.1.1.3, RFC 3325 7).
 *
 * @module
 */
import type { Peer } from '../wic.ts';

export const anonymousPeer: Peer = { uri: 'sip:anonymous@anonymous.invalid', displayName: undefined };

/** Whether nobody but the peer itself knows who it is. */
export function isAnonymous({ uri }: Peer): boolean {
  return uri === anonymousPeer.uri;
}

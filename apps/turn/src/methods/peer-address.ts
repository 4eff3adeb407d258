/**
 * XOR-PEER-ADDRESS of a request, judged (RFC 8656 10.2, 12.2).
 *
 * @module
 */
import { decodeXorAddress, type Endpoint, findAttributes, type StunMessage } from '@wicgate/stun';
import type { PeerPolicy } from '../allocations/peer-policy.ts';
import { RequestRefused } from '../errors.ts';
import type { RelaySocket } from '../relay/relay-socket.ts';

/**
 * The peers that the request names, at least one.
 *
 * @throws {AttributeMalformed}
 * @throws {RequestRefused} 400, 403 or 443
 */
export function readPeers(
  message: StunMessage,
  policy: PeerPolicy,
  relay: Pick<RelaySocket, 'serves'>,
): readonly [Endpoint, ...Endpoint[]] {
  const [first, ...rest] = findAttributes(message, 'XOR-PEER-ADDRESS').map((value) =>
    decodeXorAddress('XOR-PEER-ADDRESS', value, message.transactionId),
  );
  if (first === undefined) throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected XOR-PEER-ADDRESS');
  for (const peer of [first, ...rest]) {
    if (!policy.isAllowed(peer)) throw new RequestRefused('ERR_TURN_FORBIDDEN', 'expected a peer that is not denied');
    if (!relay.serves(peer.family)) {
      throw new RequestRefused('ERR_TURN_PEER_ADDRESS_FAMILY_MISMATCH', 'expected a peer of the family of the relay');
    }
  }
  return [first, ...rest];
}

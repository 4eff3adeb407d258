/**
 * A TURN client (RFC 8656) for Node, and peers for its relay: for tests, measurements and proofs.
 *
 * @module
 */
export { Inbox } from './inbox.ts';
export { type Datagram, openPeer, type Peer } from './peer.ts';
export {
  addressOf,
  channelAttribute,
  encodeUnprotected,
  type Login,
  lifetimeOf,
  outcomeOf,
  peerAttribute,
  type RequestOptions,
  requestedUdp,
  requiredValue,
  type Transport,
  TurnClient,
  textOf,
} from './turn-client.ts';

/**
 * A TURN client (RFC 8656) for Node, and peers for its relay: for tests, measurements and proofs.
 *
 * @module
 */
export { Inbox, NothingArrived } from './inbox.ts';
export {
  integrityKeyFor,
  type Login,
  loginAttributes,
  type MacKeying,
  type PasswordLogin,
  type TokenLogin,
} from './login.ts';
export { type Datagram, openPeer, type Peer } from './peer.ts';
export {
  addressOf,
  channelAttribute,
  encodeUnprotected,
  lifetimeOf,
  outcomeOf,
  peerAttribute,
  type RequestOptions,
  requestedUdp,
  requiredValue,
  TurnClient,
  textOf,
} from './turn-client.ts';
export { openWire, type ServerAddress, type Transport, type Wire } from './wire.ts';

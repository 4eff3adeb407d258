export { EventLog } from './event-log.ts';
export { createRequest, type RequestParts, requestText } from './messages.ts';
export { mutations } from './mutations.ts';
export { connectPlain, connectSecure, type DatagramPeer, openDatagramPeer, RawPeer } from './raw-peer.ts';

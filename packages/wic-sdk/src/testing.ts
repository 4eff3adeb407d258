export { InMemoryBrowser, type InMemoryNetwork, type InMemoryTab } from './testing/in-memory-browser.ts';
export { InMemoryDigest } from './testing/in-memory-digest.ts';
export { type GatewayFlow, type GatewayTransaction, InMemoryGateway } from './testing/in-memory-gateway.ts';
export { InMemoryDevices, InMemoryStream, InMemoryTrack } from './testing/in-memory-media.ts';
export { createPeerConnectionClass, InMemoryIce, InMemoryPeerConnection } from './testing/in-memory-peer-connection.ts';
export { createBroadcastChannelClass, InMemoryLocks, InMemoryStorage } from './testing/in-memory-tabs.ts';
export { createWebSocketClass, type ServerSocket } from './testing/in-memory-web-socket.ts';
export { InMemoryWorld, impuOf, lastCall } from './testing/in-memory-world.ts';
export { VirtualClock } from './testing/virtual-clock.ts';

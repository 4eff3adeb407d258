export { Endpoint, type EndpointOptions, type EndpointUser } from './endpoint.ts';
export type { ListenAddress, TlsIdentity } from './listen-address.ts';
export type { FlowPeer, NodeFlow } from './node-flow.ts';
export type { WebSocketListenerOptions, WebSocketRefusal } from './websocket-listener.ts';

export { Endpoint, type EndpointOptions, type EndpointUser } from './endpoint.ts';
export { Overloaded, ProcessingFailed } from './errors.ts';
export type { ListenAddress, TlsIdentity } from './listen-address.ts';
export type { FlowPeer, NodeFlow } from './node-flow.ts';
export type { TlsDestination } from './tls-connector.ts';
export type { WebSocketListenerOptions, WebSocketRefusal } from './websocket-listener.ts';

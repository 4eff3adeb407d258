/**
 * What an endpoint is told, and whom it tells.
 *
 * @module
 */
import type {
  Callback,
  Resolver,
  ServerEvent,
  ServerTarget,
  ServerTransaction,
  SipError,
  SipRequest,
  SipResponse,
  TransactionUser,
  Transport,
} from '@wicgate/sip';
import type { ConnectionsRefused, FlowEnded } from './errors.ts';
import type { TlsTrust } from './listen-address.ts';
import type { NodeFlow } from './node-flow.ts';

/**
 * What an endpoint tells its program. Each may throw, and may return a promise that is rejected: that is a fault, which
 * ends at most what it was about.
 */
export interface EndpointUser extends TransactionUser<NodeFlow> {
  /** As in {@link TransactionUser}. Where it fails before it has answered, the request is answered 500. */
  readonly onRequest: Callback<[transaction: ServerTransaction<NodeFlow>]>;
  readonly onAck: Callback<[ack: SipRequest, flow: NodeFlow]>;
  readonly onStrayResponse: Callback<[response: SipResponse, flow: NodeFlow]>;
  readonly onServerEvent?: Callback<[transaction: ServerTransaction<NodeFlow>, event: ServerEvent]>;
  /** Somebody connected; nothing has been received yet. Not told of datagrams. Where it fails, the connection ends. */
  readonly onFlowOpened?: Callback<[flow: NodeFlow]>;
  /** `reason` where the endpoint closed it because of its peer. */
  readonly onFlowClosed?: Callback<[flow: NodeFlow, reason?: FlowEnded]>;
  /**
   * A message was dropped, or answered here with the error's status code; or a callback failed. What this one throws
   * becomes a warning of the process, as with the two that follow.
   */
  readonly onFault?: Callback<[flow: NodeFlow, error: SipError]>;
  /** What `inform` of a request threw; `flow` where the request has reached one. Without it: `onFault`, where there is one. */
  readonly onInformFault?: Callback<[error: SipError, flow: NodeFlow | undefined]>;
  /**
   * A listener could not accept a connection, or read; it goes on. A {@link ConnectionsRefused} where its bounds are full,
   * once a second at most.
   */
  readonly onListenerError?: Callback<[listener: string, error: Error]>;
}

/** How `Endpoint.request` finds and reaches servers. */
export interface RequestRouting {
  /** DNS; the resolver of the operating system's settings unless given. */
  readonly resolver?: Resolver | undefined;
  /** Whom TLS servers are proved by, and who we are to them; without it TLS is not spoken. */
  readonly tls?: TlsTrust | undefined;
  /** What is spoken, the one that is liked best first; TLS where `tls` is given, TCP, UDP unless given. */
  readonly transports?: readonly Transport[] | undefined;
  readonly families?: readonly ('IPv4' | 'IPv6')[] | undefined;
  /**
   * Whether that server may be reached at all; every one unless given. A stranger's Route, Request-URI and DNS can name
   * any address, also one that only this process can reach.
   */
  readonly mayReach?: ((target: ServerTarget) => boolean) | undefined;
  /** How many servers are tried for one request; 5 unless given. */
  readonly maxAttempts?: number | undefined;
  /** No attempt begins later than that, in milliseconds; 96,000 unless given. */
  readonly deadlineMs?: number | undefined;
}

export interface EndpointOptions {
  readonly user: EndpointUser;
  /** `host[:port]` for the Via of requests that leave by `transport`. An IPv6 address stands in brackets. */
  readonly sentBy: (transport: string) => string;
  readonly routing?: RequestRouting;
  /**
   * Where a response may go when the way back fails (RFC 3261 18.2.2). `source`, unless given: only to the address that
   * its request came from. `sent-by`: also to `maddr`, and to where RFC 3263 5 leads from the sent-by. Both are a
   * stranger's words: they can aim what this process sends at anybody it can reach.
   */
  readonly responsesTo?: 'source' | 'sent-by';
  /** Connections of one listener; 10,000 unless given. */
  readonly maxConnections?: number;
  /** Connections of one address, or of one IPv6 network of 64 bits, to one listener; 1,000 unless given. */
  readonly maxConnectionsPerAddress?: number;
  /** Connections that this process opens, at a time; 10,000 unless given. */
  readonly maxOutgoingConnections?: number;
  /** Transactions under way beyond which new requests are answered 503; 50,000 unless given. */
  readonly maxTransactions?: number;
  /** The same for one connection of a peer that no certificate names; 500 unless given. */
  readonly maxTransactionsPerConnection?: number;
  /** How long a TLS handshake and an upgrade request may take, in milliseconds; 10,000 unless given. */
  readonly handshakeTimeoutMs?: number;
  /** How long it may take to reach a peer, in milliseconds; 5,000 unless given. */
  readonly connectTimeoutMs?: number;
  /**
   * How long an accepted connection may take to bring its first message, and a TCP or TLS connection to finish one that
   * it began, in milliseconds; 30,000 unless given.
   */
  readonly messageTimeoutMs?: number;
  /**
   * How many octets of datagrams may wait in the operating system, on each UDP socket; it may grant another size. What it
   * gives by itself unless given.
   */
  readonly recvBufferSize?: number | undefined;
  /** A TCP or TLS connection on which nothing moves for so long is closed, in milliseconds; 600,000 unless given. */
  readonly idleTimeoutMs?: number;
}

/** With a value for each but one, which the operating system has. */
export type CompleteOptions = Required<Omit<EndpointOptions, 'recvBufferSize'>> &
  Pick<EndpointOptions, 'recvBufferSize'>;

export const defaultOptions: Omit<CompleteOptions, 'user' | 'sentBy'> = {
  routing: {},
  responsesTo: 'source',
  maxConnections: 10_000,
  maxConnectionsPerAddress: 1_000,
  maxOutgoingConnections: 10_000,
  maxTransactions: 50_000,
  maxTransactionsPerConnection: 500,
  handshakeTimeoutMs: 10_000,
  connectTimeoutMs: 5_000,
  messageTimeoutMs: 30_000,
  idleTimeoutMs: 600_000,
};

/**
 * UDP: one socket, a flow for each remote address (RFC 3261 18).
 *
 * @module
 */
import type { RemoteInfo, Socket } from 'node:dgram';
import {
  formatMessage,
  isRequest,
  parseMessage,
  parseVia,
  SipError,
  type SipMessage,
  TransportFailed,
} from '@wicgate/sip';
import type { FlowEvents } from './flow-events.ts';
import type { FlowPeer, NodeFlow } from './node-flow.ts';

export interface DatagramSocketOptions {
  readonly listener: string;
  readonly sentBy: string;
  readonly events: FlowEvents;
}

/** Reads datagrams from `socket` and hands each on with the flow back to its sender. */
export function readDatagrams(socket: Socket, { listener, sentBy, events }: DatagramSocketOptions): void {
  socket.on('message', (octets, remote) => {
    // Keep-alives (RFC 5626 4.4) and other specks are no messages.
    if (octets.length <= 4) return;
    const flow = new DatagramFlow(socket, remote, listener, sentBy);
    try {
      events.message(parseMessage(octets), flow);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      events.fault(flow, error, octets);
    }
  });
}

class DatagramFlow implements NodeFlow {
  readonly transport = 'UDP';
  readonly reliable = false;
  readonly isOpen = true;
  readonly sentBy: string;
  readonly listener: string;
  readonly peer: FlowPeer;
  readonly #socket: Socket;

  constructor(socket: Socket, { address, port }: RemoteInfo, listener: string, sentBy: string) {
    this.#socket = socket;
    this.listener = listener;
    this.sentBy = sentBy;
    this.peer = { address, port, certificateNames: [], tlsSession: undefined };
  }

  async send(message: SipMessage): Promise<void> {
    const { address } = this.peer;
    const port = isRequest(message) ? this.peer.port : this.#responsePort(message);
    const octets = formatMessage(message);
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(octets, port, address, (cause) => (cause ? reject(cause) : resolve()));
    }).catch((cause: unknown) => {
      throw new TransportFailed('the datagram could not be sent', { cause });
    });
  }

  /** Nothing to close: the socket serves others too. */
  close(): void {}

  /** RFC 3261 18.2.2 and RFC 3581 4: the source port where rport asks for it, else the port in Via. */
  #responsePort(response: SipMessage): number {
    const via = parseVia(response.headers.first('Via') ?? '');
    return via.params.has('rport') ? this.peer.port : (via.port ?? 5_060);
  }
}

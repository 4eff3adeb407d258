/**
 * UDP: one socket, a flow for each remote address (RFC 3261 18).
 *
 * @module
 */
import type { Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import {
  defaultPorts,
  formatMessage,
  isRequest,
  parseMessage,
  parseVia,
  SipError,
  type SipMessage,
  type SipResponse,
  TransportFailed,
} from '@wicgate/sip';
import { isUnicast, plainAddress, withoutBrackets } from './address.ts';
import type { FlowEvents } from './flow-events.ts';
import type { FlowPeer, NodeFlow } from './node-flow.ts';

export interface DatagramSocketOptions {
  /** Undefined on a socket that only sends requests of ours and takes their answers. */
  readonly listener: string | undefined;
  readonly sentBy: string;
  readonly events: FlowEvents;
  /** Whether `maddr` may lead a response to another address than its request came from (RFC 3261 18.2.2). */
  readonly followsMaddr: boolean;
}

/** With this much waiting in the socket further datagrams are refused, in octets. */
const maxQueuedOctets = 1_048_576;
/** RFC 8489 5, in octets 4 to 7. */
const stunCookie = 0x2112a442;

/** Reads datagrams from `socket` and hands each on with the flow back to its sender. */
export function readDatagrams(socket: Socket, options: DatagramSocketOptions): void {
  const { events } = options;
  socket.on('message', (octets, { address, port }) => {
    if (isKeepAlive(octets)) return;
    const flow = new DatagramFlow(socket, { address, port }, options);
    try {
      events.message(parseMessage(octets), flow);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      events.fault(flow, error, octets);
    }
  });
}

/** Empty lines, single octets and STUN: they keep a NAT open (RFC 5626 4.4.2) and are no messages. */
function isKeepAlive(octets: Buffer): boolean {
  if (octets.length <= 4) return true;
  return octets.length >= 20 && (octets[0] ?? 0) < 4 && octets.readUInt32BE(4) === stunCookie;
}

export class DatagramFlow implements NodeFlow {
  readonly transport = 'UDP';
  readonly reliable = false;
  readonly isOpen = true;
  readonly sentBy: string;
  readonly listener: string | undefined;
  readonly peer: FlowPeer;
  readonly #socket: Socket;
  /** As the socket wants it: with its zone, and an IPv4 address of a socket of both families as it came. */
  readonly #address: string;
  readonly #followsMaddr: boolean;

  constructor(
    socket: Socket,
    remote: { readonly address: string; readonly port: number },
    { listener, sentBy, followsMaddr }: DatagramSocketOptions,
  ) {
    this.#socket = socket;
    this.#address = remote.address;
    this.#followsMaddr = followsMaddr;
    this.listener = listener;
    this.sentBy = sentBy;
    this.peer = {
      address: plainAddress(remote.address),
      port: remote.port,
      certificateNames: [],
      tlsSession: undefined,
    };
  }

  async send(message: SipMessage): Promise<void> {
    const place = isRequest(message) ? { address: this.#address, port: this.peer.port } : this.#wayBack(message);
    const octets = formatMessage(message);
    await new Promise<void>((resolve, reject) => {
      if (this.#socket.getSendQueueSize() > maxQueuedOctets) throw new Error('the queue of the socket is full');
      this.#socket.send(octets, place.port, place.address, (cause) => (cause ? reject(cause) : resolve()));
    }).catch((cause: unknown) => {
      throw new TransportFailed('the datagram could not be sent', { cause });
    });
  }

  /** Nothing to close: the socket serves others too. */
  close(): void {}

  /** RFC 3261 18.2.2 and RFC 3581 4: the source port where rport asks for it, else the port in Via. */
  #wayBack(response: SipResponse): { readonly address: string; readonly port: number } {
    const { params, port = defaultPorts.UDP } = parseVia(response.headers.first('Via') ?? '');
    const maddr = withoutBrackets(params.get('maddr') ?? '');
    if (this.#followsMaddr && isUnicast(maddr) && isIPv4(maddr) === isIPv4(this.peer.address)) {
      return { address: this.#address.startsWith('::ffff:') ? `::ffff:${maddr}` : maddr, port };
    }
    return { address: this.#address, port: params.has('rport') ? this.peer.port : port };
  }
}

/**
 * The clients of one UDP listener, remembered by where their datagrams come from.
 *
 * Most datagrams are media, and come from whom the last ones came from: what is known of a source is made once, not for
 * each of them.
 *
 * @module
 */
import type { RemoteInfo, Socket } from 'node:dgram';
import type { Endpoint } from '@wicgate/stun';
import type { ClientFlow } from './client-flow.ts';
import { sourceEndpoint } from './source-endpoint.ts';

/** What may wait in the socket before media is dropped, and before responses are. */
const maxQueuedMediaOctets = 1_048_576;
const maxQueuedOctets = 2_097_152;
/** Then all are forgotten, and remembered when they send again: it costs them nothing but time. */
const maxRemembered = 16_384;

export class UdpFlows {
  readonly #socket: Socket;
  readonly #listenerPort: number;
  /** The last source with each port: of two that share one, each is made anew while they take turns. */
  readonly #byPort = new Map<number, UdpFlow>();

  /** @param listenerPort tells the 5-tuple from that of the same source at another port of this server. */
  constructor(socket: Socket, listenerPort: number) {
    this.#socket = socket;
    this.#listenerPort = listenerPort;
  }

  /** Undefined for port 0, which nobody can be answered at: a forged source. */
  of({ address, port }: Pick<RemoteInfo, 'address' | 'port'>): ClientFlow | undefined {
    if (port === 0) return undefined;
    const known = this.#byPort.get(port);
    if (known?.address === address) return known;
    const flow = new UdpFlow(this.#socket, this.#listenerPort, address, port);
    if (known === undefined && this.#byPort.size >= maxRemembered) this.#byPort.clear();
    this.#byPort.set(port, flow);
    return flow;
  }
}

class UdpFlow implements ClientFlow {
  readonly transport = 'UDP';
  readonly key: string;
  readonly remote: Endpoint;
  /** As the socket told it: of a link-local one the zone is needed to answer. */
  readonly address: string;
  readonly #socket: Socket;

  constructor(socket: Socket, listenerPort: number, address: string, port: number) {
    this.#socket = socket;
    this.address = address;
    this.key = `UDP ${address} ${port} ${listenerPort}`;
    this.remote = sourceEndpoint(address, port);
  }

  sendResponse(octets: Buffer): void {
    if (this.#socket.getSendQueueSize() > maxQueuedOctets) return;
    this.#socket.send(octets, this.remote.port, this.address);
  }

  sendMedia(octets: Buffer): boolean {
    if (this.#socket.getSendQueueSize() > maxQueuedMediaOctets) return false;
    this.#socket.send(octets, this.remote.port, this.address);
    return true;
  }
}

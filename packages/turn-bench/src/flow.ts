/**
 * One allocation that carries media: a client, its peer, and packets of which a fixed number is on the way.
 *
 * A packet that arrives sends the next one, so that nothing is sent faster than it is relayed.
 *
 * @module
 */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { attribute, channelHeaderLength, type Endpoint, encodeChannelData, encodeMessage, method } from '@wicgate/stun';
import { Inbox, type Login, outcomeOf, peerAttribute, type ServerAddress, TurnClient } from '@wicgate/turn-client';
import type { MediaCase } from './media-case.ts';

/** Ports of these are not those of the relay. */
const clientHost = '127.1.0.1';
const peerHost = '127.2.0.1';
const channel = 0x4000;

/** Where a {@link Flow} counts what it received and what it sent. */
export const [receivedAt, sentAt] = [0, 1] as const;

export class Flow {
  /** Grows with each packet that arrives. */
  arrivals = 0;
  readonly #tally: Float64Array;
  readonly #client: Socket;
  readonly #peer: Socket;
  readonly #peerEndpoint: Endpoint;
  readonly #turn: TurnClient;
  readonly #answers: Inbox<Buffer>;
  #onClient: (octets: Buffer) => void = () => undefined;
  #onPeer: (octets: Buffer) => void = () => undefined;

  private constructor(client: Socket, peer: Socket, tally: Float64Array) {
    this.#tally = tally;
    this.#client = client;
    this.#peer = peer;
    this.#peerEndpoint = { family: 'IPv4', address: peerHost, port: peer.address().port };
    const inbox = new Inbox<Buffer>();
    this.#answers = inbox;
    this.#onClient = (octets) => inbox.put(octets);
    this.#turn = TurnClient.over({
      inbox,
      ended: new Promise(() => undefined),
      localPort: client.address().port,
      send: (octets) => client.send(octets),
      pause: () => undefined,
      close: () => client.close(),
    });
    client.on('message', (octets) => this.#onClient(octets));
    peer.on('message', (octets) => this.#onPeer(octets));
  }

  /** Has an allocation, and a permission for its peer. */
  static async open(server: ServerAddress, login: Login, tally: Float64Array): Promise<Flow> {
    const [client, peer] = [await bind(clientHost), await bind(peerHost)];
    await connect(client, server.host, server.port);
    const flow = new Flow(client, peer, tally);
    const relayed = await flow.#turn.allocate(login);
    requireSuccess(await flow.#turn.permit(flow.#peerEndpoint), 'CreatePermission');
    await connect(peer, relayed.address, relayed.port);
    return flow;
  }

  async bindChannel(): Promise<void> {
    this.#onClient = (octets) => this.#answers.put(octets);
    requireSuccess(await this.#turn.bind(channel, this.#peerEndpoint), 'ChannelBind');
  }

  /** Sends the first `window` packets; the others follow those that arrive. */
  start(media: MediaCase, window: number): void {
    const [from, to] = media.direction === 'to peer' ? [this.#client, this.#peer] : [this.#peer, this.#client];
    const packet = this.#encode(media);
    const expected = media.direction === 'to peer' ? media.payload : minimumLength(media);
    this.#receive(to, (octets) => {
      if (octets.length < expected) return;
      this.#count(receivedAt);
      this.#count(sentAt);
      from.send(packet);
    });
    for (let sent = 0; sent < window; sent += 1) {
      this.#count(sentAt);
      from.send(packet);
    }
  }

  /** What is still on the way is counted. */
  stop(): void {
    for (const socket of [this.#client, this.#peer]) this.#receive(socket, () => this.#count(receivedAt));
  }

  close(): void {
    this.#client.close();
    this.#peer.close();
  }

  #receive(socket: Socket, onArrival: (octets: Buffer) => void): void {
    if (socket === this.#peer) this.#onPeer = onArrival;
    else this.#onClient = onArrival;
  }

  #count(at: typeof receivedAt | typeof sentAt): void {
    this.#tally[at] = (this.#tally[at] ?? 0) + 1;
    if (at === receivedAt) this.arrivals += 1;
  }

  #encode({ framing, direction, payload }: MediaCase): Buffer {
    const data = Buffer.alloc(payload, 0x80);
    if (direction === 'to client') return data;
    if (framing === 'ChannelData') return encodeChannelData(channel, data, false);
    const transactionId = Buffer.alloc(12, 1);
    const attributes = [peerAttribute(this.#peerEndpoint, transactionId), attribute('DATA', data)];
    return encodeMessage(
      { class: 'indication', method: method.Send, transactionId, attributes },
      { integrityKey: undefined, fingerprint: false },
    );
  }
}

function minimumLength({ framing, payload }: MediaCase): number {
  return payload + (framing === 'ChannelData' ? channelHeaderLength : 20 + 12 + 4);
}

function requireSuccess(answer: Parameters<typeof outcomeOf>[0], name: string): void {
  if (outcomeOf(answer) !== 'success') throw new Error(`expected success of ${name}, got ${outcomeOf(answer)}`);
}

async function bind(host: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1_048_576 });
  socket.bind({ address: host, port: 0, exclusive: true });
  await once(socket, 'listening');
  // An engine that is gone shows up here; its end is noticed elsewhere.
  socket.on('error', () => undefined);
  return socket;
}

async function connect(socket: Socket, host: string, port: number): Promise<void> {
  socket.connect(port, host);
  await once(socket, 'connect');
}

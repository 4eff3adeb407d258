/**
 * Allocations that are made and held, each from a port of its own.
 *
 * @module
 */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { method } from '@wicgate/stun';
import {
  Inbox,
  type Login,
  NothingArrived,
  outcomeOf,
  requestedUdp,
  type ServerAddress,
  TurnClient,
} from '@wicgate/turn-client';

/** Ports of this are not those of the relay. */
const clientHost = '127.1.0.1';

export class HeldAllocations {
  readonly #server: ServerAddress;
  readonly #login: Login;
  readonly #sockets: Socket[] = [];

  constructor(server: ServerAddress, login: Login) {
    this.#server = server;
    this.#login = login;
  }

  /**
   * Makes so many more, or fewer where the engine refuses one or does not answer; how many there are then. Each takes two requests: one to
   * be challenged, and one that is granted.
   */
  async allocate(count: number, concurrency: number): Promise<number> {
    let left = count;
    let granted = 0;
    const takeTurns = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        if (await this.#allocateOne()) granted += 1;
        else left = 0;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, takeTurns));
    return granted;
  }

  close(): number {
    for (const socket of this.#sockets.splice(0)) socket.close();
    return this.#sockets.length;
  }

  async #allocateOne(): Promise<boolean> {
    const socket = createSocket('udp4');
    this.#sockets.push(socket);
    socket.bind({ address: clientHost, port: 0, exclusive: true });
    await once(socket, 'listening');
    const inbox = new Inbox<Buffer>();
    socket.on('message', (octets) => inbox.put(octets));
    socket.on('error', () => undefined);
    const client = TurnClient.over({
      inbox,
      ended: new Promise(() => undefined),
      localPort: socket.address().port,
      send: (octets) => socket.send(octets, this.#server.port, this.#server.host),
      pause: () => undefined,
      close: () => socket.close(),
    });
    try {
      await client.challenge(this.#login);
      return outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] })) === 'success';
    } catch (error) {
      if (error instanceof NothingArrived) return false;
      throw error;
    }
  }
}

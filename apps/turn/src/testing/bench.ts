/**
 * What one test has opened, to be closed after it.
 *
 * @module
 */
import { openPeer, type Peer, type ServerAddress, type Transport, TurnClient } from '@wicgate/turn-client';
import { Operator } from './operator.ts';
import { startTestServer, type TestServer, testCredential } from './test-server.ts';

export class Bench {
  readonly #closing: (() => Promise<void> | void)[] = [];

  async server(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const server = await startTestServer(settings);
    this.#closing.push(() => server.stop());
    return server;
  }

  /** Of that address of the server, where it is not the usual one. */
  async client(transport: Transport, server: TestServer, address?: ServerAddress): Promise<TurnClient> {
    const client = await TurnClient.open(transport, address ?? server.address);
    this.#closing.push(() => client.close());
    return client;
  }

  async peer(host?: string): Promise<Peer> {
    const peer = await openPeer(host);
    this.#closing.push(() => peer.close());
    return peer;
  }

  async operator({ operations }: TestServer): Promise<Operator> {
    const operator = await Operator.at(operations);
    this.#closing.push(() => operator.close());
    return operator;
  }

  /** A client with an allocation, whose relayed address is `relayed`. */
  async allocated(transport: Transport, server: TestServer): Promise<Allocated> {
    const client = await this.client(transport, server);
    return { client, relayed: await client.allocate(testCredential(server.clock)) };
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }
}

export interface Allocated {
  readonly client: TurnClient;
  readonly relayed: Awaited<ReturnType<TurnClient['allocate']>>;
}

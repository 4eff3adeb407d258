/**
 * What one case works with: clients, peers and credentials, all closed when it is over.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { type Endpoint, method, type StunAttribute } from '@wicgate/stun';
import {
  addressOf,
  lifetimeOf,
  openPeer,
  outcomeOf,
  type PasswordLogin,
  type Peer,
  requestedUdp,
  type ServerAddress,
  type Transport,
  TurnClient,
} from '@wicgate/turn-client';
import { createTurnCredential, turnPassword } from '@wicgate/turn-credentials';
import { type RunningEngine, secret } from './engine-process.ts';

export interface Allocated {
  readonly client: TurnClient;
  readonly relayed: Endpoint;
  readonly peer: Peer;
}

export class Stand {
  readonly engine: RunningEngine;
  readonly #clients: TurnClient[] = [];
  readonly #peers: Peer[] = [];

  constructor(engine: RunningEngine) {
    this.engine = engine;
  }

  /** A client that has not asked for anything. */
  async client(transport: Transport = 'UDP', host = this.engine.host): Promise<TurnClient> {
    const { port, tlsPort, ca } = this.engine;
    const address = { host, port: transport === 'TLS' ? tlsPort : port, ca, serverName: 'localhost' };
    const client = await openFromNewPort(this.engine, transport, address);
    this.#clients.push(client);
    if (this.engine.name === 'node-turn') mayAskAgain.add(client);
    return client;
  }

  /** A client that has realm and nonce, and a credential that is good. */
  async challenged(login: PasswordLogin = this.credential(), transport: Transport = 'UDP'): Promise<TurnClient> {
    const client = await this.client(transport);
    await client.challenge(login);
    return client;
  }

  /** A client with an allocation, and a peer that it has no permission for yet. */
  async allocated(transport: Transport = 'UDP', attributes: readonly StunAttribute[] = []): Promise<Allocated> {
    const client = await this.client(transport);
    await client.challenge(this.credential());
    const relayed = addressOf(await allocate(client, attributes), 'XOR-RELAYED-ADDRESS');
    return { client, relayed, peer: await this.peer() };
  }

  /** The same, with the permission. */
  async permitted(transport: Transport = 'UDP'): Promise<Allocated> {
    const allocated = await this.allocated(transport);
    await allocated.client.permit(allocated.peer.endpoint);
    return allocated;
  }

  async peer(host = '127.0.0.1'): Promise<Peer> {
    const peer = await openPeer(host);
    this.#peers.push(peer);
    return peer;
  }

  /** As the eP-CSCF makes them (TS 33.203 X.5.2.2 step 3). */
  credential(lifetimeSeconds = 600, key = secret): PasswordLogin {
    return createTurnCredential({
      key: Buffer.from(key),
      expiresAtSeconds: inSeconds(lifetimeSeconds),
      random: (length) => randomBytes(length),
    });
  }

  /** A right password for whatever user name. */
  loginAs(username: string): PasswordLogin {
    return { username, password: turnPassword(Buffer.from(secret), username) };
  }

  /** Ends the allocations too: they count in quotas. */
  close(): void {
    for (const client of this.#clients.splice(0)) {
      if (client.login !== undefined) {
        client.sendRaw(client.encodeRequest(method.Refresh, { attributes: [lifetimeOf(0)] }));
      }
      client.close();
    }
    for (const peer of this.#peers.splice(0)) peer.close();
  }
}

/**
 * A client at a port that no client of this engine had before: coturn keeps a 5-tuple for a while after Refresh 0, and
 * answers 437 to who comes from there again.
 */
async function openFromNewPort(
  engine: RunningEngine,
  transport: Transport,
  address: ServerAddress,
): Promise<TurnClient> {
  const used = usedPorts.get(engine) ?? new Set<string>();
  usedPorts.set(engine, used);
  for (let attempt = 1; ; attempt += 1) {
    const client = await TurnClient.open(transport, address);
    const from = `${transport} ${address.host} ${client.localPort}`;
    if (!used.has(from) || attempt === maxAttempts) {
      used.add(from);
      return client;
    }
    client.close();
  }
}

const usedPorts = new WeakMap<RunningEngine, Set<string>>();

/** node-turn asks for one port only: where somebody else holds that (508), it may choose again. */
const mayAskAgain = new WeakSet<TurnClient>();

/** The answer to an Allocate with the credential of the client. */
export async function allocate(
  client: TurnClient,
  more: readonly StunAttribute[] = [],
): ReturnType<TurnClient['request']> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp, ...more] });
    if (outcomeOf(answer) !== 'error 508' || !mayAskAgain.has(client) || attempt === maxAttempts) return answer;
  }
}

const maxAttempts = 3;

/** Unix time, so far from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

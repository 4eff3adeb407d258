/**
 * Connections that this process opens: one to each peer, shared while it is open (RFC 3261 18.1.1, RFC 5923).
 *
 * @module
 */
import { TransportFailed } from '@wicgate/sip';
import { hostPort } from './address.ts';
import type { NodeFlow } from './node-flow.ts';

/** Opens a connection; calls `forget` when it, made or not, has come to its end. @throws {TransportFailed} rejects. */
export type Connect = (forget: () => void) => Promise<NodeFlow>;

/** How many ports of its own address a peer may take requests for on one connection. */
const maxAliasesPerFlow = 4;

export class ConnectionPool {
  readonly #maxConnections: number;
  /** Connections, and those being opened, by destination. */
  readonly #known = new Map<string, Promise<NodeFlow>>();
  /** Connections that peers opened, by `address:port` that they take requests for. */
  readonly #aliases = new Map<string, Set<NodeFlow>>();
  readonly #aliasesOf = new Map<NodeFlow, Set<string>>();
  #isStopped = false;

  constructor(maxConnections: number) {
    this.#maxConnections = maxConnections;
  }

  /**
   * The connection known by `key`; one that `connect` opens where there is none.
   *
   * @throws {TransportFailed} it cannot be opened, there are too many, or this process stops.
   */
  async open(key: string, connect: Connect): Promise<NodeFlow> {
    for (let known = this.#known.get(key); known !== undefined; known = this.#known.get(key)) {
      const flow = await known;
      if (flow.isOpen) return flow;
      // It is on its way out; 'close' has not come yet.
      if (this.#known.get(key) === known) this.#known.delete(key);
    }
    if (this.#isStopped) throw new TransportFailed('this endpoint has stopped');
    if (this.#known.size >= this.#maxConnections) throw new TransportFailed('there are too many connections');
    const forget = (): void => {
      if (this.#known.get(key) === opening) this.#known.delete(key);
    };
    const opening = connect(forget);
    this.#known.set(key, opening);
    // What failed before there was a socket has none that could close.
    opening.catch(forget);
    return opening;
  }

  /** Remembers that the peer of `flow`, whom its certificate names, takes requests for `port` on it (RFC 5923 5). */
  addAlias(flow: NodeFlow, port: number): void {
    const key = hostPort(flow.peer.address, port);
    const own = this.#aliasesOf.get(flow) ?? new Set();
    if (own.has(key) || own.size >= maxAliasesPerFlow || !flow.isOpen) return;
    this.#aliasesOf.set(flow, own.add(key));
    this.#aliases.set(key, (this.#aliases.get(key) ?? new Set()).add(flow));
  }

  /**
   * A connection that the peer at `address` opened itself and that its certificate names `serverName` on (RFC 5923 5):
   * an address alone proves nothing, several peers may share it.
   */
  findAlias(address: string, port: number, serverName: string): NodeFlow | undefined {
    for (const flow of this.#aliases.get(hostPort(address, port)) ?? []) {
      if (flow.isOpen && flow.peer.certificateNames.includes(serverName.toLowerCase())) return flow;
    }
    return undefined;
  }

  /** The flow has closed. */
  forget(flow: NodeFlow): void {
    for (const key of this.#aliasesOf.get(flow) ?? []) {
      const flows = this.#aliases.get(key);
      flows?.delete(flow);
      if (flows?.size === 0) this.#aliases.delete(key);
    }
    this.#aliasesOf.delete(flow);
  }

  /** Opens nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }
}

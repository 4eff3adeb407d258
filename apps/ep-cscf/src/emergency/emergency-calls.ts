/**
 * The emergency calls that are up, and the connections that they are on, each by a name that no registration has.
 *
 * A connection is spared as long as a call on it is up: no deadline and no refusal ends it. So that nobody lives on that,
 * or floods those who help, calls are few a connection and an address, and so are tries.
 *
 * @module
 */
import { networkOf } from '@wicgate/node-kit';
import type { Clock } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { TooManyRequests } from '../errors.ts';
import { type FlowName, flowKey } from '../registration/flow-name.ts';
import type { RegisteredFlow } from '../registration/registered-flows.ts';
import { TokenBucket } from '../w2/token-bucket.ts';

export interface EmergencyCallsOptions {
  readonly clock: Clock;
  /** Calls up at a time from one address, of IPv6 one /64; as many may be tried in a minute. */
  readonly maxPerAddress: number;
  /** The last call on a connection has ended. */
  readonly onIdle: (connection: NodeFlow) => void;
}

interface Caller {
  readonly flow: RegisteredFlow;
  /** By Call-ID, how many INVITEs of it may still become the call, or have. */
  readonly calls: Map<string, number>;
  readonly tries: TokenBucket;
}

interface Address {
  calls: number;
  readonly tries: TokenBucket;
}

const maxPerConnection = 2;
const triesPerMinute = 10;
const maxIdleAddresses = 10_000;
const retryAfterSeconds = 5;

export class EmergencyCalls {
  readonly #options: EmergencyCallsOptions;
  readonly #byConnection = new Map<NodeFlow, Caller>();
  readonly #byName = new Map<string, Caller>();
  /** Those that called once, the oldest first. */
  readonly #byAddress = new Map<string, Address>();

  constructor(options: EmergencyCallsOptions) {
    this.#options = options;
  }

  /** Calls that are up, or are tried. */
  get size(): number {
    return [...this.#byAddress.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  /**
   * A call is tried, and up until {@link end}; the flow that its dialog belongs to.
   *
   * @param instance names the connection, and nobody knows it beforehand.
   * @throws {TooManyRequests}
   */
  start(connection: NodeFlow, instance: string, callId: string): RegisteredFlow {
    const caller = this.#callerOf(connection, instance);
    const address = this.#addressOf(connection);
    const isNew = !caller.calls.has(callId);
    const isFull = isNew && (caller.calls.size >= maxPerConnection || address.calls >= this.#options.maxPerAddress);
    if (isFull || !caller.tries.take() || !address.tries.take()) throw new TooManyRequests(retryAfterSeconds);
    if (connection.isOpen) {
      caller.calls.set(callId, (caller.calls.get(callId) ?? 0) + 1);
      if (isNew) address.calls += 1;
    }
    return caller.flow;
  }

  /** A try came to nothing: the call ends, unless it is up by another one. */
  fail(connection: NodeFlow, callId: string): void {
    const calls = this.#byConnection.get(connection)?.calls;
    const tries = calls?.get(callId) ?? 0;
    if (tries > 1) calls?.set(callId, tries - 1);
    else this.end(connection, callId);
  }

  /** The call has ended. */
  end(connection: NodeFlow, callId: string): void {
    const caller = this.#byConnection.get(connection);
    if (caller?.calls.delete(callId) !== true) return;
    this.#addressOf(connection).calls -= 1;
    if (caller.calls.size === 0) this.#options.onIdle(connection);
  }

  /** Whether a call is up on it. */
  isUp(connection: NodeFlow): boolean {
    return (this.#byConnection.get(connection)?.calls.size ?? 0) > 0;
  }

  /** What its dialogs belong to, those that have ended too: a last answer may be on its way. */
  ofConnection(connection: NodeFlow): RegisteredFlow | undefined {
    return this.#byConnection.get(connection)?.flow;
  }

  find(name: FlowName): RegisteredFlow | undefined {
    return this.#byName.get(flowKey(name))?.flow;
  }

  connectionClosed(connection: NodeFlow): void {
    const caller = this.#byConnection.get(connection);
    if (caller === undefined) return;
    this.#addressOf(connection).calls -= caller.calls.size;
    this.#byConnection.delete(connection);
    this.#byName.delete(flowKey(caller.flow.name));
  }

  #callerOf(connection: NodeFlow, instance: string): Caller {
    const known = this.#byConnection.get(connection);
    if (known !== undefined) return known;
    const name = { impi: '', instance, regId: 0 };
    const flow = { name, connection, authorization: undefined, registrations: [] };
    const caller = { flow, calls: new Map<string, number>(), tries: this.#createTries(triesPerMinute) };
    // What is done for a connection that is gone leaves no trace.
    if (!connection.isOpen) return caller;
    this.#byConnection.set(connection, caller);
    this.#byName.set(flowKey(name), caller);
    return caller;
  }

  #addressOf({ peer }: NodeFlow): Address {
    const address = networkOf(peer.address);
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    if (this.#byAddress.size >= maxIdleAddresses) this.#forgetIdleAddress();
    const created = { calls: 0, tries: this.#createTries(this.#options.maxPerAddress) };
    this.#byAddress.set(address, created);
    return created;
  }

  /** Those with calls are as few as connections. */
  #forgetIdleAddress(): void {
    for (const [address, { calls }] of this.#byAddress) {
      if (calls > 0) continue;
      this.#byAddress.delete(address);
      return;
    }
  }

  #createTries(perMinute: number): TokenBucket {
    return new TokenBucket({ clock: this.#options.clock, burst: perMinute, perSecond: perMinute / 60 });
  }
}

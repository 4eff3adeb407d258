/**
 * The flows that registered, and what each connection is bound to (TS 33.203 X.3.2.3 step 7.1, O.2.3).
 *
 * A binding ends when its last registration does: deregistered, expired, ended by the network, or taken over by a newer
 * connection of the same flow. It never outlives its connection.
 *
 * @module
 */
import { type Clock, canonicalImpu } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { type FlowName, flowKey } from './flow-name.ts';

/** What one REGISTER obtained: an implicit set and the way for its requests. */
export interface Registration {
  /** The identity in To, in canonical spelling. */
  readonly aor: string;
  /** URIs of the registered public identities; the first is the default one (TS 24.229 5.2.6.3). Never empty. */
  readonly impus: readonly string[];
  /** URIs of the Service-Route, top first (RFC 3608). */
  readonly serviceRoute: readonly string[];
  readonly expiresSeconds: number;
}

export interface RegisteredFlow {
  readonly name: FlowName;
  readonly connection: NodeFlow;
  /** Never empty. */
  readonly registrations: readonly Registration[];
}

export type FlowEnd = 'deregistered' | 'expired' | 'connection closed' | 'replaced' | 'ended by the network';

export interface RegisteredFlowsOptions {
  readonly clock: Clock;
  readonly onEnd: (flow: RegisteredFlow, end: FlowEnd) => void;
}

interface Entry {
  flow: RegisteredFlow;
  /** By the aor of the registration. */
  readonly stopTimers: Map<string, () => void>;
}

/** Node's timers reach 2^31 ms: a registration beyond that ends early, and is refreshed long before. */
const maxExpiresSeconds = 2_000_000;

export class RegisteredFlows {
  readonly #clock: Clock;
  readonly #onEnd: RegisteredFlowsOptions['onEnd'];
  readonly #byName = new Map<string, Entry>();
  readonly #byConnection = new Map<NodeFlow, Entry>();

  constructor({ clock, onEnd }: RegisteredFlowsOptions) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** The flow a token names; undefined: it is gone. */
  find(name: FlowName): RegisteredFlow | undefined {
    return this.#byName.get(flowKey(name))?.flow;
  }

  /** What a connection is bound to; undefined: nobody registered on it. */
  ofConnection(connection: NodeFlow): RegisteredFlow | undefined {
    return this.#byConnection.get(connection)?.flow;
  }

  /**
   * Adds a registration to the binding of `connection`, which takes the flow over where another held it.
   *
   * @throws {TypeError} the connection is bound to another flow.
   */
  bind(name: FlowName, connection: NodeFlow, registration: Registration): void {
    const key = flowKey(name);
    const bound = this.#byConnection.get(connection);
    if (bound !== undefined && flowKey(bound.flow.name) !== key) throw new TypeError('expected one flow a connection');
    const held = this.#byName.get(key);
    if (held !== undefined && held.flow.connection !== connection) this.#end(held, 'replaced');

    const entry = bound ?? { flow: { name, connection, registrations: [] }, stopTimers: new Map() };
    this.#drop(entry, registration.aor);
    entry.flow = { ...entry.flow, registrations: [...entry.flow.registrations, registration] };
    const ms = 1_000 * Math.min(registration.expiresSeconds, maxExpiresSeconds);
    entry.stopTimers.set(
      registration.aor,
      this.#clock.after(ms, () => this.#unbind(entry, registration.aor, 'expired')),
    );
    this.#byName.set(key, entry);
    this.#byConnection.set(connection, entry);
  }

  /** Ends the registration of a flow that `impu` belongs to; the binding goes with the last one. */
  unbind(name: FlowName, impu: string): void {
    const entry = this.#byName.get(flowKey(name));
    if (entry !== undefined) this.#unbind(entry, impu, 'deregistered');
  }

  /** The same for all flows of a user, after `Contact: *` (RFC 3261 10.2.2). */
  unbindAll(impi: string, impu: string): void {
    for (const entry of [...this.#byName.values()]) {
      if (entry.flow.name.impi === impi) this.#unbind(entry, impu, 'deregistered');
    }
  }

  /** Ends a flow whose registration the network ended (TS 24.229 5.2.3); the connection stays. */
  endByNetwork(name: FlowName): void {
    const entry = this.#byName.get(flowKey(name));
    if (entry !== undefined) this.#end(entry, 'ended by the network');
  }

  connectionClosed(connection: NodeFlow): void {
    const entry = this.#byConnection.get(connection);
    if (entry !== undefined) this.#end(entry, 'connection closed');
  }

  /** Forgets everything and leaves no timer. */
  clear(): void {
    for (const entry of [...this.#byName.values()]) this.#end(entry, 'connection closed');
  }

  #unbind(entry: Entry, impu: string, end: FlowEnd): void {
    this.#drop(entry, impu);
    if (entry.flow.registrations.length === 0) this.#end(entry, end);
  }

  /** Takes out the registrations that `impu` belongs to. */
  #drop(entry: Entry, impu: string): void {
    const canonical = canonicalImpu(impu);
    const dropped = entry.flow.registrations.filter((registration) => covers(registration, canonical));
    for (const { aor } of dropped) {
      entry.stopTimers.get(aor)?.();
      entry.stopTimers.delete(aor);
    }
    const registrations = entry.flow.registrations.filter((registration) => !dropped.includes(registration));
    entry.flow = { ...entry.flow, registrations };
  }

  #end(entry: Entry, end: FlowEnd): void {
    const { flow } = entry;
    for (const stop of entry.stopTimers.values()) stop();
    entry.stopTimers.clear();
    const key = flowKey(flow.name);
    if (this.#byName.get(key) === entry) this.#byName.delete(key);
    this.#byConnection.delete(flow.connection);
    this.#onEnd(flow, end);
  }
}

function covers({ aor, impus }: Registration, canonical: string): boolean {
  return aor === canonical || impus.some((impu) => canonicalImpu(impu) === canonical);
}

/** The registration that holds `impu`, and its spelling there; undefined where the flow has not registered it. */
export function findRegisteredImpu(
  { registrations }: RegisteredFlow,
  impu: string,
): { readonly registration: Registration; readonly impu: string } | undefined {
  const canonical = canonicalImpu(impu);
  for (const registration of registrations) {
    const found = registration.impus.find((registered) => canonicalImpu(registered) === canonical);
    if (found !== undefined) return { registration, impu: found };
  }
  return undefined;
}

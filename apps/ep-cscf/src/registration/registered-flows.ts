/**
 * The flows that registered, and what each connection is bound to (TS 33.203 X.3.2.3 step 7.1, O.2.3).
 *
 * A binding ends when its last registration does: deregistered, expired, ended by the network, or taken over by a newer
 * connection of the same flow. It never outlives its connection. A connection has one ordinary flow at most, and one of
 * an emergency registration beside it (TS 24.229 7.2A.13).
 *
 * @module
 */
import { type Clock, canonicalImpu } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import type { Grant } from '../authorization/access-token.ts';
import { type FlowName, flowKey } from './flow-name.ts';

/** What one REGISTER obtained: an implicit set and the way for its requests. */
export interface Registration {
  /** The identity in To, in canonical spelling. */
  readonly aor: string;
  /** URIs of the registered public identities; the first is the default one (TS 24.229 5.2.6.3). Never empty. */
  readonly impus: readonly string[];
  /** URIs of the Service-Route, top first (RFC 3608). */
  readonly serviceRoute: readonly string[];
  /** URI of the contact, as it was registered. */
  readonly contactUri: string;
  /** Whether the registrar was told that flows are kept (RFC 5626 5.1): it knows the contact by that. */
  readonly isOutbound: boolean;
  readonly expiresSeconds: number;
}

/** What a registration by web credentials stands on. */
export type FlowAuthorization = Pick<Grant, 'token' | 'thirdParty'>;

export interface RegisteredFlow {
  readonly name: FlowName;
  /** That of the last REGISTER the core accepted, whatever earlier ones carried; undefined: the core asked the user. */
  readonly authorization: FlowAuthorization | undefined;
  readonly connection: NodeFlow;
  /** Never empty. */
  readonly registrations: readonly Registration[];
}

export type FlowEnd =
  | 'deregistered'
  | 'expired'
  | 'connection closed'
  | 'replaced'
  | 'ended by the network'
  | 'rejected by the network'
  | 'revoked';

export interface RegisteredFlowsOptions {
  readonly clock: Clock;
  /** A registration was added or refreshed. */
  readonly onBind?: (flow: RegisteredFlow) => void;
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
  readonly #onBind: RegisteredFlowsOptions['onBind'];
  readonly #byName = new Map<string, Entry>();
  readonly #byConnection = new Map<NodeFlow, Entry>();
  readonly #emergencyByConnection = new Map<NodeFlow, Entry>();

  constructor({ clock, onBind, onEnd }: RegisteredFlowsOptions) {
    this.#clock = clock;
    this.#onBind = onBind;
    this.#onEnd = onEnd;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** The flow a token names; undefined: it is gone. */
  find(name: FlowName): RegisteredFlow | undefined {
    return this.#byName.get(flowKey(name))?.flow;
  }

  /** What a connection is bound to by an ordinary registration; undefined: by none. */
  ofConnection(connection: NodeFlow): RegisteredFlow | undefined {
    return this.#byConnection.get(connection)?.flow;
  }

  /** The same by an emergency registration. */
  emergencyOf(connection: NodeFlow): RegisteredFlow | undefined {
    return this.#emergencyByConnection.get(connection)?.flow;
  }

  /** Either; undefined: nobody registered on it. */
  anyOf(connection: NodeFlow): RegisteredFlow | undefined {
    return this.ofConnection(connection) ?? this.emergencyOf(connection);
  }

  /**
   * Adds a registration to the binding of `connection`, which takes the flow over where another held it.
   *
   * @throws {TypeError} the connection is bound to another flow.
   */
  bind(
    name: FlowName,
    connection: NodeFlow,
    registration: Registration,
    authorization: FlowAuthorization | undefined = undefined,
  ): void {
    const key = flowKey(name);
    const ofKind = this.#ofKind(name);
    const bound = ofKind.get(connection);
    if (bound !== undefined && flowKey(bound.flow.name) !== key) throw new TypeError('expected one flow a connection');
    const held = this.#byName.get(key);
    if (held !== undefined && held.flow.connection !== connection) this.#end(held, 'replaced');

    const empty = { name, authorization, connection, registrations: [] };
    const entry = bound ?? { flow: empty, stopTimers: new Map() };
    this.#drop(entry, registration.aor);
    entry.flow = { ...entry.flow, authorization, registrations: [...entry.flow.registrations, registration] };
    this.#startTimer(entry, registration);
    this.#byName.set(key, entry);
    ofKind.set(connection, entry);
    this.#onBind?.(entry.flow);
  }

  /** Ends the registration of a flow that `impu` belongs to; the binding goes with the last one. */
  unbind(name: FlowName, impu: string): void {
    const entry = this.#byName.get(flowKey(name));
    if (entry !== undefined) this.#unbind(entry, impu, 'deregistered');
  }

  /**
   * The same for all flows of a user, after `Contact: *` (RFC 3261 10.2.2). An emergency registration runs out, nobody
   * takes it back (TS 24.229 5.1.6.6).
   */
  unbindAll(impi: string, impu: string): void {
    for (const entry of [...this.#byName.values()]) {
      const { name } = entry.flow;
      if (name.impi === impi && name.isEmergency !== true) this.#unbind(entry, impu, 'deregistered');
    }
  }

  /**
   * The network ended a registration (TS 24.229 5.2.3); with the last one the flow ends, and the connection stays.
   * Whoever is rejected shall not come back.
   */
  endByNetwork(name: FlowName, aor: string, isRejected = false): void {
    const entry = this.#byName.get(flowKey(name));
    if (entry !== undefined) this.#unbind(entry, aor, isRejected ? 'rejected by the network' : 'ended by the network');
  }

  /** The network cut a registration short: it ends in `seconds`, unless the user registers again (RFC 3680 5.1). */
  shorten(name: FlowName, aor: string, seconds: number): void {
    const entry = this.#byName.get(flowKey(name));
    const held = entry?.flow.registrations.find((registration) => registration.aor === aor);
    if (entry === undefined || held === undefined) return;
    const shortened = { ...held, expiresSeconds: seconds };
    this.#replace(entry, held, shortened);
    this.#startTimer(entry, shortened);
  }

  /** A registration holds `impus`, in canonical spelling, no more (TS 24.229 5.2.3); it ends with the last identity. */
  withdraw(name: FlowName, aor: string, impus: readonly string[]): void {
    const entry = this.#byName.get(flowKey(name));
    const held = entry?.flow.registrations.find((registration) => registration.aor === aor);
    if (entry === undefined || held === undefined) return;
    const left = held.impus.filter((impu) => !impus.includes(canonicalImpu(impu)));
    if (left.length === 0) this.#unbind(entry, aor, 'ended by the network');
    else this.#replace(entry, held, { ...held, impus: left });
  }

  /** The flows of a user, but for those of emergency registrations. */
  ofUser(impi: string): readonly RegisteredFlow[] {
    const found: RegisteredFlow[] = [];
    for (const { flow } of this.#byName.values()) {
      if (flow.name.impi === impi && flow.name.isEmergency !== true) found.push(flow);
    }
    return found;
  }

  /** The flows that stand on a token of which `isMeant` is true. */
  findByToken(isMeant: (token: Grant['token']) => boolean): readonly RegisteredFlow[] {
    const flows = Array.from(this.#byName.values(), ({ flow }) => flow);
    return flows.filter(({ authorization }) => authorization !== undefined && isMeant(authorization.token));
  }

  /** Ends a flow, for the WAF has revoked what it stands on; the connection stays. */
  revoke(name: FlowName): void {
    const entry = this.#byName.get(flowKey(name));
    if (entry !== undefined) this.#end(entry, 'revoked');
  }

  connectionClosed(connection: NodeFlow): void {
    for (const ofKind of [this.#byConnection, this.#emergencyByConnection]) {
      const entry = ofKind.get(connection);
      if (entry !== undefined) this.#end(entry, 'connection closed');
    }
  }

  /** Forgets everything and leaves no timer. */
  clear(): void {
    for (const entry of [...this.#byName.values()]) this.#end(entry, 'connection closed');
  }

  #ofKind({ isEmergency = false }: FlowName): Map<NodeFlow, Entry> {
    return isEmergency ? this.#emergencyByConnection : this.#byConnection;
  }

  #startTimer(entry: Entry, { aor, expiresSeconds }: Registration): void {
    entry.stopTimers.get(aor)?.();
    const ms = 1_000 * Math.min(expiresSeconds, maxExpiresSeconds);
    entry.stopTimers.set(
      aor,
      this.#clock.after(ms, () => this.#unbind(entry, aor, 'expired')),
    );
  }

  #replace(entry: Entry, held: Registration, next: Registration): void {
    const registrations = entry.flow.registrations.map((registration) => (registration === held ? next : registration));
    entry.flow = { ...entry.flow, registrations };
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
    this.#ofKind(flow.name).delete(flow.connection);
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

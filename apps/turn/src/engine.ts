/**
 * The TURN server without I/O: octets from a client or a peer in, octets out (RFC 8656).
 *
 * @module
 */

import type { Logger } from '@wicgate/node-kit';
import { decodeMessage, method, StunMalformed } from '@wicgate/stun';
import type { Allocation } from './allocations/allocation.ts';
import { AllocationTable, type EndReason } from './allocations/allocation-table.ts';
import type { Bandwidth } from './allocations/bandwidth.ts';
import type { LifetimeLimits } from './allocations/lifetime.ts';
import type { PeerPolicy } from './allocations/peer-policy.ts';
import type { Quotas } from './allocations/quotas.ts';
import type { Authenticator } from './authentication/authenticator.ts';
import type { Clock } from './clock.ts';
import type { ClientFlow } from './listeners/client-flow.ts';
import type { TurnLogEvent } from './log-event.ts';
import { MediaRelay } from './media-relay.ts';
import type { Admission } from './operations/admission.ts';
import type { Relays } from './relay/relay-socket.ts';
import { Reservations } from './relay/reservations.ts';
import { RequestServer } from './request-server.ts';
import { Traffic } from './traffic.ts';

export interface EngineSettings {
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly peers: PeerPolicy;
  readonly quotas: Quotas;
  readonly bandwidth: Bandwidth;
  readonly admission: Admission;
  readonly lifetimes: LifetimeLimits;
  readonly relays: Relays;
  readonly log: Logger<TurnLogEvent>;
  /** Hears of each allocation that ended, by the key of its flow. */
  readonly onAllocationEnd: (flowKey: string) => void;
}

export class TurnEngine {
  readonly traffic = new Traffic();
  readonly allocations: AllocationTable;
  readonly #log: Logger<TurnLogEvent>;
  readonly #media: MediaRelay;
  readonly #requests: RequestServer;
  /** Allocations in the making. */
  readonly #pending = new Map<string, Buffer>();
  readonly #reservations: Reservations;
  readonly #admission: Admission;
  readonly #onAllocationEnd: (flowKey: string) => void;

  constructor(settings: EngineSettings) {
    const { clock, authenticator, peers, quotas, bandwidth, admission, lifetimes, relays, log } = settings;
    this.#log = log;
    this.#admission = admission;
    this.#reservations = new Reservations(clock);
    this.#onAllocationEnd = settings.onAllocationEnd;
    this.allocations = new AllocationTable({
      clock,
      quotas,
      bandwidth,
      onAdd: (...added) => this.#onAdd(...added),
      onEnd: (...ended) => this.#onEnd(...ended),
    });
    this.#media = new MediaRelay({ clock, allocations: this.allocations, peers, bandwidth, traffic: this.traffic });
    this.#requests = new RequestServer({
      clock,
      authenticator,
      admission,
      log,
      traffic: this.traffic,
      services: {
        allocations: this.allocations,
        peers,
        lifetimes,
        relays,
        reservations: this.#reservations,
        clock,
        pending: this.#pending,
        deliver: (allocation, data, address, port) => this.#media.fromPeer(allocation, data, address, port),
      },
    });
  }

  /** Takes one message of a client: a datagram, or one frame of its connection. Never throws. */
  receive(flow: ClientFlow, octets: Buffer): void {
    try {
      if (!this.#media.fromClient(flow, octets)) this.#receiveStun(flow, octets);
    } catch (error) {
      if (error instanceof StunMalformed) this.traffic.drop('malformed');
      else this.#fail(error);
    }
  }

  /** The client's connection is gone, and its allocation with it (RFC 8656 5). */
  closed(flow: ClientFlow): void {
    this.#pending.delete(flow.key);
    const allocation = this.allocations.find(flow.key);
    if (allocation !== undefined) this.allocations.end(allocation, 'disconnected');
  }

  stop(): void {
    this.#pending.clear();
    this.#reservations.endAll();
    this.allocations.endAll();
  }

  #receiveStun(flow: ClientFlow, octets: Buffer): void {
    const message = decodeMessage(octets);
    if (message.class === 'request') {
      this.#requests.serve(flow, message).catch((error: unknown) => this.#fail(error));
    } else if (message.class === 'indication' && message.method === method.Send) {
      this.#media.fromIndication(flow, message);
    } else if (message.class !== 'indication' || message.method !== method.Binding) {
      // A Binding indication is a keep-alive; responses and other indications are not for a server.
      this.traffic.drop('unexpected');
    }
  }

  #onAdd(allocation: Allocation, lifetimeSeconds: number): void {
    const { user, flow, relay } = allocation;
    const relayed = `${relay.local.address}:${relay.local.port}`;
    this.#log.info({ event: 'turn.allocation.created', tid: user.tid, flow: flow.key, relayed, lifetimeSeconds });
    // Its credential may have been revoked while the relay was being opened.
    if (this.#admission.isRevoked(user.tid)) this.allocations.end(allocation, 'revoked');
  }

  #onEnd(allocation: Allocation, reason: EndReason): void {
    this.#log.info({ event: 'turn.allocation.ended', tid: allocation.user.tid, flow: allocation.flow.key, reason });
    this.#onAllocationEnd(allocation.flow.key);
  }

  #fail(cause: unknown): void {
    this.#log.error({
      event: 'turn.engine.failed',
      cause,
      effect: 'one message of a client was lost',
      action: 'report this as a defect',
    });
  }
}

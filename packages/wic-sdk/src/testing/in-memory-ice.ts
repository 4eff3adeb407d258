/**
 * Where the peer connections of a test find each other, and what becomes of them there.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { InMemoryPeerConnection } from './in-memory-peer-connection.ts';

interface Gathering {
  /** Milliseconds to each. */
  readonly candidates: readonly number[];
  readonly errors: readonly number[];
  /** Whether it completes. */
  readonly ends: boolean;
}

export class InMemoryIce {
  readonly clock: Clock;
  /** Milliseconds from the start of gathering to each candidate. */
  gathering: readonly number[] = [0, 40];
  /** Nobody reaches anybody; what is connected fails. */
  isBlocked = false;
  /** Nothing arrives for now; what is connected is disconnected, and does not fail yet. */
  isSilent = false;
  /** What TURN servers answer, where they give no relay. */
  relayErrors: readonly number[] = [];
  /** TURN servers that do otherwise than the rest, by URI: they stay silent, or answer with an error. */
  readonly servers = new Map<string, 'silent' | number>();
  /** What every connection counts (W3C webrtc-stats). */
  stats: readonly { readonly id: string }[] = [];
  readonly connections = new Set<InMemoryPeerConnection>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** What comes of gathering with `configuration`. */
  gatheringWith({ iceServers = [], iceTransportPolicy }: RTCConfiguration): Gathering {
    if (iceTransportPolicy !== 'relay') return { candidates: this.gathering, errors: this.relayErrors, ends: true };
    const behaviours = iceServers.flatMap(({ urls }) => urls).map((uri) => this.servers.get(uri));
    const errors = [...this.relayErrors, ...behaviours.filter((each) => typeof each === 'number')];
    const hasRelay = this.relayErrors.length === 0 && behaviours.some((each) => each === undefined);
    return { candidates: hasRelay ? this.gathering : [], errors, ends: !behaviours.includes('silent') };
  }

  block(): void {
    this.isBlocked = true;
    for (const connection of this.connections) connection.update();
  }

  silence(): void {
    this.isSilent = true;
    for (const connection of this.connections) connection.update();
  }

  unblock(): void {
    this.isBlocked = false;
    this.isSilent = false;
    for (const connection of this.connections) connection.update();
  }

  find(ufrag: string): InMemoryPeerConnection | undefined {
    return [...this.connections].find((connection) => connection.localUfrag === ufrag);
  }
}

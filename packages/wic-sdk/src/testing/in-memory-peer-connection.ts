/**
 * A peer connection without media: descriptions, directions, candidates and connection states are worked out as a
 * browser does (RFC 8829), and two ends connect when each has the other's description and a candidate of it.
 *
 * @module
 */
import type { InMemoryIce } from './in-memory-ice.ts';
import { InMemoryTrack } from './in-memory-media.ts';
import {
  type Direction,
  formatSdp,
  formatSection,
  intersect,
  readSections,
  reverse,
  withCandidates,
} from './in-memory-sdp.ts';

/** A class to put in place of the browser's. */
export function createPeerConnectionClass(
  ice: InMemoryIce,
): new (
  configuration: RTCConfiguration,
) => RTCPeerConnection {
  class BoundPeerConnection extends InMemoryPeerConnection {
    constructor(configuration: RTCConfiguration) {
      super(configuration, ice);
    }
  }
  return BoundPeerConnection as unknown as new (
    configuration: RTCConfiguration,
  ) => RTCPeerConnection;
}

class InMemoryTransceiver {
  mid: string | null = null;
  direction: Direction;
  currentDirection: Direction | null = null;
  readonly kind: 'audio' | 'video';
  readonly receiver: { readonly track: InMemoryTrack };
  readonly sender: {
    track: InMemoryTrack | null;
    replaceTrack: (track: InMemoryTrack | null) => Promise<void>;
    setStreams: () => void;
  };

  constructor(kind: 'audio' | 'video', track: InMemoryTrack | null, direction: Direction) {
    this.kind = kind;
    this.direction = direction;
    this.receiver = { track: new InMemoryTrack(kind) };
    this.sender = {
      track,
      replaceTrack: async (other) => {
        this.sender.track = other;
      },
      setStreams: () => undefined,
    };
  }
}

interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

let nextUfrag = 0;

export class InMemoryPeerConnection {
  onicecandidate: ((event: { readonly candidate: RTCIceCandidate | null }) => void) | null = null;
  onicecandidateerror: ((event: { readonly errorCode: number }) => void) | null = null;
  onicegatheringstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  connectionState: RTCPeerConnectionState = 'new';
  iceGatheringState: RTCIceGatheringState = 'new';
  signalingState: RTCSignalingState = 'stable';
  configuration: RTCConfiguration;
  readonly #ice: InMemoryIce;
  readonly #transceivers: InMemoryTransceiver[] = [];
  #ufrag = '';
  #stableUfrag = '';
  #candidates: string[] = [];
  #local: Description | undefined;
  #stableLocal: Description | undefined;
  #remote: Description | undefined;
  #remoteCandidates = 0;
  #isRemoteRestart = false;

  constructor(configuration: RTCConfiguration, ice: InMemoryIce) {
    this.configuration = configuration;
    this.#ice = ice;
    ice.connections.add(this);
  }

  get localUfrag(): string {
    return this.#ufrag;
  }

  get localDescription(): Description | null {
    if (this.#local === undefined) return null;
    return { type: this.#local.type, sdp: withCandidates(this.#local.sdp, this.#candidates) };
  }

  get remoteUfrag(): string | undefined {
    return /^a=ice-ufrag:(\S+)/mu.exec(this.#remote?.sdp ?? '')?.[1];
  }

  getTransceivers(): InMemoryTransceiver[] {
    return [...this.#transceivers];
  }

  addTransceiver(kind: 'audio' | 'video', { direction = 'sendrecv' }: { readonly direction?: Direction } = {}): void {
    this.#transceivers.push(new InMemoryTransceiver(kind, null, direction));
  }

  addTrack(track: InMemoryTrack): InMemoryTransceiver['sender'] {
    const transceiver = new InMemoryTransceiver(track.kind, track, 'sendrecv');
    this.#transceivers.push(transceiver);
    return transceiver.sender;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  async createOffer({ iceRestart = false }: RTCOfferOptions = {}): Promise<Description> {
    await Promise.resolve();
    for (const [index, transceiver] of this.#transceivers.entries()) transceiver.mid ??= String(index);
    const ufrag = this.#ufrag === '' || iceRestart ? createUfrag() : this.#ufrag;
    const sections = this.#transceivers.map((transceiver) => formatSection(transceiver, transceiver.direction, ufrag));
    return { type: 'offer', sdp: formatSdp(sections) };
  }

  async createAnswer(): Promise<Description> {
    await Promise.resolve();
    if (this.signalingState !== 'have-remote-offer') throw new DOMException('no offer', 'InvalidStateError');
    const isRestart = this.#isRemoteRestart;
    const ufrag = this.#ufrag === '' || isRestart ? createUfrag() : this.#ufrag;
    const sections = readSections(this.#remote?.sdp ?? '').map(({ mid, direction }) => {
      const transceiver = this.#transceivers.find((other) => other.mid === mid);
      if (transceiver === undefined) throw new DOMException('no transceiver', 'OperationError');
      return formatSection(transceiver, intersect(transceiver.direction, reverse(direction)), ufrag);
    });
    return { type: 'answer', sdp: formatSdp(sections) };
  }

  async setLocalDescription(description: Description | { readonly type: 'rollback' }): Promise<void> {
    await Promise.resolve();
    this.#checkOpen();
    if (description.type === 'rollback') {
      this.#rollback();
      return;
    }
    const ufrag = /^a=ice-ufrag:(\S+)/mu.exec(description.sdp)?.[1] ?? '';
    this.#local = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    if (ufrag !== this.#ufrag) this.#startGathering(ufrag);
    if (description.type === 'answer') this.#becomeStable(description.sdp);
  }

  async setRemoteDescription({ type, sdp }: Description): Promise<void> {
    await Promise.resolve();
    this.#checkOpen();
    const isExpected = type === 'offer' ? this.signalingState === 'stable' : this.signalingState === 'have-local-offer';
    if (!isExpected) throw new DOMException('wrong state', 'InvalidStateError');
    if (!sdp.startsWith('v=0')) throw new DOMException('no description', 'OperationError');
    const former = this.remoteUfrag;
    this.#remote = { type, sdp };
    this.#isRemoteRestart = former !== undefined && former !== this.remoteUfrag;
    if (former !== this.remoteUfrag) this.#remoteCandidates = 0;
    this.#remoteCandidates += sdp.split('\n').filter((line) => line.startsWith('a=candidate:')).length;
    this.signalingState = type === 'offer' ? 'have-remote-offer' : 'stable';
    if (type === 'answer') this.#becomeStable(sdp, true);
    else this.#adopt(sdp);
  }

  async addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    await Promise.resolve();
    if (this.#remote === undefined) throw new DOMException('no remote description', 'InvalidStateError');
    if (candidate.candidate === '') return;
    this.#remoteCandidates += 1;
    this.update();
  }

  async getStats(): Promise<ReadonlyMap<string, unknown>> {
    await Promise.resolve();
    return new Map(this.#ice.stats.map((entry) => [entry.id, entry]));
  }

  close(): void {
    this.connectionState = 'closed';
    this.signalingState = 'closed';
    this.#ice.connections.delete(this);
  }

  /** Looks again whether the two ends reach each other. */
  update(): void {
    if (this.connectionState === 'closed' || this.signalingState !== 'stable' || this.#remote === undefined) return;
    const far = this.remoteUfrag === undefined ? undefined : this.#ice.find(this.remoteUfrag);
    if (this.#ice.isBlocked) this.#enter('failed');
    else if (this.#ice.isSilent) this.#fallSilent();
    else if (far?.isReady === true && this.isReady && far.remoteUfrag === this.#ufrag) {
      this.#enter('connected');
      far.#enter('connected');
    } else this.#enter('connecting');
  }

  /** Who is not connected yet keeps trying (W3C webrtc 4.3.3). */
  #fallSilent(): void {
    const hadPath = this.connectionState === 'connected' || this.connectionState === 'disconnected';
    this.#enter(hadPath ? 'disconnected' : 'connecting');
  }

  /** Both descriptions are there, and a candidate of the far end. */
  get isReady(): boolean {
    return this.signalingState === 'stable' && this.#remote !== undefined && this.#remoteCandidates > 0;
  }

  #checkOpen(): void {
    if (this.connectionState === 'closed') throw new DOMException('closed', 'InvalidStateError');
  }

  #rollback(): void {
    if (this.signalingState !== 'have-local-offer') throw new DOMException('nothing to undo', 'InvalidStateError');
    this.#local = this.#stableLocal;
    this.#ufrag = this.#stableUfrag;
    this.signalingState = 'stable';
  }

  /** Sections of the offer that are new here get a transceiver that only receives, until told otherwise. */
  #adopt(sdp: string): void {
    for (const { kind, mid } of readSections(sdp)) {
      const known = this.#transceivers.find((transceiver) => transceiver.mid === mid);
      if (known !== undefined) continue;
      const free = this.#transceivers.find((transceiver) => transceiver.mid === null && transceiver.kind === kind);
      const transceiver = free ?? new InMemoryTransceiver(kind, null, 'recvonly');
      transceiver.mid = mid;
      if (free === undefined) this.#transceivers.push(transceiver);
    }
  }

  /** Directions of the answer are those of whoever answered; `isRemote` sees them from the other side. */
  #becomeStable(answer: string, isRemote = false): void {
    for (const { mid, direction } of readSections(answer)) {
      const transceiver = this.#transceivers.find((other) => other.mid === mid);
      if (transceiver !== undefined) transceiver.currentDirection = isRemote ? reverse(direction) : direction;
    }
    this.#stableLocal = this.#local;
    this.#stableUfrag = this.#ufrag;
    this.update();
  }

  #startGathering(ufrag: string): void {
    this.#ufrag = ufrag;
    this.#candidates = [];
    this.#setGathering('gathering');
    const { clock } = this.#ice;
    const { candidates, errors, ends } = this.#ice.gatheringWith(this.configuration);
    const isRelayed = this.configuration.iceTransportPolicy === 'relay';
    for (const errorCode of errors) clock.after(0, () => this.onicecandidateerror?.({ errorCode }));
    for (const [index, ms] of candidates.entries()) {
      const type = isRelayed ? 'relay' : 'host';
      clock.after(ms, () =>
        this.#gathered(ufrag, `candidate:${index} 1 udp ${1000 - index} 192.0.2.1 ${5000 + index} typ ${type}`),
      );
    }
    if (!ends) return;
    clock.after(Math.max(0, ...candidates), () => ufrag === this.#ufrag && this.#setGathering('complete'));
  }

  #gathered(ufrag: string, candidate: string): void {
    if (ufrag !== this.#ufrag || this.connectionState === 'closed') return;
    this.#candidates.push(candidate);
    const event = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: ufrag };
    this.onicecandidate?.({ candidate: event as RTCIceCandidate });
  }

  #setGathering(state: RTCIceGatheringState): void {
    if (this.connectionState === 'closed') return;
    this.iceGatheringState = state;
    this.onicegatheringstatechange?.();
    if (state === 'complete') this.onicecandidate?.({ candidate: null });
  }

  #enter(state: RTCPeerConnectionState): void {
    if (this.connectionState === state || this.connectionState === 'closed') return;
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

function createUfrag(): string {
  nextUfrag += 1;
  return `u${nextUfrag.toString().padStart(4, '0')}`;
}

/**
 * The media of one call: a peer connection, what we send on it and what comes in (RFC 8829, RFC 8838).
 *
 * @module
 */
import { DescriptionRefused } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { MediaPath, RelayProblem } from '../wic.ts';
import type { CandidateFragment } from './candidate-fragment.ts';
import { LocalCandidates } from './local-candidates.ts';
import type { LocalMedia } from './local-media.ts';
import { PathWatch } from './path-watch.ts';
import { RelayWatch } from './relay-watch.ts';
import { RemoteCandidates } from './remote-candidates.ts';
import { forgetFarCandidates, seamlessGatherMs } from './seamless-restart.ts';
import { hasAudio, offersVideo, withoutCandidates } from './session-description.ts';

export interface PeerMediaOptions {
  readonly platform: Platform;
  readonly configuration: RTCConfiguration;
  /** More of our candidates have to follow the last description: see {@link PeerMedia.readLateCandidates}. */
  readonly onLateCandidates: () => void;
  readonly onConnection: (state: RTCPeerConnectionState) => void;
  /** Media take this way from now on. */
  readonly onPath: (path: MediaPath) => void;
  /** Nothing but a relay may be used, and there is none. Told once at most, before the first connection. */
  readonly onNoRelay: (problem: RelayProblem) => void;
}

export class PeerMedia {
  /** What the far end sends. The same object for as long as the call lives; its tracks come and go. */
  readonly remoteStream: MediaStream;
  readonly #options: PeerMediaOptions;
  readonly #connection: RTCPeerConnection;
  readonly #localCandidates = new LocalCandidates();
  readonly #remoteCandidates: RemoteCandidates;
  readonly #pathWatch: PathWatch;
  readonly #relayWatch: RelayWatch;
  #servers: string;
  #hasOldServers = false;
  #isRestarted = false;
  /** The ICE restart under way, if any, began while media flowed. */
  #isSeamless = false;
  #onGathered: () => void = () => undefined;
  #offersVideo = false;
  #closed = false;

  constructor(options: PeerMediaOptions) {
    this.#options = options;
    this.remoteStream = new options.platform.MediaStream();
    const { configuration, onPath, onNoRelay } = options;
    const { clock, RTCPeerConnection } = options.platform;
    this.#connection = new RTCPeerConnection(configuration);
    this.#servers = JSON.stringify(configuration.iceServers);
    this.#remoteCandidates = new RemoteCandidates((candidate) => this.#addRemote(candidate));
    this.#pathWatch = new PathWatch({ clock, connection: this.#connection, onPath });
    this.#relayWatch = new RelayWatch({ clock, configuration, onNoRelay });
    this.#connection.onicecandidate = ({ candidate }) => this.#onCandidate(candidate);
    this.#connection.onicecandidateerror = ({ errorCode }) => this.#relayWatch.failed(errorCode);
    this.#connection.onicegatheringstatechange = () => this.#onGatheringState();
    this.#connection.onconnectionstatechange = () => this.#onConnectionState();
  }

  get connectionState(): RTCPeerConnectionState {
    return this.#connection.connectionState;
  }

  get #isConnected(): boolean {
    return this.connectionState === 'connected';
  }

  /** The candidates were found with ICE servers, or credentials, that are no longer the ones to use. */
  get hasOldServers(): boolean {
    return this.#hasOldServers;
  }

  /** The last description of the far end began a new ICE session. */
  get isRestarted(): boolean {
    return this.#isRestarted;
  }

  /** The far end sends, or offers to send, pictures. */
  get offersVideo(): boolean {
    return this.#offersVideo;
  }

  get isGathered(): boolean {
    return this.#localCandidates.isComplete;
  }

  /** Sends what `local` holds; further sections are added where the last description has none for it. */
  attach(local: LocalMedia): void {
    this.#attachTrack('audio', local.microphone, local.stream);
    if (local.camera !== undefined) this.#attachTrack('video', local.camera, local.stream);
  }

  attachCamera(local: LocalMedia): void {
    this.#attachTrack('video', local.camera, local.stream);
  }

  /** Sends no pictures any more, and goes on taking them. */
  detachCamera(): void {
    const transceiver = this.#findTransceiver('video');
    if (transceiver === undefined) return;
    transceiver.direction = 'recvonly';
    this.#ignoreFault(transceiver.sender.replaceTrack(null));
  }

  /**
   * For ICE servers whose credentials have been renewed; they take effect with the next ICE restart. What ways media
   * may take stays as it was when the call began.
   */
  configure(configuration: RTCConfiguration): void {
    if (this.#closed) return;
    const { iceTransportPolicy } = this.#options.configuration;
    this.#connection.setConfiguration({ ...configuration, ...(iceTransportPolicy && { iceTransportPolicy }) });
    const servers = JSON.stringify(configuration.iceServers);
    this.#hasOldServers ||= servers !== this.#servers;
    this.#servers = servers;
  }

  /** An offer with the candidates found within `gatherMs`; a restart while media flow may take longer. */
  async createOffer({ iceRestart, gatherMs }: { iceRestart: boolean; gatherMs: number }): Promise<string> {
    this.#isSeamless = iceRestart && this.#isConnected;
    if (this.#isSeamless) await forgetFarCandidates(this.#connection);
    await this.#connection.setLocalDescription(await this.#connection.createOffer({ iceRestart }));
    return this.#describe(gatherMs);
  }

  /** Takes the offer back (RFC 3264 4 calls it rejected). */
  async withdrawOffer(): Promise<void> {
    if (this.#connection.signalingState !== 'have-local-offer') return;
    await this.#connection.setLocalDescription({ type: 'rollback' });
    this.#localCandidates.restartFrom(this.#connection.localDescription?.sdp ?? '');
  }

  /** @throws {DescriptionRefused} rejects: the browser makes nothing of it. */
  async acceptAnswer(sdp: string): Promise<void> {
    await this.#accept({ type: 'answer', sdp, holds: false });
    this.#syncRemoteTracks();
  }

  /** @throws {DescriptionRefused} rejects: the browser makes nothing of it, or there is no sound in it. */
  async acceptOffer(sdp: string): Promise<void> {
    if (!hasAudio(sdp)) throw new DescriptionRefused('an audio section');
    this.#isSeamless = this.#isConnected && this.#remoteCandidates.isNewSession(sdp);
    if (this.#isSeamless) await forgetFarCandidates(this.#connection);
    await this.#accept({ type: 'offer', sdp, holds: this.#isSeamless });
  }

  /** The answer to the offer accepted last, with the candidates found within `gatherMs`. */
  async createAnswer({ gatherMs }: { gatherMs: number }): Promise<string> {
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    this.#syncRemoteTracks();
    const sdp = await this.#describe(gatherMs);
    this.#remoteCandidates.release();
    return sdp;
  }

  /** Our candidates that no description carried, to be told the far end by INFO. */
  readLateCandidates(): CandidateFragment | undefined {
    return this.#localCandidates.readFragment();
  }

  addRemoteCandidates(fragment: CandidateFragment): void {
    if (!this.#closed) this.#remoteCandidates.add(fragment);
  }

  close(): void {
    this.#closed = true;
    this.#onGathered();
    this.#pathWatch.stop();
    this.#relayWatch.stop();
    const connection = this.#connection;
    connection.onicecandidate = connection.onicegatheringstatechange = connection.onconnectionstatechange = null;
    connection.onicecandidateerror = null;
    connection.close();
  }

  #attachTrack(kind: 'audio' | 'video', track: MediaStreamTrack | undefined, stream: MediaStream): void {
    if (track === undefined || this.#closed) return;
    const transceiver = this.#findTransceiver(kind);
    if (transceiver === undefined) {
      // Unlike addTransceiver, this lets an offer of the far end that crosses ours use the section (RFC 8829 5.10).
      this.#connection.addTrack(track, stream);
      return;
    }
    transceiver.direction = 'sendrecv';
    transceiver.sender.setStreams?.(stream);
    this.#ignoreFault(transceiver.sender.replaceTrack(track));
  }

  #findTransceiver(kind: 'audio' | 'video'): RTCRtpTransceiver | undefined {
    return this.#connection.getTransceivers().find(({ receiver, direction, currentDirection }) => {
      return receiver.track.kind === kind && direction !== 'stopped' && currentDirection !== 'stopped';
    });
  }

  async #accept({ type, sdp, holds }: { type: 'offer' | 'answer'; sdp: string; holds: boolean }): Promise<void> {
    try {
      await this.#connection.setRemoteDescription({ type, sdp: holds ? withoutCandidates(sdp) : sdp });
    } catch (cause) {
      throw new DescriptionRefused('one that the browser can use', { cause });
    }
    this.#offersVideo = offersVideo(sdp);
    this.#isRestarted = this.#remoteCandidates.restartFrom(sdp, { holds });
  }

  async #describe(gatherMs: number): Promise<string> {
    if (this.#localCandidates.restartFrom(this.#localSdp())) this.#hasOldServers = false;
    if (!this.#localCandidates.isComplete) this.#relayWatch.gathering();
    await this.#gather(this.#isSeamless ? Math.max(gatherMs, seamlessGatherMs) : gatherMs);
    this.#localCandidates.describe();
    return this.#localSdp();
  }

  #localSdp(): string {
    return this.#connection.localDescription?.sdp ?? '';
  }

  /** Resolves when all candidates are there, or after `ms`. */
  async #gather(ms: number): Promise<void> {
    if (this.#localCandidates.isComplete || ms <= 0 || this.#closed) return;
    await new Promise<void>((resolve) => {
      const stop = this.#options.platform.clock.after(ms, resolve);
      this.#onGathered = () => {
        stop();
        resolve();
      };
    });
    this.#onGathered = () => undefined;
  }

  #onCandidate(candidate: RTCIceCandidate | null): void {
    if (candidate === null) return;
    if (candidate.candidate !== '') this.#relayWatch.found();
    if (this.#localCandidates.add(candidate)) this.#options.onLateCandidates();
  }

  #onConnectionState(): void {
    const { connectionState } = this.#connection;
    if (connectionState === 'connected') this.#pathWatch.start();
    this.#options.onConnection(connectionState);
  }

  #onGatheringState(): void {
    if (this.#connection.iceGatheringState !== 'complete') return;
    const isNews = this.#localCandidates.complete();
    this.#onGathered();
    this.#relayWatch.complete();
    if (isNews) this.#options.onLateCandidates();
  }

  /** A candidate that cannot be used is no reason to give up the others. */
  #addRemote(candidate: RTCIceCandidateInit): void {
    this.#ignoreFault(this.#connection.addIceCandidate(candidate));
  }

  #ignoreFault(promise: Promise<unknown>): void {
    promise.catch(() => undefined);
  }

  /** What the far end sends by the last description is in the stream, nothing else is. */
  #syncRemoteTracks(): void {
    for (const { receiver, currentDirection } of this.#connection.getTransceivers()) {
      const isReceived = currentDirection === 'sendrecv' || currentDirection === 'recvonly';
      const isKept = this.remoteStream.getTracks().includes(receiver.track);
      if (isReceived && !isKept) this.remoteStream.addTrack(receiver.track);
      if (!isReceived && isKept) this.remoteStream.removeTrack(receiver.track);
    }
  }
}

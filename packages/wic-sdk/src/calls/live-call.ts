/**
 * What calls of both directions have: state, media, and the session once there is one.
 *
 * @module
 */
import type { Dialog } from '@wicgate/sip';
import { LocalMedia } from '../media/local-media.ts';
import { PeerMedia } from '../media/peer-media.ts';
import { ObservableValue } from '../observable-value.ts';
import { createToken } from '../platform.ts';
import type { Call, CallEnd, CallState, MediaPath, Peer } from '../wic.ts';
import type { Access } from './access.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { isFailure } from './end-cause.ts';
import { mediaLost } from './release-cause.ts';
import { Session } from './session.ts';

export interface LiveCallOptions {
  readonly access: Access;
  readonly peer: Peer;
  /** Told once. */
  readonly onOver: (call: LiveCall) => void;
}

const initial: CallState = {
  status: 'calling',
  connectedAtMs: undefined,
  muted: false,
  camera: false,
  offersVideo: false,
  localStream: undefined,
  remoteStream: undefined,
  end: undefined,
};

/** Without a registration the end of a call waits this many times for media to come back. */
const maxExtensions = 4;

export abstract class LiveCall implements Call {
  abstract readonly direction: Call['direction'];
  readonly id: string;
  readonly peer: Peer;
  readonly path = new ObservableValue<MediaPath | undefined>(undefined);
  readonly isInterrupted = new ObservableValue(false);
  protected readonly access: Access;
  protected media: PeerMedia | undefined;
  protected local: LocalMedia | undefined;
  protected session: Session | undefined;
  readonly #state: ObservableValue<CallState>;
  readonly #onOver: (call: LiveCall) => void;
  #watch: ConnectionWatch | undefined;
  #trickles = false;
  #extensions = 0;
  /** The camera was switched before there was a session to tell. */
  #hasChange = false;
  #lastSwitch: Promise<void> = Promise.resolve();

  constructor({ access, peer, onOver }: LiveCallOptions, state: Partial<CallState>) {
    this.access = access;
    this.peer = peer;
    this.id = createToken(access.platform);
    this.#onOver = onOver;
    this.#state = new ObservableValue<CallState>({ ...initial, ...state });
  }

  readonly getSnapshot = (): CallState => this.#state.getSnapshot();
  readonly subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

  abstract readonly answer: Call['answer'];
  abstract readonly decline: Call['decline'];
  abstract readonly hangUp: Call['hangUp'];

  readonly setMuted = (muted: boolean): void => {
    if (this.isOver) return;
    this.local?.setMuted(muted);
    this.change({ muted });
  };

  /** One after the other: each finds the camera as the one before left it. */
  readonly setCamera = (on: boolean): Promise<void> => {
    const run = (): Promise<void> => this.#switchCamera(on);
    this.#lastSwitch = this.#lastSwitch.then(run, run);
    return this.#lastSwitch;
  };

  get isOver(): boolean {
    return this.getSnapshot().end !== undefined;
  }

  /** Credentials of the ICE servers have been renewed; they take effect with the next ICE restart. */
  configure(): void {
    this.media?.configure(this.access.rtcConfiguration);
  }

  /** Ends it whatever its state; `now` where the page goes away. */
  abstract leave(options: { readonly now: boolean }): void;

  /** Ends it for a reason of ours, and tells the far end what it can be told. */
  protected abstract abandon(end: CallEnd): void;

  /** Ends it here without a word to the far end. Only the first end counts. */
  finish(end: CallEnd): void {
    if (this.isOver) return;
    this.#watch?.stop();
    this.local?.close();
    this.media?.close();
    const wasConnected = this.getSnapshot().connectedAtMs !== undefined;
    const status = isFailure(end.cause, wasConnected) ? 'failed' : 'ended';
    this.change({ status, end, localStream: undefined, remoteStream: undefined, camera: false });
    this.path.set(undefined);
    this.isInterrupted.set(false);
    this.#onOver(this);
  }

  protected change(change: Partial<CallState>): void {
    this.#state.set({ ...this.getSnapshot(), ...change });
  }

  /** Microphone, camera and peer connection; undefined where the call is over by then. */
  protected async openMedia(video: boolean): Promise<{ local: LocalMedia; media: PeerMedia } | undefined> {
    const { platform, rtcConfiguration } = this.access;
    // Its certificate is made while the person is asked.
    const media = new PeerMedia({
      platform,
      configuration: rtcConfiguration,
      onLateCandidates: () => this.#onLateCandidates(),
      onConnection: (state) => this.#watch?.onState(state),
      onPath: (path) => this.path.set(path),
      onNoRelay: (relayProblem) => this.abandon({ by: 'local', cause: 'no relay', relayProblem }),
    });
    this.media = media;
    let local: LocalMedia;
    try {
      local = await LocalMedia.open(platform, { video });
    } catch {
      this.onMediaRefused();
      return undefined;
    }
    if (this.isOver) {
      local.close();
      return undefined;
    }
    this.local = local;
    local.setMuted(this.getSnapshot().muted);
    this.#watchCamera(local.camera);
    this.change({ localStream: local.stream, camera: local.camera !== undefined });
    return { local, media };
  }

  protected onMediaRefused(): void {
    this.finish({ by: 'local', cause: 'media refused' });
  }

  /** The call is answered. */
  protected createSession(dialog: Dialog, media: PeerMedia, trickles: boolean): Session {
    this.#trickles = trickles;
    this.#watch = new ConnectionWatch({
      clock: this.access.platform.clock,
      isOfferer: this.direction === 'outgoing',
      onConnected: () => this.#onConnected(),
      onInterruption: (isInterrupted) => this.isInterrupted.set(isInterrupted),
      restart: () => this.session?.renegotiate({ iceRestart: true }),
      onFailed: () => this.#onPathFailed(),
    });
    const session = new Session({
      access: this.access,
      dialog,
      media,
      trickles,
      onDescription: () => this.onDescription(),
      onEnd: (end) => this.finish(end),
    });
    this.session = session;
    this.change({ status: 'connecting' });
    if (this.#hasChange) session.renegotiate({ hasChange: true });
    return session;
  }

  /** Offer and answer are there: media may flow. */
  protected startMedia(media: PeerMedia): void {
    this.onDescription();
    this.#watch?.start(media.connectionState);
    this.#onLateCandidates();
    // The credential was renewed while the call rang: what was found with the old one ends with it.
    if (media.hasOldServers) this.session?.renegotiate({ iceRestart: true });
  }

  protected onDescription(): void {
    if (this.isOver || this.media === undefined) return;
    this.change({ remoteStream: this.media.remoteStream, offersVideo: this.media.offersVideo });
  }

  /** Candidates for those that ring, while there is no session. */
  protected onEarlyCandidates(): void {
    return;
  }

  #onLateCandidates(): void {
    if (this.session === undefined) this.onEarlyCandidates();
    else if (this.#trickles) this.session.updateCandidates();
    else if (this.media?.readLateCandidates() !== undefined) this.#watch?.lateCandidates();
  }

  #onConnected(): void {
    this.#extensions = 0;
    const connectedAtMs = this.getSnapshot().connectedAtMs ?? this.access.platform.clock.now();
    this.change({ status: 'in call', connectedAtMs });
  }

  #onPathFailed(): void {
    // No restart could be agreed on without a flow; the repair brings one.
    if (this.access.registered === undefined && this.#extensions < maxExtensions) {
      this.#extensions += 1;
      this.#watch?.extend();
      return;
    }
    this.session?.hangUp({ reason: mediaLost });
    this.finish({ by: 'local', cause: 'media failed' });
  }

  async #switchCamera(on: boolean): Promise<void> {
    const { local, media } = this;
    if (this.isOver || local === undefined || media === undefined || on === (local.camera !== undefined)) return;
    if (on) {
      this.#watchCamera(await local.openCamera());
      media.attachCamera(local);
    } else {
      local.closeCamera();
      media.detachCamera();
    }
    if (this.isOver) return;
    this.change({ camera: on });
    if (this.session === undefined) this.#hasChange = true;
    else this.session.renegotiate({ hasChange: true });
  }

  /** Somebody pulls the plug or takes the permission back. */
  #watchCamera(track: MediaStreamTrack | undefined): void {
    track?.addEventListener('ended', () => void this.setCamera(false).catch(() => undefined), { once: true });
  }
}

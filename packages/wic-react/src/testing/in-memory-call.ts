/**
 * One end of a call between two WICs of an {@link InMemoryNetwork}.
 *
 * @module
 */
import type { Call, CallEnd, CallEndCause, CallState, MediaPath } from '@wicgate/wic-sdk';
import { ObservableValue } from './observable-value.ts';

/** Opens microphone and camera; rejects when the person does not allow it. */
export type OpenMedia = (media: { audio: true; video: boolean }) => Promise<MediaStream | undefined>;

export interface InMemoryCallOptions {
  readonly direction: Call['direction'];
  readonly peer: Call['peer'];
  readonly offersVideo: boolean;
  readonly openMedia: OpenMedia;
  /** The way that media take at this end, once the call is answered. */
  readonly path: MediaPath;
  /** Told once, when the call is over. */
  readonly over: (call: InMemoryCall) => void;
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

export class InMemoryCall implements Call {
  readonly id: string = crypto.randomUUID();
  readonly direction: Call['direction'];
  readonly peer: Call['peer'];
  /** The call at the other end, once it is known which of the callee's browsers that is. */
  #far: InMemoryCall | undefined;
  /** The other legs that ring, or that ring for us. */
  #legs: InMemoryCall[] = [];
  readonly path = new ObservableValue<MediaPath | undefined>(undefined);
  readonly isInterrupted = new ObservableValue(false);
  readonly #pathWhenAnswered: MediaPath;
  readonly #state: ObservableValue<CallState>;
  readonly #openMedia: OpenMedia;
  readonly #over: (call: InMemoryCall) => void;

  constructor({ direction, peer, offersVideo, openMedia, path, over }: InMemoryCallOptions) {
    this.#pathWhenAnswered = path;
    this.direction = direction;
    this.peer = peer;
    this.#openMedia = openMedia;
    this.#over = over;
    const status = direction === 'incoming' ? 'incoming' : 'calling';
    this.#state = new ObservableValue<CallState>({ ...initial, status, offersVideo });
  }

  readonly getSnapshot = (): CallState => this.#state.getSnapshot();
  readonly subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

  /** Opens our media; a refusal ends the call and rejects nothing. */
  async open(video: boolean): Promise<boolean> {
    try {
      const localStream = await this.#openMedia({ audio: true, video });
      this.#change({ localStream, camera: video });
      return this.isLive;
    } catch {
      this.finish({ by: 'local', cause: 'media refused' });
      return false;
    }
  }

  /** Rings at every one of `legs`; the first that answers gets the call. */
  ring(legs: readonly InMemoryCall[]): void {
    this.#legs = [...legs];
    for (const leg of legs) leg.#legs = [this];
    this.#change({ status: 'ringing' });
  }

  readonly answer = async ({ video }: { video: boolean }): Promise<void> => {
    const caller = this.#legs[0];
    if (this.getSnapshot().status !== 'incoming' || caller === undefined) return;
    for (const leg of caller.#legs.filter((other) => other !== this)) {
      leg.finish({ by: 'remote', cause: 'answered elsewhere' });
    }
    this.#change({ status: 'connecting' });
    caller.#change({ status: 'connecting' });
    [this.#far, caller.#far] = [caller, this];
    if (!(await this.open(video)) || !caller.isLive) return;
    const connectedAtMs = Date.now();
    this.#change({ status: 'in call', connectedAtMs, remoteStream: caller.getSnapshot().localStream });
    caller.#change({ status: 'in call', connectedAtMs, remoteStream: this.getSnapshot().localStream });
    for (const end of [this, caller]) end.path.set(end.#pathWhenAnswered);
  };

  readonly decline = (): void => this.finish({ by: 'local', cause: 'declined' });

  readonly hangUp = (): void => {
    const answered = this.#far !== undefined || this.direction === 'incoming';
    this.finish({ by: 'local', cause: answered ? 'hung up' : 'cancelled' });
  };

  readonly setMuted = (muted: boolean): void => {
    for (const track of this.getSnapshot().localStream?.getAudioTracks() ?? []) track.enabled = !muted;
    this.#change({ muted });
  };

  readonly setCamera = async (on: boolean): Promise<void> => {
    const localStream = await this.#openMedia({ audio: true, video: on });
    this.#change({ camera: on, localStream });
    if (this.#far !== undefined) this.#far.#change({ remoteStream: localStream });
  };

  get isLive(): boolean {
    return this.getSnapshot().end === undefined;
  }

  /** Ends this end of the call, and tells the other. Only the first end counts. */
  finish(end: CallEnd): void {
    if (!this.isLive) return;
    const failed = failures.has(end.cause) && this.direction === 'outgoing';
    for (const track of this.getSnapshot().localStream?.getTracks() ?? []) track.stop();
    this.#change({ status: failed ? 'failed' : 'ended', end, localStream: undefined, remoteStream: undefined });
    this.path.set(undefined);
    this.isInterrupted.set(false);
    this.#over(this);
    if (end.by === 'local') this.#tell(end.cause);
  }

  #tell(cause: CallEndCause): void {
    this.#far?.finish({ by: 'remote', cause });
    if (this.#far !== undefined) return;
    for (const other of this.#legs) {
      const lastLeg = other.#legs.every((leg) => !leg.isLive);
      if (this.direction === 'outgoing' || lastLeg) other.finish({ by: 'remote', cause });
    }
  }

  #change(change: Partial<CallState>): void {
    this.#state.set({ ...this.getSnapshot(), ...change });
  }
}

/** The ends of an outgoing call that was never talked in; the others are ordinary. */
const failures: ReadonlySet<CallEndCause> = new Set([
  'busy',
  'not registered',
  'unknown user',
  'media refused',
  'media failed',
  'no relay',
  'connection lost',
  'not allowed',
  'server error',
]);

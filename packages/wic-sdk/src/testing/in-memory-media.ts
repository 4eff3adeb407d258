/**
 * Tracks, streams, microphone and camera without devices.
 *
 * @module
 */

let nextId = 0;

export class InMemoryTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  readonly id: string;
  enabled = true;
  muted = false;
  readyState: 'live' | 'ended' = 'live';

  constructor(kind: 'audio' | 'video') {
    super();
    this.kind = kind;
    nextId += 1;
    this.id = `track-${nextId}`;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** Somebody pulls the plug. */
  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class InMemoryStream extends EventTarget {
  readonly id: string;
  readonly #tracks = new Set<InMemoryTrack>();

  constructor(tracks: readonly InMemoryTrack[] = []) {
    super();
    nextId += 1;
    this.id = `stream-${nextId}`;
    for (const track of tracks) this.#tracks.add(track);
  }

  getTracks(): InMemoryTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): InMemoryTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): InMemoryTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'video');
  }

  addTrack(track: InMemoryTrack): void {
    this.#tracks.add(track);
  }

  removeTrack(track: InMemoryTrack): void {
    this.#tracks.delete(track);
  }
}

/** Microphone and camera, and the person who allows them. */
export class InMemoryDevices {
  microphoneAllowed = true;
  cameraAllowed = true;
  /** Set it to make the person think; what is asked for waits for it. */
  decision: Promise<void> = Promise.resolve();
  /** Every track that was ever opened. */
  readonly opened: InMemoryTrack[] = [];

  readonly getUserMedia = async ({ audio, video }: MediaStreamConstraints): Promise<MediaStream> => {
    await this.decision;
    const wantsAudio = audio !== undefined && audio !== false;
    const wantsVideo = video !== undefined && video !== false;
    if ((wantsAudio && !this.microphoneAllowed) || (wantsVideo && !this.cameraAllowed)) {
      throw new DOMException('not allowed', 'NotAllowedError');
    }
    const tracks: InMemoryTrack[] = [];
    if (wantsAudio) tracks.push(new InMemoryTrack('audio'));
    if (wantsVideo) tracks.push(new InMemoryTrack('video'));
    this.opened.push(...tracks);
    return new InMemoryStream(tracks) as unknown as MediaStream;
  };

  /** Tracks whose lamp is on. */
  get live(): readonly InMemoryTrack[] {
    return this.opened.filter(({ readyState }) => readyState === 'live');
  }
}

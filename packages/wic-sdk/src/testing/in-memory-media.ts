/**
 * Tracks, streams, microphone and camera without devices.
 *
 * @module
 */

let nextId = 0;

export class InMemoryTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  readonly id: string;
  readonly label: string;
  enabled = true;
  muted = false;
  readyState: 'live' | 'ended' = 'live';
  /** All that were made of it. */
  readonly clones: InMemoryTrack[] = [];

  constructor(kind: 'audio' | 'video', label = '') {
    super();
    this.kind = kind;
    this.label = label;
    nextId += 1;
    this.id = `track-${nextId}`;
  }

  getSettings(): MediaTrackSettings {
    return this.kind === 'audio' ? { deviceId: this.label } : { deviceId: this.label, width: 640, height: 480 };
  }

  /** Of the same device; stopped by itself. */
  clone(): InMemoryTrack {
    const copy = new InMemoryTrack(this.kind, this.label);
    copy.readyState = this.readyState;
    this.clones.push(copy);
    return copy;
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
  /** What opening them throws, by name, though it is allowed. */
  microphoneFault: string | undefined;
  cameraFault: string | undefined;
  /** Their ids are their names. The first microphone is the default one. */
  microphones: readonly string[] = ['Microphone'];
  speakers: readonly string[] = ['Speaker'];
  /** Root mean square of what microphones hear. */
  level = 0.1;
  canChooseSpeaker = true;
  /** Tones that were played, by loudspeaker; '' is the default one. */
  readonly played: string[] = [];
  /** Nothing can be played. */
  isMute = false;
  /** Nobody can tell how loud a microphone hears. */
  isUnmeasurable = false;
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
    const fault = (wantsAudio ? this.microphoneFault : undefined) ?? (wantsVideo ? this.cameraFault : undefined);
    if (fault !== undefined) throw new DOMException('a fault', fault);
    const tracks: InMemoryTrack[] = [];
    if (wantsAudio) tracks.push(new InMemoryTrack('audio', readDeviceId(audio) ?? this.microphones[0]));
    if (wantsVideo) tracks.push(new InMemoryTrack('video', 'Camera'));
    this.opened.push(...tracks);
    return new InMemoryStream(tracks) as unknown as MediaStream;
  };

  readonly enumerateDevices = async (): Promise<readonly MediaDeviceInfo[]> => {
    const list = (kind: MediaDeviceKind, names: readonly string[]) =>
      names.map((name) => ({ kind, deviceId: name, label: name }) as MediaDeviceInfo);
    return [...list('audioinput', this.microphones), ...list('audiooutput', this.speakers)];
  };

  /** Tracks whose lamp is on. */
  get live(): readonly InMemoryTrack[] {
    const tracks = this.opened.flatMap((track) => [track, ...track.clones]);
    return tracks.filter(({ readyState }) => readyState === 'live');
  }
}

function readDeviceId(constraints: boolean | MediaTrackConstraints | undefined): string | undefined {
  const id = typeof constraints === 'object' ? constraints.deviceId : undefined;
  return typeof id === 'object' && 'exact' in id && typeof id.exact === 'string' ? id.exact : undefined;
}

/**
 * Microphone and camera of one call.
 *
 * @module
 */
import { CameraRefused, MediaRefused } from '../errors.ts';
import type { Platform } from '../platform.ts';

export const cameraConstraints: MediaTrackConstraints = { width: { ideal: 640 }, height: { ideal: 480 } };

export class LocalMedia {
  /** The same object for as long as the call lives; its tracks come and go. */
  readonly stream: MediaStream;
  readonly #platform: Platform;
  #closed = false;

  private constructor(platform: Platform, stream: MediaStream) {
    this.#platform = platform;
    this.stream = stream;
  }

  /** Opens the microphone, and the camera where `video`. Rejects with a MediaRefused. */
  static async open(platform: Platform, { video }: { readonly video: boolean }): Promise<LocalMedia> {
    try {
      const stream = await platform.getUserMedia({ audio: true, video: video ? cameraConstraints : false });
      return new LocalMedia(platform, stream);
    } catch (cause) {
      throw new MediaRefused({ cause });
    }
  }

  get microphone(): MediaStreamTrack | undefined {
    return this.stream.getAudioTracks()[0];
  }

  get camera(): MediaStreamTrack | undefined {
    return this.stream.getVideoTracks()[0];
  }

  setMuted(muted: boolean): void {
    for (const track of this.stream.getAudioTracks()) track.enabled = !muted;
  }

  /** Opens the camera; the one there is where it is open. Rejects with a CameraRefused. */
  async openCamera(): Promise<MediaStreamTrack> {
    if (this.camera !== undefined) return this.camera;
    const track = await this.#openCamera();
    if (this.#closed) {
      track.stop();
      throw new CameraRefused();
    }
    this.stream.addTrack(track);
    return track;
  }

  /** The lamp goes off. */
  closeCamera(): void {
    for (const track of this.stream.getVideoTracks()) {
      track.stop();
      this.stream.removeTrack(track);
    }
  }

  close(): void {
    this.#closed = true;
    for (const track of this.stream.getTracks()) track.stop();
  }

  async #openCamera(): Promise<MediaStreamTrack> {
    try {
      const [track] = (await this.#platform.getUserMedia({ video: cameraConstraints })).getVideoTracks();
      if (track !== undefined) return track;
    } catch (cause) {
      throw new CameraRefused({ cause });
    }
    throw new CameraRefused();
  }
}

/**
 * Sound without a browser: what the devices of a test hear and play.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { Sound } from '../pre-call/sound.ts';
import { type InMemoryDevices, InMemoryTrack } from './in-memory-media.ts';

const toneMs = 2_000;

export function createSound(devices: InMemoryDevices, clock: Pick<Clock, 'after'>): Sound {
  return {
    get canChooseSpeaker() {
      return devices.canChooseSpeaker;
    },
    openMeter() {
      if (devices.isUnmeasurable) throw new DOMException('another sample rate', 'NotSupportedError');
      return { readLevel: () => devices.level, close: () => undefined };
    },
    playTone(speakerId = '') {
      if (devices.isMute) {
        return { done: Promise.reject(new DOMException('no device', 'AbortError')), stop: () => undefined };
      }
      devices.played.push(speakerId);
      const { promise, resolve } = Promise.withResolvers<void>();
      const stopTimer = clock.after(toneMs, resolve);
      const stop = (): void => {
        stopTimer();
        resolve();
      };
      return { done: promise, stop };
    },
    openTone() {
      const track = new InMemoryTrack('audio', 'Tone');
      devices.opened.push(track);
      return { track: track as unknown as MediaStreamTrack, close: () => track.stop() };
    },
  };
}

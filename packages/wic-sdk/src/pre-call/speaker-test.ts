/**
 * The loudspeaker: a tone, and the person who says whether it was heard. No page can know that by itself.
 *
 * @module
 */
import type { Platform } from '../platform.ts';
import { listDevices } from './open-device.ts';
import type { SpeakerStep } from './pre-call-test.ts';
import type { Run } from './run.ts';
import type { PlayedTone, Sound } from './sound.ts';

export interface SpeakerTestOptions {
  readonly sound: Sound;
  readonly read: () => SpeakerStep;
  readonly change: (change: Partial<SpeakerStep>) => void;
}

/** Whoever says nothing has gone, or has no ear for it. */
const patienceMs = 60_000;
const unanswered = { status: 'skipped', problem: 'no answer' } as const;

export class SpeakerTest {
  readonly #options: SpeakerTestOptions;
  #tone: PlayedTone | undefined;
  #goOn: () => void = () => undefined;

  constructor(options: SpeakerTestOptions) {
    this.#options = options;
  }

  /** Until the person has answered, does not want to, or stays silent. */
  async run(run: Run, platform: Platform): Promise<void> {
    const { sound, change, read } = this.#options;
    change({ status: 'running' });
    const devices = sound.canChooseSpeaker ? await listDevices(platform, run, 'audiooutput') : [];
    if (run.isOver) return;
    change({ devices });
    if (read().status !== 'running') return;
    await run.wait(patienceMs, undefined, (settle) => {
      this.#goOn = () => settle(undefined);
      return () => {
        this.#goOn = () => undefined;
      };
    });
    if (!run.isOver && read().status === 'running') change(unanswered);
  }

  /** Once more from the beginning, where it sounds already. */
  play(run: Run): void {
    const { sound, change, read } = this.#options;
    this.#tone?.stop();
    const tone = sound.playTone(read().chosen);
    this.#tone = tone;
    const release = run.hold(() => tone.stop());
    change({ isPlaying: true });
    /** False where another one sounds instead. */
    const isOver = (): boolean => {
      release();
      if (this.#tone !== tone) return false;
      this.#tone = undefined;
      return true;
    };
    tone.done.then(
      () => {
        if (!isOver()) return;
        change({ isPlaying: false, wasPlayed: true, ...(read().problem === 'cannot play' && unanswered) });
      },
      () => {
        if (!isOver()) return;
        change({ isPlaying: false, status: 'failed', problem: 'cannot play' });
        this.#goOn();
      },
    );
  }

  answer(heard: boolean): void {
    const { change } = this.#options;
    this.#tone?.stop();
    change(heard ? { status: 'good', problem: undefined } : { status: 'failed', problem: 'not heard' });
    this.#goOn();
  }

  skip(): void {
    if (this.#options.read().status !== 'running') return;
    this.#options.change(unanswered);
    this.#goOn();
  }
}

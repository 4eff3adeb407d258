/**
 * Ringing as samples: one full period of a tone, made to be looped.
 *
 * A loop needs no timers, so nothing can be left ringing.
 *
 * @module
 */

interface Burst {
  readonly fromSeconds: number;
  readonly lengthSeconds: number;
  /** Sounded together. */
  readonly frequenciesHz: readonly number[];
}

export interface Cadence {
  readonly periodSeconds: number;
  /** 0 to 1. */
  readonly level: number;
  readonly bursts: readonly Burst[];
}

const chime = (fromSeconds: number, ...frequenciesHz: readonly number[]): Burst => ({
  fromSeconds,
  lengthSeconds: 0.42,
  frequenciesHz,
});

/** What the page can sound: the far end rings, somebody calls, somebody calls during a call. */
export const cadences = {
  'ring out': { periodSeconds: 5, level: 0.12, bursts: [{ fromSeconds: 0, lengthSeconds: 1, frequenciesHz: [425] }] },
  'ring in': {
    periodSeconds: 3,
    level: 0.3,
    bursts: [chime(0, 587.33, 880), chime(0.2, 739.99), chime(0.4, 880, 1174.66), chime(0.9, 880, 1174.66)],
  },
  'call waiting': {
    periodSeconds: 4,
    level: 0.08,
    bursts: [
      { fromSeconds: 0, lengthSeconds: 0.15, frequenciesHz: [425] },
      { fromSeconds: 0.3, lengthSeconds: 0.15, frequenciesHz: [425] },
    ],
  },
} as const satisfies Readonly<Record<string, Cadence>>;

export type CadenceName = keyof typeof cadences;

/** How long a burst takes to swell and to fade: shorter, and it clicks. */
const rampSeconds = 0.02;

/** One period, from -1 to 1. */
export function renderCadence(
  { periodSeconds, level, bursts }: Cadence,
  sampleRate: number,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(periodSeconds * sampleRate));
  for (const { fromSeconds, lengthSeconds, frequenciesHz } of bursts) {
    const first = Math.round(fromSeconds * sampleRate);
    const length = Math.min(Math.round(lengthSeconds * sampleRate), samples.length - first);
    for (let index = 0; index < length; index++) {
      const seconds = index / sampleRate;
      const envelope = Math.min(1, seconds / rampSeconds, (length - index) / sampleRate / rampSeconds);
      const tone = frequenciesHz.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * seconds), 0);
      samples[first + index] = (samples[first + index] ?? 0) + (level * envelope * tone) / frequenciesHz.length;
    }
  }
  return samples;
}

import { describe, expect, it } from 'vitest';
import { type CadenceName, cadences, renderCadence } from './cadence.ts';

const sampleRate = 8_000;
const names = Object.keys(cadences) as CadenceName[];

describe('ringing', () => {
  it.each(names)('[WIC] %s stays within its level and loops without a click', (name) => {
    const samples = renderCadence(cadences[name], sampleRate);
    expect(samples).toHaveLength(cadences[name].periodSeconds * sampleRate);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest).toBeGreaterThan(cadences[name].level / 2);
    expect(loudest).toBeLessThan(1);
    expect(Math.abs(samples[0] ?? 1)).toBeLessThan(0.001);
    expect(samples.at(-1)).toBe(0);
  });

  it('[WIC] ringing out sounds 425 Hz for one second in five', () => {
    const samples = renderCadence(cadences['ring out'], sampleRate);
    const second = samples.subarray(0, sampleRate);
    expect(strength(second, 425)).toBeGreaterThan(50 * strength(second, 600));
    expect(samples.subarray(sampleRate).every((sample) => sample === 0)).toBe(true);
  });
});

/** How much of one frequency there is: the length of that one term of the Fourier sum. */
function strength(samples: Float32Array, hz: number): number {
  let [real, imaginary] = [0, 0];
  samples.forEach((sample, index) => {
    const angle = (2 * Math.PI * hz * index) / sampleRate;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  });
  return Math.hypot(real, imaginary);
}

/**
 * How sound will be, from what it goes through: the E-model, with its defaults where nothing is measured.
 *
 * The loopback has the shape of a call to somebody who is as far from the relay as oneself, so half of its round trip
 * is what a call takes from mouth to ear, on the network.
 *
 * - Delay: Id = 0.024 d + 0.11 (d - 177.3) above 177.3 ms, the usual straight-line form of ITU-T G.107 7.4. It agrees
 *   with G.114: nothing to notice up to 150 ms one way, and not to be had beyond 400 ms.
 * - Loss: Ie,eff = 95 Ppl / (Ppl + Bpl) (G.107 7.5) for a codec without impairment of its own. G.113 has no Bpl for
 *   Opus: that of G.711 with loss concealment, 25.1, stands in, which Opus does not fall behind.
 * - R to words: G.109. From 80 on people are satisfied (good), from 70 on some are not (fair), below that many (poor).
 *
 * @module
 */
import type { Grade, Measured } from './pre-call-test.ts';

/** R without impairments (G.107, default values). */
const best = 93.2;
/** A frame, the look-ahead of the codec, and sound devices at both ends, in milliseconds. */
const endsMs = 50;
/** The jitter buffer waits for about twice the mean deviation. */
const bufferPerJitter = 2;
const lossRobustness = 25.1;
/** Sound at 32 kbit/s, and as much again for headers at 50 packets a second. */
const leastKbps = 64;

/** R of the E-model, 0 to 93.2. */
export function rateSound({ roundTripMs, jitterMs, lossPercent }: Measured): number {
  const delayMs = roundTripMs / 2 + bufferPerJitter * jitterMs + endsMs;
  const delayImpairment = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - 177.3);
  const lossImpairment = (95 * lossPercent) / (lossPercent + lossRobustness);
  return Math.max(0, best - delayImpairment - lossImpairment);
}

/** What is too narrow for sound is never good, however fast. */
export function gradeSound(measured: Measured): Grade {
  const rating = rateSound(measured);
  if (rating < 70) return 'poor';
  const isNarrow = measured.bitrateKbps !== undefined && measured.bitrateKbps < leastKbps;
  return rating < 80 || isNarrow ? 'fair' : 'good';
}

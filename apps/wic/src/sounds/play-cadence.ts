/**
 * Sounds a cadence until told to stop.
 *
 * @module
 */
import { type Cadence, renderCadence } from './cadence.ts';

/**
 * Starts `cadence` over and over; the function that ends it, at once and for good.
 *
 * A browser keeps a page silent until the person has touched it: then the sound starts with the first touch.
 */
export function playCadence(cadence: Cadence, createContext: () => AudioContext): () => void {
  const context = createContext();
  const samples = renderCadence(cadence, context.sampleRate);
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  source.connect(context.destination);
  source.start();

  const touched = new AbortController();
  const wake = (): void => void context.resume().catch(ignoreClosed);
  for (const name of ['pointerdown', 'keydown'] as const) {
    document.addEventListener(name, wake, { signal: touched.signal, capture: true });
  }
  if (context.state === 'suspended') wake();

  return () => {
    touched.abort();
    source.stop();
    source.disconnect();
    context.close().catch(ignoreClosed);
  };
}

/** A context that is closed while it wakes rejects; the silence is what was wanted. */
function ignoreClosed(): void {}

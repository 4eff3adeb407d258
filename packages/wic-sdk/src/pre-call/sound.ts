/**
 * What a test needs of the browser's sound: a meter, and a tone to hear or to send.
 *
 * @module
 */

export interface Meter {
  /** Root mean square of the last moment, 0 to 1. */
  readonly readLevel: () => number;
  readonly close: () => void;
}

export interface PlayedTone {
  /** Resolves when it is over, or stopped. Rejects with a DOMException where nothing can be played. */
  readonly done: Promise<void>;
  readonly stop: () => void;
}

export interface SentTone {
  readonly track: MediaStreamTrack;
  readonly close: () => void;
}

export interface Sound {
  readonly canChooseSpeaker: boolean;
  /** @throws {DOMException} the browser cannot measure this one. */
  readonly openMeter: (stream: MediaStream) => Meter;
  /** Two seconds, on the loudspeaker of this id, or on the default one. */
  readonly playTone: (speakerId: string | undefined) => PlayedTone;
  readonly openTone: () => SentTone;
}

/** A pleasant chord, in Hz. */
const chord = [523.25, 659.25] as const;
const toneSeconds = 2;
const fadeSeconds = 0.1;
const meterSamples = 1_024;

/** The browser's own; looks nothing up before it is used. */
export function browserSound(): Sound {
  return {
    get canChooseSpeaker() {
      return 'setSinkId' in globalThis.HTMLMediaElement.prototype;
    },
    openMeter,
    playTone,
    openTone,
  };
}

function openMeter(stream: MediaStream): Meter {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: meterSamples });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    readLevel() {
      if (context.state === 'suspended') void context.resume().catch(ignoreClosed);
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    },
    close() {
      source.disconnect();
      context.close().catch(ignoreClosed);
    },
  };
}

/** Through an element, as calls are heard. */
function playTone(speakerId: string | undefined): PlayedTone {
  const context = new AudioContext();
  const destination = context.createMediaStreamDestination();
  const gain = new GainNode(context, { gain: 0 });
  gain.connect(destination);
  const oscillators = chord.map((frequency) => new OscillatorNode(context, { frequency }));
  for (const oscillator of oscillators) oscillator.connect(gain);
  const element = new Audio();
  element.srcObject = destination.stream;
  const { promise, resolve } = Promise.withResolvers<void>();
  const play = async (): Promise<void> => {
    if (speakerId !== undefined) await element.setSinkId(speakerId);
    await Promise.all([context.resume(), element.play()]);
    const start = context.currentTime;
    const end = start + toneSeconds;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.2, start + fadeSeconds);
    gain.gain.setValueAtTime(0.2, end - fadeSeconds);
    gain.gain.linearRampToValueAtTime(0, end);
    for (const oscillator of oscillators) oscillator.start(start);
    for (const oscillator of oscillators) oscillator.stop(end);
    oscillators[0]?.addEventListener('ended', () => resolve());
    await promise;
  };
  const close = (): void => {
    resolve();
    element.pause();
    element.srcObject = null;
    context.close().catch(ignoreClosed);
  };
  // Stopped before it sounds, the browser says that it could not play.
  return { done: Promise.race([promise, play()]).finally(close), stop: close };
}

function openTone(): SentTone {
  const context = new AudioContext();
  const destination = context.createMediaStreamDestination();
  const oscillator = new OscillatorNode(context, { frequency: chord[0] });
  oscillator.connect(new GainNode(context, { gain: 0.2 })).connect(destination);
  oscillator.start();
  void context.resume().catch(ignoreClosed);
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new TypeError('expected a destination with a track');
  return {
    track,
    close() {
      track.stop();
      context.close().catch(ignoreClosed);
    },
  };
}

/** A context that is closed while it wakes rejects; silence is what was wanted. */
function ignoreClosed(): void {}

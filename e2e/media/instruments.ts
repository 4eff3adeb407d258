/**
 * What tests put into a page and read out of it: a tone instead of the microphone, the loudest frequency that is
 * heard, the peer connections' statistics.
 *
 * @module
 */
import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** Every peer connection the page has made, oldest first. */
    testPeerConnections: RTCPeerConnection[];
    testWebSockets: WebSocket[];
    /** One for each thing the page plays by WebAudio. */
    testPlayed: AnalyserNode[];
    /** Tells when the first INVITE left, and when the person clicked. */
    testSent: { readonly text: string; readonly at: number }[];
  }
}

/** Runs in the page before any of its scripts. */
export function installInstruments(toneHz: number): void {
  window.testPeerConnections = [];
  window.testSent = [];
  window.testWebSockets = [];
  window.testPlayed = [];

  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  const tapped = function (this: AudioNode, ...args: unknown[]): unknown {
    if (args[0] instanceof AudioDestinationNode) {
      const analyser = new AnalyserNode(this.context, { fftSize: 2_048 });
      connect.call(this, analyser);
      window.testPlayed.push(analyser);
    }
    return connect.apply(this, args);
  };
  Object.defineProperty(AudioNode.prototype, 'connect', { value: tapped });

  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      window.testPeerConnections.push(this);
    }
  };

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!window.testWebSockets.includes(this)) window.testWebSockets.push(this);
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer);
    window.testSent.push({ text: text.split('\r\n')[0] ?? '', at: performance.now() });
    send.call(this, data);
  };

  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    if (stream.getAudioTracks().length === 0) return stream;
    const context = new AudioContext();
    const oscillator = new OscillatorNode(context, { frequency: toneHz });
    const destination = context.createMediaStreamDestination();
    oscillator.connect(new GainNode(context, { gain: 0.5 })).connect(destination);
    oscillator.start();
    for (const track of stream.getAudioTracks()) track.stop();
    return new MediaStream([...destination.stream.getAudioTracks(), ...stream.getVideoTracks()]);
  };
}

export interface Heard {
  /** The loudest frequency, in Hz, within the resolution of the analysis (about 6 Hz). */
  readonly hz: number;
  /** 0 (silence) to 1. */
  readonly level: number;
}

/** What the far end's sound is like in this page now. */
export function listen(page: Page): Promise<Heard> {
  return page.evaluate(async () => {
    const streams = [...document.querySelectorAll<HTMLMediaElement>('video, audio')]
      .filter((element) => !element.muted)
      .map((element) => element.srcObject)
      .filter((source) => source instanceof MediaStream && source.getAudioTracks().length > 0);
    const [stream] = streams as MediaStream[];
    if (stream === undefined) return { hz: 0, level: 0 };
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8_192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    // One full window of new samples.
    const until = context.currentTime + (2 * analyser.fftSize) / context.sampleRate;
    while (context.currentTime < until) await new Promise((resolve) => requestAnimationFrame(resolve));
    analyser.getFloatTimeDomainData(samples);
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(Math.max(...bins));
    const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    const hz = (loudest * context.sampleRate) / analyser.fftSize;
    await context.close();
    return { hz, level };
  });
}

/** Local and remote candidate types of the pair that media takes, and its transport; undefined while there is none. */
export function selectedPair(
  page: Page,
): Promise<{ local: string; remote: string; relayProtocol: string } | undefined> {
  return page.evaluate(async () => {
    const connection = window.testPeerConnections.findLast(({ connectionState }) => connectionState === 'connected');
    if (connection === undefined) return undefined;
    const stats = await connection.getStats();
    const all = [...(stats as unknown as Map<string, Record<string, string>>).values()];
    const transport = all.find(({ type }) => type === 'transport');
    const pair = all.find(({ id }) => id === transport?.selectedCandidatePairId);
    const of = (id: string | undefined) => all.find((each) => each.id === id);
    const local = of(pair?.localCandidateId);
    const remote = of(pair?.remoteCandidateId);
    if (local === undefined || remote === undefined) return undefined;
    return {
      local: local.candidateType ?? '',
      remote: remote.candidateType ?? '',
      relayProtocol: local.relayProtocol ?? '',
    };
  });
}

/** The loudest that the page plays by WebAudio within three seconds, 0 (silence) to 1. */
export function played(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let loudest = 0;
    const start = performance.now();
    while (performance.now() - start < 3_000 && loudest < 0.01) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      for (const analyser of window.testPlayed.filter(({ context }) => context.state === 'running')) {
        const samples = new Float32Array(analyser.fftSize);
        analyser.getFloatTimeDomainData(samples);
        loudest = Math.max(loudest, ...samples.map(Math.abs));
      }
    }
    return loudest;
  });
}

/**
 * Records a call from within its page: the pair of candidates that media take, and every gap in the sound.
 *
 * @module
 */
import type { Page } from '@playwright/test';

/** The pair of candidates that media took at one time. */
export interface PairSample {
  /** On the scale of Date.now(). */
  readonly atMs: number;
  /** Local candidate of the selected pair, as the browser calls it. */
  readonly local: string;
  readonly localType: string;
  readonly relayProtocol: string;
  /** Packets of the far end's sound that never came, since the call began. A machine that is late loses none. */
  readonly lost: number;
}

/** A time without sound. */
export interface Gap {
  /** On the scale of Date.now(). */
  readonly atMs: number;
  readonly lastsMs: number;
}

export interface Recording {
  /** Ten a second. */
  readonly pairs: readonly PairSample[];
  readonly gaps: readonly Gap[];
  /** Of the sound that came in. */
  readonly heardMs: number;
  /** What the browser made up in the place of packets that came late or never; and of that, what was mere silence. */
  readonly concealedMs: number;
  readonly silentMs: number;
}

interface Recorder {
  readonly stop: () => Promise<Recording>;
}

declare global {
  // Chromium's own (W3C mediacapture-transform); TypeScript does not know it.
  class MediaStreamTrackProcessor {
    readonly readable: ReadableStream<AudioData>;
    constructor(options: { track: MediaStreamTrack; maxBufferSize: number });
  }
  interface Window {
    testRecorder: Recorder;
  }
}

/** Begins to record the call that the page is in. */
export function startRecording(page: Page): Promise<void> {
  return page.evaluate(record);
}

export function stopRecording(page: Page): Promise<Recording> {
  return page.evaluate(() => window.testRecorder.stop());
}

/** Runs in the page. */
async function record(): Promise<void> {
  type Entry = Record<string, string> & Record<'concealedSamples' | 'silentConcealedSamples' | 'packetsLost', number>;
  const connection = window.testPeerConnections.findLast(({ connectionState }) => connectionState === 'connected');
  const track = connection?.getReceivers().find((receiver) => receiver.track.kind === 'audio')?.track;
  if (connection === undefined || track === undefined) throw new TypeError('expected a call');
  const read = async (): Promise<readonly Entry[]> => [
    ...((await connection.getStats()) as unknown as Map<string, Entry>).values(),
  ];
  const findInbound = (all: readonly Entry[]): Entry | undefined =>
    all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');

  const gaps: { atMs: number; lastsMs: number }[] = [];
  let heardMs = 0;
  let gapMs = 0;
  const reader = new MediaStreamTrackProcessor({ track: track.clone(), maxBufferSize: 1_000 }).readable.getReader();
  // Blocks of 10 ms; below a third of the tone's level there is a gap.
  const hear = async (): Promise<void> => {
    for (;;) {
      const { value: block } = await reader.read();
      if (block === undefined) return;
      const samples = new Float32Array(block.numberOfFrames);
      block.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      const ms = block.duration / 1_000;
      block.close();
      const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      heardMs += ms;
      if (level < 0.1) gapMs += ms;
      else if (gapMs > 0) {
        gaps.push({ atMs: Date.now() - gapMs, lastsMs: gapMs });
        gapMs = 0;
      }
    }
  };

  const pairs: PairSample[] = [];
  const sample = async (): Promise<void> => {
    const atMs = Date.now();
    const all = await read();
    const transport = all.find(({ type }) => type === 'transport');
    const pair = all.find(({ id }) => id === transport?.selectedCandidatePairId);
    const local = all.find(({ id }) => id === pair?.localCandidateId);
    pairs.push({
      atMs,
      local: local?.id ?? '',
      localType: local?.candidateType ?? '',
      relayProtocol: local?.relayProtocol ?? '',
      lost: findInbound(all)?.packetsLost ?? 0,
    });
  };

  const before = findInbound(await read());
  const timer = setInterval(() => void sample(), 100);
  void hear();
  window.testRecorder = {
    async stop() {
      clearInterval(timer);
      await reader.cancel();
      const after = findInbound(await read());
      const msOf = (name: 'concealedSamples' | 'silentConcealedSamples'): number =>
        ((after?.[name] ?? 0) - (before?.[name] ?? 0)) / 48;
      const [concealedMs, silentMs] = [msOf('concealedSamples'), msOf('silentConcealedSamples')];
      return { pairs, gaps, heardMs, concealedMs, silentMs };
    },
  };
}

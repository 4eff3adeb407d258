/**
 * A registered WIC, and its test before a call.
 *
 * @module
 */
import type { CreateWicOptions } from '../create-wic.ts';
import type { PreCallState, PreCallTest } from '../pre-call/pre-call-test.ts';
import type { Wic } from '../wic.ts';
import type { InMemoryBrowser } from './in-memory-browser.ts';
import type { InMemoryTrack } from './in-memory-media.ts';
import { InMemoryWorld } from './in-memory-world.ts';

/** One relay, over each transport. */
export const turnUris = {
  udp: 'turn:turn.example:3478',
  tcp: 'turn:turn.example:3478?transport=tcp',
  tls: 'turns:turn.example:5349?transport=tcp',
} as const;

/** What two good ends count, near each other. */
export const goodStats = [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  { id: 'P', type: 'candidate-pair', totalRoundTripTime: 0.2, responsesReceived: 5, availableOutgoingBitrate: 300_000 },
  { id: 'I', type: 'inbound-rtp', kind: 'audio', packetsReceived: 250, packetsLost: 0, jitter: 0.002 },
] as const;

const talkMs = 10_000;
const longMs = 60_000;

export class PreCallStage {
  readonly world: InMemoryWorld;
  readonly browser: InMemoryBrowser;
  readonly wic: Wic;

  private constructor(world: InMemoryWorld, browser: InMemoryBrowser, wic: Wic) {
    this.world = world;
    this.browser = browser;
    this.wic = wic;
  }

  static async open(options: Partial<CreateWicOptions> = {}): Promise<PreCallStage> {
    const world = new InMemoryWorld();
    world.ice.stats = goodStats;
    const { browser, wic } = await world.register('alice', { turnUris: Object.values(turnUris), ...options });
    return new PreCallStage(world, browser, wic);
  }

  get test(): PreCallTest {
    return this.wic.preCallTest;
  }

  get now(): PreCallState {
    return this.test.getSnapshot();
  }

  /** Of the steps, in their order. */
  get statuses(): readonly string[] {
    const { microphone, speaker, camera, signalling, relays, loopback } = this.now;
    return [microphone, speaker, camera, signalling, ...relays, loopback].map(({ status }) => status);
  }

  /** Microphones and cameras that are on. */
  get live(): readonly InMemoryTrack[] {
    return this.browser.devices.live;
  }

  advance(ms: number): Promise<void> {
    return this.world.clock.advance(ms);
  }

  /** The whole test; the person says whether the tone was heard. */
  async runAll(heard = true): Promise<PreCallState> {
    this.test.start();
    await this.advance(talkMs);
    this.test.answerTone(heard);
    await this.advance(longMs);
    if (this.now.status !== 'done') throw new TypeError('expected a test that is done');
    return this.now;
  }
}

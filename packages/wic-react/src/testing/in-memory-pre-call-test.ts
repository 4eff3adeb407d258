/**
 * A test before a call that tests nothing, and says what it is told to.
 *
 * @module
 */
import type { PreCallState, PreCallTest } from '@wicgate/wic-sdk';
import { ObservableValue } from './observable-value.ts';

const waiting = { status: 'waiting', problem: undefined } as const;
const server = 'turn.ims.example:3478';

/** Nothing has begun; relays over UDP, TCP and TLS are configured. */
export const preCallIdle: PreCallState = {
  status: 'idle',
  microphone: { ...waiting, name: undefined, devices: [], chosen: undefined },
  speaker: { ...waiting, isPlaying: false, wasPlayed: false, devices: [], chosen: undefined },
  camera: { ...waiting, name: undefined, width: undefined, height: undefined, picture: undefined },
  signalling: { ...waiting, gateway: 'wss://ep-cscf.ims.example/', roundTripMs: undefined },
  relays: [
    { uri: `turn:${server}`, relay: { server, transport: 'UDP' } as const },
    { uri: `turn:${server}?transport=tcp`, relay: { server, transport: 'TCP' } as const },
    {
      uri: 'turns:turn.ims.example:443?transport=tcp',
      relay: { server: 'turn.ims.example:443', transport: 'TLS' } as const,
    },
  ].map((relay) => ({ ...waiting, ...relay, afterMs: undefined, errorCode: undefined })),
  loopback: { ...waiting, relay: undefined, measured: undefined, grade: undefined },
  verdict: undefined,
};

/** All is well. */
export const preCallDone: PreCallState = {
  status: 'done',
  microphone: {
    status: 'good',
    problem: undefined,
    name: 'Headset Microphone (USB)',
    devices: [
      { id: 'headset', name: 'Headset Microphone (USB)' },
      { id: 'built-in', name: 'Built-in Microphone' },
    ],
    chosen: 'headset',
  },
  speaker: {
    status: 'good',
    problem: undefined,
    isPlaying: false,
    wasPlayed: true,
    devices: [
      { id: 'default', name: 'Default' },
      { id: 'headset', name: 'Headset (USB)' },
    ],
    chosen: undefined,
  },
  camera: { status: 'good', problem: undefined, name: 'HD Webcam', width: 640, height: 480, picture: undefined },
  signalling: { ...preCallIdle.signalling, status: 'good', roundTripMs: 34 },
  relays: preCallIdle.relays.map((step, index) => ({ ...step, status: 'good', afterMs: 60 + 45 * index })),
  loopback: {
    status: 'good',
    problem: undefined,
    relay: { server, transport: 'UDP' },
    measured: { roundTripMs: 62, jitterMs: 3.4, lossPercent: 0.2, bitrateKbps: 300 },
    grade: 'good',
  },
  verdict: { kind: 'ready', concerns: [] },
};

export class InMemoryPreCallTest implements PreCallTest {
  readonly microphoneLevel = new ObservableValue(0);
  /** May be set to anything. */
  readonly state = new ObservableValue<PreCallState>(preCallIdle);
  /** What comes of a start. */
  readonly #results: PreCallState;

  constructor(results: PreCallState = preCallDone) {
    this.#results = results;
  }

  readonly getSnapshot = (): PreCallState => this.state.getSnapshot();
  readonly subscribe = (listener: () => void): (() => void) => this.state.subscribe(listener);
  readonly start = (): void => {
    this.microphoneLevel.set(this.#results.status === 'running' ? 0.08 : 0);
    this.state.set(this.#results);
  };
  readonly stop = (): void => {
    this.microphoneLevel.set(0);
    if (this.getSnapshot() !== preCallIdle) this.state.set(preCallIdle);
  };
  readonly playTone = (): void => this.#change('speaker', { isPlaying: true });
  readonly answerTone = (heard: boolean): void =>
    this.#change('speaker', {
      isPlaying: false,
      wasPlayed: true,
      ...(heard ? { status: 'good', problem: undefined } : { status: 'failed', problem: 'not heard' }),
    });
  readonly skipTone = (): void => this.#change('speaker', { status: 'skipped', problem: 'no answer' });
  readonly chooseMicrophone = (chosen: string): void => this.#change('microphone', { chosen });
  readonly chooseSpeaker = (chosen: string): void => this.#change('speaker', { chosen });

  #change<Name extends 'microphone' | 'speaker'>(name: Name, change: Partial<PreCallState[Name]>): void {
    const before = this.getSnapshot();
    this.state.set({ ...before, [name]: { ...before[name], ...change } });
  }
}

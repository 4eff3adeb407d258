/**
 * What a page sees of the test before a call: devices, connection and relays, one after the other, while the person
 * listens for the tone.
 *
 * @module
 */
import type { Observable, Relay } from '../wic.ts';

/** `waiting`: its turn has not come. `poor`: works, but not well. `skipped`: nothing there to test, or not wanted. */
export type StepStatus = 'waiting' | 'running' | 'good' | 'poor' | 'failed' | 'skipped';

/** A microphone or a loudspeaker, as the browser names it. */
export interface Device {
  readonly id: string;
  readonly name: string;
}

/** `no answer`: the person was asked and did not answer; `not supported`: the browser gives none to this page. */
export type DeviceProblem = 'not allowed' | 'none' | 'in use' | 'no answer' | 'not supported' | 'unplugged';

export interface MicrophoneStep {
  readonly status: StepStatus;
  /**
   * `silent`: open, and nothing was heard; that is `poor`, until something is. `not measured`: open, and the browser
   * cannot tell what it hears; that is `skipped`.
   */
  readonly problem: DeviceProblem | 'silent' | 'not measured' | undefined;
  readonly name: string | undefined;
  readonly devices: readonly Device[];
  /** The id of the one in use. */
  readonly chosen: string | undefined;
}

export interface SpeakerStep {
  readonly status: StepStatus;
  readonly problem: 'not heard' | 'no answer' | 'cannot play' | undefined;
  readonly isPlaying: boolean;
  readonly wasPlayed: boolean;
  /** Empty where the browser lets nobody choose. */
  readonly devices: readonly Device[];
  /** Undefined: the default one. */
  readonly chosen: string | undefined;
}

export interface CameraStep {
  readonly status: StepStatus;
  readonly problem: DeviceProblem | undefined;
  readonly name: string | undefined;
  /** In pixels. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Ours alone, while the camera is on. */
  readonly picture: MediaStream | undefined;
}

export interface SignallingStep {
  readonly status: StepStatus;
  readonly problem: 'not registered' | 'no answer' | 'connection lost' | undefined;
  /** URL of the eP-CSCF's WebSocket. */
  readonly gateway: string;
  readonly roundTripMs: number | undefined;
}

/**
 * `no credential`: the network has handed out none; `refused`: the server does not take it; `full`: the server has no
 * room; `unreachable`: no connection comes about, or no answer comes back; `malformed`: the URI is none.
 */
export type RelayTestProblem = 'no credential' | 'refused' | 'full' | 'unreachable' | 'malformed';

/** One TURN URI of the configuration. */
export interface RelayStep {
  readonly status: StepStatus;
  readonly problem: RelayTestProblem | undefined;
  /** As configured, e.g. `turn:turn.example:3478?transport=tcp`. */
  readonly uri: string;
  readonly relay: Relay;
  /** Milliseconds to the first relayed candidate. */
  readonly afterMs: number | undefined;
  /** Of STUN, or of the browser (700 to 799), where there was one. */
  readonly errorCode: number | undefined;
}

/** Of sound, by the E-model (ITU-T G.107, G.109). */
export type Grade = 'good' | 'fair' | 'poor';

/** What sound goes through on its way. */
export interface Measured {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly lossPercent: number;
  /** The browser's estimate; undefined where it makes none. */
  readonly bitrateKbps: number | undefined;
}

export interface LoopbackStep {
  readonly status: StepStatus;
  /** `nothing came through`: connected, but no sound arrived. */
  readonly problem: 'no relay' | 'not connected' | 'nothing came through' | undefined;
  /** The one that was used. */
  readonly relay: Relay | undefined;
  readonly measured: Measured | undefined;
  readonly grade: Grade | undefined;
}

/** What is the matter with calls; worst first. */
export type Concern =
  | ('no microphone' | 'no signalling' | 'no relay' | 'loopback failed' | 'poor quality')
  | ('fair quality' | 'silent microphone' | 'speaker not heard' | 'relay without UDP' | 'relay partly blocked')
  | ('no relay offered' | 'camera not usable');

/** `ready`: without concerns; `limited`: calls work, but; `not ready`: calls do not work, and these are the reasons. */
export interface Verdict {
  readonly kind: 'ready' | 'limited' | 'not ready';
  readonly concerns: readonly Concern[];
}

export interface PreCallState {
  /** `in call`: was not begun, or was ended, because there is a call. */
  readonly status: 'idle' | 'in call' | 'running' | 'done';
  readonly microphone: MicrophoneStep;
  readonly speaker: SpeakerStep;
  readonly camera: CameraStep;
  readonly signalling: SignallingStep;
  /** In the order of the configuration; empty where no relay is configured. */
  readonly relays: readonly RelayStep[];
  readonly loopback: LoopbackStep;
  /** When it is done. */
  readonly verdict: Verdict | undefined;
}

/** Methods are bound. Nothing throws; what goes wrong is in the state. */
export interface PreCallTest extends Observable<PreCallState> {
  /** What the microphone hears now: root mean square, from 0 (silence) to 1. */
  readonly microphoneLevel: Observable<number>;
  /** Begins, or begins anew; nothing while it runs. */
  readonly start: () => void;
  /** Ends everything: camera, microphone and connections are closed, and the results forgotten. */
  readonly stop: () => void;
  readonly playTone: () => void;
  /** Whether the person heard the tone; may be said, and said otherwise, until {@link stop}. */
  readonly answerTone: (heard: boolean) => void;
  /** The test goes on without the loudspeaker. */
  readonly skipTone: () => void;
  /** Tests another microphone. */
  readonly chooseMicrophone: (id: string) => void;
  /** For the tones that follow. */
  readonly chooseSpeaker: (id: string) => void;
}

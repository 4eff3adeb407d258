/**
 * The connection test as it looks when it finds this or that.
 *
 * @module
 */
import { preCallDone, preCallIdle } from '@wicgate/wic-react/testing';
import type { PreCallState } from '@wicgate/wic-sdk';
import { drawnMedia } from './drawn-media.ts';
import type { Act, Scene } from './scenes.ts';

/** Opens the connection test and begins it. */
const testing: readonly Act[] = [{ press: 'Test your connection' }, { press: 'Start test' }];

const waitingRelays = preCallIdle.relays;
const [udpRelay, tcpRelay, tlsRelay] = preCallDone.relays;
if (udpRelay === undefined || tcpRelay === undefined || tlsRelay === undefined) throw new TypeError('expected relays');

const askingForTone: PreCallState = {
  ...preCallIdle,
  status: 'running',
  microphone: preCallDone.microphone,
  speaker: { ...preCallDone.speaker, status: 'running', wasPlayed: false },
};

const seeingOneself: PreCallState = {
  ...preCallDone,
  status: 'running',
  signalling: preCallDone.signalling,
  relays: waitingRelays.map((step, index) => (index === 0 ? { ...step, status: 'running' } : step)),
  loopback: preCallIdle.loopback,
  verdict: undefined,
};

const partlyBlocked: PreCallState = {
  ...preCallDone,
  speaker: { ...preCallDone.speaker, status: 'skipped', problem: 'no answer' },
  camera: { ...preCallIdle.camera, status: 'skipped', problem: 'none' },
  relays: [{ ...udpRelay, status: 'failed', problem: 'unreachable', errorCode: 701 }, { ...tcpRelay }, tlsRelay],
  loopback: {
    ...preCallDone.loopback,
    status: 'poor',
    relay: tcpRelay.relay,
    measured: { roundTripMs: 382, jitterMs: 21, lossPercent: 2.4, bitrateKbps: 96 },
    grade: 'fair',
  },
  verdict: { kind: 'limited', concerns: ['fair quality', 'relay without UDP'] },
};

const notReady: PreCallState = {
  ...preCallDone,
  microphone: { ...preCallIdle.microphone, status: 'failed', problem: 'not allowed' },
  speaker: { ...preCallDone.speaker, status: 'failed', problem: 'not heard' },
  camera: { ...preCallIdle.camera, status: 'failed', problem: 'not allowed' },
  signalling: { ...preCallIdle.signalling, status: 'failed', problem: 'no answer' },
  relays: waitingRelays.map((step) => ({ ...step, status: 'failed', problem: 'unreachable', errorCode: 701 })),
  loopback: { ...preCallIdle.loopback, status: 'failed', problem: 'no relay' },
  verdict: { kind: 'not ready', concerns: ['no microphone', 'no signalling'] },
};

export const preCallScenes: Readonly<Record<string, Scene>> = {
  'test': { acts: [{ press: 'Test your connection' }] },
  'test-tone': { preCall: askingForTone, acts: testing },
  'test-tone-played': {
    preCall: { ...askingForTone, speaker: { ...askingForTone.speaker, wasPlayed: true } },
    acts: testing,
  },
  'test-camera': {
    preCall: seeingOneself,
    acts: testing,
    after: async ({ alice }) => {
      const picture = await drawnMedia(174)({ audio: true, video: true });
      alice.preCallTest.state.subscribe(() => {
        const state = alice.preCallTest.getSnapshot();
        if (state === seeingOneself) alice.preCallTest.state.set({ ...state, camera: { ...state.camera, picture } });
      });
    },
  },
  'test-good': { preCall: preCallDone, acts: testing },
  'test-limited': { preCall: partlyBlocked, acts: testing },
  'test-not-ready': { preCall: notReady, acts: testing },
  'test-in-call': { preCall: { ...preCallIdle, status: 'in call' }, acts: testing },
};

/**
 * A test that has not begun.
 *
 * @module
 */
import type { PreCallState } from './pre-call-test.ts';
import { readTurnUri } from './turn-uri.ts';

const waiting = { status: 'waiting', problem: undefined } as const;

export function initialState(gateway: string, turnUris: readonly string[]): PreCallState {
  return {
    status: 'idle',
    microphone: { ...waiting, name: undefined, devices: [], chosen: undefined },
    speaker: { ...waiting, isPlaying: false, wasPlayed: false, devices: [], chosen: undefined },
    camera: { ...waiting, name: undefined, width: undefined, height: undefined, picture: undefined },
    signalling: { ...waiting, gateway, roundTripMs: undefined },
    relays: turnUris.map((uri) => ({
      ...waiting,
      uri,
      relay: readTurnUri(uri),
      afterMs: undefined,
      errorCode: undefined,
    })),
    loopback: { ...waiting, relay: undefined, measured: undefined, grade: undefined },
    verdict: undefined,
  };
}

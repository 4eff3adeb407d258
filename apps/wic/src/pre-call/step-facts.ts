/**
 * The facts behind each step, for whoever helps. No secret is among them.
 *
 * @module
 */
import type { Measured, PreCallState, StepStatus } from '@wicgate/wic-sdk';
import { cameraText, microphoneText, speakerText } from './device-text.ts';
import { loopbackText, relayText, round, signallingText } from './network-text.ts';

export type Fact = readonly [name: string, value: string];

export interface StepFacts {
  readonly name: string;
  readonly status: StepStatus;
  readonly text: string;
  readonly facts: readonly Fact[];
}

export interface AllFacts {
  readonly microphone: StepFacts;
  readonly speaker: StepFacts;
  readonly camera: StepFacts;
  readonly signalling: StepFacts;
  readonly relays: readonly StepFacts[];
  readonly loopback: StepFacts;
}

export function readFacts(state: PreCallState): AllFacts {
  const { microphone, speaker, camera, signalling, loopback } = state;
  return {
    microphone: step('Microphone', microphone, microphoneText(microphone), [['Device', microphone.name]]),
    speaker: step('Loudspeaker', speaker, speakerText(speaker), [
      ['Device', speaker.devices.find(({ id }) => id === speaker.chosen)?.name],
    ]),
    camera: step('Camera', camera, cameraText(camera), [
      ['Device', camera.name],
      ['Size', camera.width && camera.height ? `${camera.width} × ${camera.height}` : undefined],
    ]),
    signalling: step('Phone network', signalling, signallingText(signalling), [
      ['Gateway', signalling.gateway],
      ['Encryption', signalling.gateway.startsWith('wss:') ? 'TLS (secure WebSocket)' : 'none'],
      ['Round trip', milliseconds(signalling.roundTripMs)],
    ]),
    relays: readRelays(state),
    loopback: step('Sound quality', loopback, loopbackText(loopback), [
      ['Relay', loopback.relay && [loopback.relay.server, loopback.relay.transport].filter(Boolean).join(' over ')],
      ...measuredFacts(loopback.measured),
    ]),
  };
}

function readRelays({ relays }: PreCallState): readonly StepFacts[] {
  const works = relays.some(({ status }) => status === 'good' || status === 'poor');
  return relays.map((relay) => {
    const { server, transport } = relay.relay;
    const name = `Relay over ${transport ?? 'an unknown transport'}`;
    const isAlone = relays.filter((other) => other.relay.transport === transport).length === 1;
    return step(isAlone ? name : `${name}, ${server}`, relay, relayText(relay, works), [
      ['Server', server],
      ['Address as configured', relay.uri],
      ['Ready after', milliseconds(relay.afterMs)],
      ['Error code', relay.errorCode === undefined ? undefined : String(relay.errorCode)],
    ]);
  });
}

function measuredFacts(measured: Measured | undefined): readonly (readonly [string, string | undefined])[] {
  if (measured === undefined) return [];
  const { roundTripMs, jitterMs, lossPercent, bitrateKbps } = measured;
  return [
    ['Round trip', milliseconds(roundTripMs)],
    ['Jitter', milliseconds(jitterMs)],
    ['Loss', `${round(lossPercent)} %`],
    ['Bit rate, as the browser estimates', bitrateKbps === undefined ? undefined : `${Math.round(bitrateKbps)} kbit/s`],
  ];
}

function step(
  name: string,
  { status }: { readonly status: StepStatus },
  text: string,
  facts: readonly (readonly [string, string | undefined])[],
): StepFacts {
  const known = facts.filter((fact): fact is Fact => fact[1] !== undefined && fact[1] !== '');
  return { name, status, text, facts: status === 'waiting' ? [] : known };
}

function milliseconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${round(value)} ms`;
}

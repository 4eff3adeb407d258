/**
 * What the test is at, in plain words: shown at its top, and spoken.
 *
 * @module
 */
import type { PreCallState } from '@wicgate/wic-sdk';
import type { AllFacts, StepFacts } from './step-facts.ts';

export interface Progress {
  readonly text: string;
  /** Steps that are over, from 0 to 1. */
  readonly share: number;
}

export function readProgress(state: PreCallState, facts: AllFacts): Progress {
  const { microphone, speaker, camera, signalling, relays, loopback } = facts;
  const steps = [microphone, speaker, camera, signalling, ...relays, loopback];
  const current = steps.findIndex(({ status }) => status === 'running');
  const over = steps.filter(({ status }) => status !== 'running' && status !== 'waiting').length;
  return { text: textOf(steps[current], state), share: over / steps.length };
}

function textOf(current: StepFacts | undefined, { speaker }: PreCallState): string {
  if (current === undefined) return 'Testing…';
  if (speaker.status === 'running') return 'Loudspeaker: your answer is needed.';
  return `Testing: ${current.name}.`;
}

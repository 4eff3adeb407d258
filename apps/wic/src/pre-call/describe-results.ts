/**
 * All results as lines of text, for whoever asks for help. No secret is among them.
 *
 * @module
 */
import type { PreCallState } from '@wicgate/wic-sdk';
import { readFacts } from './step-facts.ts';
import { verdictText } from './verdict-text.ts';

export function describeResults(state: PreCallState, browser: string, atMs: number): string {
  const { microphone, speaker, camera, signalling, relays, loopback } = readFacts(state);
  const steps = [microphone, speaker, camera, signalling, ...relays, loopback];
  const verdict = state.verdict === undefined ? undefined : verdictText(state.verdict);
  return [
    `Connection test: ${new Date(atMs).toISOString()}`,
    `Browser: ${browser}`,
    ...(verdict === undefined ? [] : [verdict.title, ...verdict.concerns.map((concern) => `- ${concern}`)]),
    ...steps.flatMap(({ name, status, text, facts }) => [
      `${name}: ${status}. ${text}`,
      ...facts.map(([fact, value]) => `  ${fact}: ${value}`),
    ]),
  ].join('\n');
}

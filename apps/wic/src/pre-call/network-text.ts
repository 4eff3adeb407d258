/**
 * How the ways through the network stand, in plain words; and what to do where there is none.
 *
 * @module
 */
import type { LoopbackStep, RelayStep, RelayTestProblem, SignallingStep } from '@wicgate/wic-sdk';

export function signallingText({ status, problem }: SignallingStep): string {
  if (status === 'waiting') return 'Whether calls can be made, and reach you.';
  if (status === 'running') return 'Asking the gateway of the phone network…';
  if (problem === 'not registered')
    return 'You are not connected to the phone network. Check that you are online, or sign in again.';
  if (problem === 'no answer') return 'The gateway does not answer. Check your internet connection, then test again.';
  if (problem === 'connection lost') return 'The connection broke. Check your internet connection, then test again.';
  return status === 'poor'
    ? 'The phone network answers, but slowly: calls take a while to begin.'
    : 'The phone network answers.';
}

const about: Readonly<Record<'UDP' | 'TCP' | 'TLS', string>> = {
  UDP: 'The usual way for sound and picture, where no direct one is found.',
  TCP: 'A way through networks that block UDP.',
  TLS: 'A way through strict firewalls: it looks like a secure website.',
};

const problems: Readonly<Record<RelayTestProblem, string>> = {
  'no credential':
    'The network has not let you use the relay. Sign out and in again; if that does not help, ask your operator.',
  'refused': 'The relay did not let you in. Sign out and in again.',
  'full': 'The relay has no room just now. Try again in a few minutes.',
  'unreachable': 'The relay cannot be reached this way: your network or a firewall blocks it, or the relay is down.',
  'malformed': 'The address of this relay is no valid one. Tell your operator.',
};

/** `others`: whether another way to a relay works. */
export function relayText({ status, problem, relay }: RelayStep, others: boolean): string {
  if (problem !== undefined) {
    return problem === 'unreachable' && others ? `${problems[problem]} Calls take another way.` : problems[problem];
  }
  if (status === 'running') return 'Asking the relay for a place…';
  if (status === 'good') return 'Works.';
  if (status === 'poor') return 'Works, but slowly: calls may stay silent for a moment at first.';
  return relay.transport === undefined ? 'A way round firewalls.' : about[relay.transport];
}

export function loopbackText({ status, problem, grade, measured }: LoopbackStep): string {
  if (status === 'waiting') return 'How sound comes through: from here to the relay and back.';
  if (status === 'running') return 'Sending sound through the relay and back. This takes a few seconds…';
  if (status === 'skipped') return 'Not tested: this website has no relay.';
  if (problem === 'no relay') return 'Not tested: no relay could be used.';
  if (problem === 'not connected')
    return 'No sound gets through the relay. Try another network, or tell your operator.';
  if (problem !== undefined || measured === undefined || grade === undefined) {
    return 'The relay takes sound, but none comes back. Try another network, or tell your operator.';
  }
  return grades[grade](lossText(measured.lossPercent));
}

const grades = {
  good: () => 'Calls will sound good.',
  fair: (why: string) => `Calls will be well understood, with a small delay or gap at times${why}.`,
  poor: (why: string) =>
    `Calls will be hard to follow${why}. Move closer to the Wi-Fi, or use a cable or another network.`,
} as const;

function lossText(lossPercent: number): string {
  return lossPercent >= 2 ? `: ${round(lossPercent)} % of the sound is lost` : '';
}

/** One place behind the point where there is anything to say. */
export function round(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

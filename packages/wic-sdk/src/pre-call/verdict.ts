/**
 * What the results mean for calls.
 *
 * @module
 */
import type { IceTransportPolicy } from '../wic.ts';
import type { Concern, PreCallState, Verdict } from './pre-call-test.ts';

type Results = Omit<PreCallState, 'status' | 'verdict'>;

interface Row {
  readonly concern: Concern;
  /** Calls do not work at all. */
  readonly isFatal: (needsRelay: boolean) => boolean;
  readonly holds: (results: Results) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const ifNeeded = (needsRelay: boolean): boolean => needsRelay;

const failed = ({ status }: { readonly status: string }): boolean => status === 'failed';
const allFailed = ({ relays }: Results): boolean => relays.length > 0 && relays.every(failed);
const someFailed = ({ relays }: Results): boolean => relays.some(failed) && !relays.every(failed);
const isUdpGone = ({ relays }: Results): boolean => {
  const overUdp = relays.filter(({ relay }) => relay.transport === 'UDP');
  return overUdp.length > 0 && overUdp.every(failed);
};

/** Worst first. */
const rows: readonly Row[] = [
  { concern: 'no microphone', isFatal: always, holds: ({ microphone }) => failed(microphone) },
  { concern: 'no signalling', isFatal: always, holds: ({ signalling }) => failed(signalling) },
  { concern: 'no relay', isFatal: ifNeeded, holds: allFailed },
  { concern: 'no relay offered', isFatal: ifNeeded, holds: ({ relays }) => relays.length === 0 },
  { concern: 'loopback failed', isFatal: ifNeeded, holds: (each) => failed(each.loopback) && !allFailed(each) },
  { concern: 'poor quality', isFatal: never, holds: ({ loopback }) => loopback.grade === 'poor' },
  { concern: 'silent microphone', isFatal: never, holds: ({ microphone }) => microphone.problem === 'silent' },
  { concern: 'speaker not heard', isFatal: never, holds: ({ speaker }) => failed(speaker) },
  { concern: 'fair quality', isFatal: never, holds: ({ loopback }) => loopback.grade === 'fair' },
  { concern: 'relay without UDP', isFatal: never, holds: (each) => someFailed(each) && isUdpGone(each) },
  { concern: 'relay partly blocked', isFatal: never, holds: (each) => someFailed(each) && !isUdpGone(each) },
  { concern: 'camera not usable', isFatal: never, holds: ({ camera }) => failed(camera) },
];

/** What stays untested concerns nobody. With `relay` no call goes without one. */
export function judgeResults(results: Results, policy: IceTransportPolicy): Verdict {
  const found = rows.filter(({ holds }) => holds(results));
  if (found.length === 0) return { kind: 'ready', concerns: [] };
  const fatal = found.filter(({ isFatal }) => isFatal(policy === 'relay'));
  const told = fatal.length > 0 ? fatal : found;
  return { kind: fatal.length > 0 ? 'not ready' : 'limited', concerns: told.map(({ concern }) => concern) };
}

/**
 * What the test says of calls, in plain words.
 *
 * @module
 */
import type { Concern, Verdict } from '@wicgate/wic-sdk';

export interface VerdictText {
  /** All of it where there is one concern at most. */
  readonly title: string;
  /** Where there are several, one each. */
  readonly concerns: readonly string[];
}

const concerns: Readonly<Record<Concern, string>> = {
  'no microphone': 'the microphone cannot be used',
  'no signalling': 'the phone network cannot be reached',
  'no relay': 'no relay can be used, so calls find no way through some networks',
  'no relay offered': 'this website has no relay, so calls find no way through some networks',
  'loopback failed': 'no sound comes through the relay',
  'poor quality': 'they will be hard to follow',
  'fair quality': 'there may be small delays or gaps',
  'silent microphone': 'others may not hear you',
  'speaker not heard': 'you may not hear the others',
  'relay without UDP': 'UDP is blocked here, so sound may stutter at times',
  'relay partly blocked': 'not every way to the relay is open; that matters only where the others are blocked',
  'camera not usable': 'without your picture',
};

const beginnings: Readonly<Record<Exclude<Verdict['kind'], 'ready'>, string>> = {
  'limited': 'Calls will work, but',
  'not ready': 'Calls will not work:',
};

export function verdictText({ kind, concerns: found }: Verdict): VerdictText {
  if (kind === 'ready') return { title: 'Ready for calls', concerns: [] };
  const texts = found.map((concern) => concerns[concern]);
  const beginning = beginnings[kind];
  if (texts.length === 1) return { title: `${beginning} ${texts[0]}`, concerns: [] };
  return { title: kind === 'limited' ? `${beginning} …` : beginning, concerns: texts };
}

/**
 * Why a call ended, in plain words.
 *
 * @module
 */
import { type Call, type CallEnd, type CallEndCause, isAnonymous, type RelayProblem } from '@wicgate/wic-sdk';
import { addressOf, isolate, peerName, peerNameWithin } from './peer-name.ts';

interface Told {
  readonly name: string;
  /** The name within a sentence. */
  readonly within: string;
  /** For names that nobody has: the whole, since the same name may well exist somewhere else. */
  readonly address: string;
  readonly by: CallEnd['by'];
  readonly direction: Call['direction'];
  readonly relayProblem: RelayProblem;
  /** Nobody knows whom to call back. */
  readonly anonymous: boolean;
}

type Text = (told: Told) => string;

const orDirect = 'If “Relay only” was your choice, you can turn it off in Connection details.';

/** What is the matter with the relay that the call needs, and what to do. */
const relayTexts: Readonly<Record<RelayProblem, string>> = {
  'not offered': `This call may only go through a relay, and none was offered to you. Sign out and in again; if that does not help, tell whoever runs this website. ${orDirect}`,
  'refused': `The relay did not let you in. Sign out and in again; if that does not help, tell whoever runs this website. ${orDirect}`,
  'full': `The relay has no room for another call. Try again in a few minutes. ${orDirect}`,
  'unreachable': `The relay cannot be reached. Check that you are online, or try another network: a firewall may be in the way. ${orDirect}`,
};

const missed: Text = ({ within }) => `You missed a call from ${within}`;

const texts: Readonly<Record<CallEndCause, Text>> = {
  'hung up': ({ by, name }) => (by === 'local' ? 'You hung up' : `${name} hung up`),
  'cancelled': (told) => (told.direction === 'incoming' ? missed(told) : 'You cancelled the call'),
  'declined': ({ by, name }) => (by === 'local' ? 'You declined' : `${name} declined`),
  'busy': (told) => (told.direction === 'incoming' ? missed(told) : `${told.name} is busy`),
  'not registered': ({ name }) => `${name} is not signed in`,
  'unknown user': ({ address }) => `There is no one called ${address}`,
  'no answer': (told) => (told.direction === 'incoming' ? missed(told) : `${told.name} did not answer`),
  'answered elsewhere': () => 'Answered on another device',
  'media refused': (told) => (told.by === 'local' ? microphoneBlocked(told) : `${told.name} could not take the call`),
  'media failed': ({ within }) =>
    `No sound got through between you and ${within}. A firewall on one side may be in the way.`,
  'no relay': ({ relayProblem }) => relayTexts[relayProblem],
  'connection lost': () => 'The connection was lost',
  'not allowed': ({ name }) => `You are not allowed to call ${name}`,
  'server error': () => 'The network could not connect the call. Try again in a moment.',
};

/** One sentence for the person; never a number. */
export function callEndText({ direction, peer }: Pick<Call, 'direction' | 'peer'>, end: CallEnd): string {
  const { by, cause, relayProblem = 'unreachable' } = end;
  const [name, within, address] = [isolate(peerName(peer)), peerNameWithin(peer), isolate(addressOf(peer.uri))];
  const anonymous = isAnonymous(peer);
  return texts[cause]({ name, within, address, by, direction, relayProblem, anonymous });
}

function microphoneBlocked({ direction, name, anonymous }: Told): string {
  const allow = "The microphone is blocked. Allow it in the browser's address bar";
  if (anonymous) return `${allow} for the next call.`;
  return `${allow} and ${direction === 'outgoing' ? 'call again' : `call ${name} back`}.`;
}

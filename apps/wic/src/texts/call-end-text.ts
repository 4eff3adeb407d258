/**
 * Why a call ended, in plain words.
 *
 * @module
 */
import type { Call, CallEnd, CallEndCause } from '@wicgate/wic-sdk';
import { peerName, userOf } from './peer-name.ts';

interface Told {
  readonly name: string;
  /** The user part as it was dialled, for names that nobody has. */
  readonly user: string;
  readonly by: CallEnd['by'];
  readonly direction: Call['direction'];
}

type Text = (told: Told) => string;

const missed: Text = ({ name }) => `You missed a call from ${name}`;

const texts: Readonly<Record<CallEndCause, Text>> = {
  'hung up': ({ by, name }) => (by === 'local' ? 'You hung up' : `${name} hung up`),
  'cancelled': (told) => (told.direction === 'incoming' ? missed(told) : 'You cancelled the call'),
  'declined': ({ by, name }) => (by === 'local' ? 'You declined' : `${name} declined`),
  'busy': (told) => (told.direction === 'incoming' ? missed(told) : `${told.name} is busy`),
  'not registered': ({ name }) => `${name} is not signed in`,
  'unknown user': ({ user }) => `There is no one called ${user} here`,
  'no answer': (told) => (told.direction === 'incoming' ? missed(told) : `${told.name} did not answer`),
  'answered elsewhere': () => 'Answered on another device',
  'media refused': (told) => (told.by === 'local' ? microphoneBlocked(told) : `${told.name} could not take the call`),
  'media failed': ({ name }) =>
    `No sound got through between you and ${name}. A firewall on one side may be in the way.`,
  'connection lost': () => 'The connection was lost',
  'not allowed': ({ name }) => `You are not allowed to call ${name}`,
  'server error': () => 'The network could not connect the call. Try again in a moment.',
};

/** One sentence for the person; never a number. */
export function callEndText({ direction, peer }: Pick<Call, 'direction' | 'peer'>, { by, cause }: CallEnd): string {
  return texts[cause]({ name: peerName(peer), user: userOf(peer.uri), by, direction });
}

function microphoneBlocked({ direction, name }: Told): string {
  const then = direction === 'outgoing' ? 'call again' : `call ${name} back`;
  return `The microphone is blocked. Allow it in the browser's address bar and ${then}.`;
}

import { anonymousPeer, type Call, type CallEnd } from '@wicgate/wic-sdk';
import { describe, expect, it } from 'vitest';
import { callEndText } from './call-end-text.ts';

type Row = readonly [direction: Call['direction'], ...end: [by: CallEnd['by'], cause: CallEnd['cause']], text: string];

const rows: readonly Row[] = [
  ['outgoing', 'local', 'hung up', 'You hung up'],
  ['outgoing', 'remote', 'hung up', 'Bob hung up'],
  ['incoming', 'remote', 'hung up', 'Bob hung up'],
  ['outgoing', 'local', 'cancelled', 'You cancelled the call'],
  ['incoming', 'remote', 'cancelled', 'You missed a call from Bob'],
  ['outgoing', 'remote', 'declined', 'Bob declined'],
  ['incoming', 'local', 'declined', 'You declined'],
  ['outgoing', 'remote', 'busy', 'Bob is busy'],
  ['incoming', 'local', 'busy', 'You missed a call from Bob'],
  ['outgoing', 'remote', 'not registered', 'Bob is not signed in'],
  ['outgoing', 'remote', 'unknown user', 'There is no one called bob@ims.example'],
  ['outgoing', 'remote', 'no answer', 'Bob did not answer'],
  ['incoming', 'remote', 'no answer', 'You missed a call from Bob'],
  ['incoming', 'remote', 'answered elsewhere', 'Answered on another device'],
  [
    'outgoing',
    'local',
    'media refused',
    "The microphone is blocked. Allow it in the browser's address bar and call again.",
  ],
  [
    'incoming',
    'local',
    'media refused',
    "The microphone is blocked. Allow it in the browser's address bar and call Bob back.",
  ],
  ['outgoing', 'remote', 'media refused', 'Bob could not take the call'],
  [
    'outgoing',
    'local',
    'media failed',
    'No sound got through between you and Bob. A firewall on one side may be in the way.',
  ],
  ['outgoing', 'local', 'connection lost', 'The connection was lost'],
  ['outgoing', 'remote', 'not allowed', 'You are not allowed to call Bob'],
  ['outgoing', 'remote', 'server error', 'The network could not connect the call. Try again in a moment.'],
];

const unknownRows: readonly Row[] = [
  ['incoming', 'remote', 'cancelled', 'You missed a call from an unknown caller'],
  ['incoming', 'remote', 'no answer', 'You missed a call from an unknown caller'],
  ['incoming', 'remote', 'hung up', 'Unknown caller hung up'],
  [
    'incoming',
    'local',
    'media refused',
    "The microphone is blocked. Allow it in the browser's address bar for the next call.",
  ],
  [
    'incoming',
    'local',
    'media failed',
    'No sound got through between you and an unknown caller. A firewall on one side may be in the way.',
  ],
];

const relayRows = [
  ['not offered', /none was offered to you\. Sign out and in again/u],
  ['refused', /did not let you in\. Sign out and in again/u],
  ['full', /has no room for another call\. Try again in a few minutes/u],
  ['unreachable', /cannot be reached\. Check that you are online, or try another network/u],
] as const;

describe('why a call ended', () => {
  it.each(rows)('[WIC] %s, %s, %s', (direction, by, cause, text) => {
    const peer = { uri: 'sip:bob@ims.example', displayName: undefined };
    expect(callEndText({ direction, peer }, { by, cause })).toBe(text);
  });

  it.each(unknownRows)('[RFC 3325 9.1] %s from nobody known, %s, %s', (direction, by, cause, text) => {
    expect(callEndText({ direction, peer: anonymousPeer }, { by, cause })).toBe(text);
  });

  it.each(rows)('[WIC] never shows a number: %s, %s, %s', (direction, by, cause) => {
    const peer = { uri: 'sip:bob@ims.example', displayName: undefined };
    expect(callEndText({ direction, peer }, { by, cause })).not.toMatch(/\d/);
  });

  it.each(relayRows)(
    '[RFC 8656 7.4] tells what is the matter with a relay that is %s, and what to do',
    (relayProblem, text) => {
      const bob = { direction: 'outgoing', peer: { uri: 'sip:bob@ims.example', displayName: 'Bob' } } as const;
      const told = callEndText(bob, { by: 'local', cause: 'no relay', relayProblem });
      expect(told).toMatch(text);
      expect(told).toContain('turn it off in Connection details');
    },
  );
});

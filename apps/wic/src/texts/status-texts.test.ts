import { type CallState, describeFailure, type RegistrationState } from '@wicgate/wic-sdk';
import { describe, expect, it } from 'vitest';
import { callStatusText } from './call-status-text.ts';
import { registrationText } from './registration-text.ts';

const call = { direction: 'incoming', peer: { uri: 'sip:bob@ims.example', displayName: undefined } } as const;

const calls: readonly (readonly [Pick<CallState, 'status' | 'end'>, ReturnType<typeof callStatusText>])[] = [
  [
    { status: 'calling', end: undefined },
    { word: 'Calling', detail: undefined },
  ],
  [
    { status: 'ringing', end: undefined },
    { word: 'Ringing', detail: undefined },
  ],
  [
    { status: 'incoming', end: undefined },
    { word: 'Ringing', detail: 'Bob is calling' },
  ],
  [
    { status: 'connecting', end: undefined },
    { word: 'Ringing', detail: 'connecting' },
  ],
  [
    { status: 'in call', end: undefined },
    { word: 'In call', detail: undefined },
  ],
  [
    { status: 'ended', end: { by: 'remote', cause: 'hung up' } },
    { word: 'Ended', detail: 'Bob hung up' },
  ],
  [
    { status: 'failed', end: { by: 'remote', cause: 'busy' } },
    { word: 'Failed', detail: 'You missed a call from Bob' },
  ],
];

const registrations: readonly (readonly [RegistrationState, ReturnType<typeof registrationText>])[] = [
  [{ status: 'not registered' }, { word: 'Not registered', detail: undefined }],
  [
    { status: 'registering', attempt: 1, retryAtMs: undefined },
    { word: 'Registering', detail: undefined },
  ],
  [
    { status: 'registering', attempt: 2, retryAtMs: undefined },
    { word: 'Registering', detail: 'no connection' },
  ],
  [
    { status: 'registering', attempt: 1, retryAtMs: 5 },
    { word: 'Registering', detail: 'no connection' },
  ],
  [
    {
      status: 'registered',
      scheme: 'web',
      impu: 'sip:alice@ims.example',
      impus: ['sip:alice@ims.example'],
      impi: undefined,
      displayName: 'Alice',
      expiresAtMs: 0,
      gateway: 'wss://localhost:8445/',
    },
    { word: 'Registered', detail: undefined },
  ],
  [describeFailure('not signed in'), { word: 'Failed', detail: 'your sign-in has ended' }],
  [describeFailure('refused'), { word: 'Failed', detail: 'the network does not let this account register' }],
  [describeFailure('no identity'), { word: 'Failed', detail: 'this account has no number or address to call from' }],
];

describe('the status texts', () => {
  it.each(calls)('[contract] call %o', (state, text) => {
    expect(callStatusText(call, state)).toEqual(text);
  });

  it.each(registrations)('[contract] registration %o', (state, text) => {
    expect(registrationText(state)).toEqual(text);
  });
});

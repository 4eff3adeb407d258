/**
 * Causes of a failed registration where the way in makes a difference to what helps.
 *
 * @module
 */
import type { WayIn } from '@wicgate/wic-sdk';
import { type Cause, type FailureText, failureCauses } from './failure-causes.ts';

const endedOnTheWeb: FailureText = {
  ...failureCauses['network ended'],
  text: 'Your operator ended this registration, or somebody withdrew what this website was allowed. Sign in again, or ask your operator why.',
  actions: ['Try again', 'Sign in again'],
};

const endedForGuest: FailureText = {
  ...failureCauses['network ended'],
  text: 'The network took your temporary address back. You can go on as a guest with a new one.',
  actions: ['Try again'],
};

const notForGuest: FailureText = {
  brief: 'this website may not lend this address',
  title: 'This website may not lend this address',
  text: 'The temporary address is not one that your operator gave to this website for its guests. Another one may do. If none does, tell whoever runs this website.',
  actions: ['Continue as guest', 'Try again'],
};

export const failureCausesOfWay: Readonly<Partial<Record<WayIn, Readonly<Partial<Record<Cause, FailureText>>>>>> = {
  web: {
    'refused': {
      ...failureCauses.refused,
      text: 'It did not accept your sign-in. That may have been withdrawn, your address may be barred, or your operator may not allow this website. Sign in again; if that does not help, ask your operator.',
      actions: ['Try again', 'Sign in again'],
    },
    'not signed in': {
      brief: 'your sign-in has ended',
      title: 'Your sign-in has ended',
      text: 'Sign in again to go on calling and to be called.',
      actions: ['Sign in'],
    },
    'network ended': endedOnTheWeb,
    'rejected': endedOnTheWeb,
    'connection closed': {
      ...endedOnTheWeb,
      text: 'It closed the connection. Perhaps your operator ended this registration, or somebody withdrew what this website was allowed. Sign in again, or ask your operator why.',
    },
  },
  guest: {
    'refused': {
      ...failureCauses.refused,
      title: 'The network refused this guest',
      text: 'It does not take this temporary address at the moment, or does not allow guests of this website. Try again in a while.',
      actions: ['Try again'],
    },
    'not signed in': {
      brief: 'your time as a guest is over',
      title: 'Your time as a guest is over',
      text: 'Your temporary address has gone back to the others. You can go on as a guest with a new one.',
      actions: ['Continue as guest'],
    },
    'token refused': {
      ...failureCauses['token refused'],
      title: 'The network no longer accepts this guest',
      text: 'What lets you use the temporary address has ended meanwhile. You can go on as a guest with a new one.',
      actions: ['Continue as guest', 'Try again'],
    },
    'identity not granted': notForGuest,
    'identity outside pool': notForGuest,
    'third party not allowed': {
      ...failureCauses['third party not allowed'],
      brief: 'the network does not allow guests of this website',
      title: 'The network does not allow guests of this website',
      text: 'The temporary address may not be used from here. That is for whoever runs this website to put right.',
      actions: ['Try again'],
    },
    'network ended': endedForGuest,
    'rejected': endedForGuest,
    'connection closed': endedForGuest,
  },
  sim: {
    'wrong credentials': {
      brief: 'the network did not accept your SIM',
      title: 'The network did not accept your SIM',
      text: 'The answer of the SIM was not the right one: the profile may be an old one or somebody else’s. Ask your operator for a new SIM profile.',
      actions: ['Try again', 'Choose another way'],
    },
    'scheme not offered': {
      ...failureCauses['scheme not offered'],
      text: 'Your account is not set up for a SIM. Choose another way, or ask your operator which it is.',
    },
  },
};

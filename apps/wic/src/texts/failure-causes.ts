/**
 * Each cause of a failed registration, whichever way one came in.
 *
 * @module
 */
import type { FailureDetail, RegistrationFailure } from '@wicgate/wic-sdk';

/** What a button below the words does; it is also what stands on the button. */
export type FailureAction =
  | 'Try again'
  | 'Sign in'
  | 'Sign in again'
  | 'Allow it again'
  | 'Continue as guest'
  | 'Choose another way'
  | 'Type it again';

export interface FailureText {
  /** After the word `Failed`. */
  readonly brief: string;
  readonly title: string;
  readonly text: string;
  /** The most promising one first. */
  readonly actions: readonly FailureAction[];
}

export type Cause = RegistrationFailure | FailureDetail;

const ended: FailureText = {
  brief: 'the network has ended it',
  title: 'The network has signed you off',
  text: 'Your operator ended this registration. Try again, or ask your operator why.',
  actions: ['Try again', 'Choose another way'],
};

export const failureCauses: Readonly<Record<Cause, FailureText>> = {
  'refused': {
    brief: 'the network does not let this account register',
    title: 'The network refused you',
    text: 'It does not let this account register at the moment: it may be barred, or not allowed from here. If that lasts, ask your operator.',
    actions: ['Try again', 'Choose another way'],
  },
  'not signed in': {
    brief: 'your sign-in has ended',
    title: 'You have signed out',
    text: 'That was in another tab of this browser, and it counts for all of them.',
    actions: ['Choose another way'],
  },
  'no identity': {
    brief: 'this account has no number or address to call from',
    title: 'This account cannot call yet',
    text: 'It has no number or address of its own. Ask your operator to add one.',
    actions: ['Try again'],
  },
  'network ended': ended,
  'sim unavailable': {
    brief: 'your SIM gives no answer',
    title: 'Your SIM gives no answer',
    text: 'It is locked or blocked, or you have not allowed this page to use it. Look at it, then try again.',
    actions: ['Try again', 'Choose another way'],
  },
  'wrong credentials': {
    brief: 'the network did not accept the password',
    title: 'The network did not accept the password',
    text: 'The password does not belong to this identity, or the identity is not known. Check both, and type them again.',
    actions: ['Type it again', 'Choose another way'],
  },
  'network not authenticated': {
    brief: 'this may not be your network',
    title: 'This may not be your network',
    text: 'Whoever answered could not prove to know your secret, so nothing more was sent. Use another internet connection, then try again. If that does not help, tell your operator.',
    actions: ['Try again', 'Choose another way'],
  },
  'scheme not offered': {
    brief: 'the network does not take this way in',
    title: 'The network does not take this way in',
    text: 'Your account is set up for another one. Choose that, or ask your operator which it is.',
    actions: ['Choose another way', 'Try again'],
  },
  'sim out of step': {
    brief: 'your SIM and the network are out of step',
    title: 'Your SIM and the network are out of step',
    text: 'They count how often they have met, and the counts still differ after they compared them. Try once more. If that does not help, ask your operator for a new SIM profile.',
    actions: ['Try again', 'Choose another way'],
  },
  'token refused': {
    brief: 'the network does not accept your sign-in',
    title: 'The network does not accept your sign-in',
    text: 'Perhaps it ended meanwhile, or somebody withdrew what this website was allowed. Sign in again. If that does not help, ask your operator.',
    actions: ['Sign in again', 'Try again'],
  },
  'identity not granted': {
    brief: 'your sign-in is not for this address',
    title: 'Your sign-in is not for this address',
    text: 'The number or address that this website uses for you is not one that you signed in to. It may have changed: sign in again. If that does not help, ask your operator.',
    actions: ['Sign in again', 'Try again'],
  },
  'identity outside pool': {
    brief: 'this website may not use this address',
    title: 'This website may not use this address',
    text: 'Your operator has set some addresses aside for guests of one website. Yours is such a one, or this website is for guests only. Ask your operator.',
    actions: ['Sign in again', 'Try again'],
  },
  'third party not allowed': {
    brief: 'your account does not allow this website',
    title: 'Your account does not allow this website',
    text: 'Your operator has not been told to let this website, or the sign-in service behind it, register you. Ask your operator to allow it, then try again.',
    actions: ['Try again', 'Sign in again'],
  },
  'third party barred': {
    brief: 'the network has barred this website',
    title: 'The network has barred this website',
    text: 'Your operator lets nobody in at the moment who comes through this website or its sign-in service. There is nothing wrong with your account. Try again later, or use another website of your operator.',
    actions: ['Try again'],
  },
  'not granted': {
    brief: 'this website may no longer register you',
    title: 'This website may no longer register you',
    text: 'You, or somebody who knows your password, took back the right to make and take calls in your name. You can give it back on the page of the sign-in service.',
    actions: ['Allow it again', 'Sign in again'],
  },
  'rejected': ended,
  'connection closed': {
    ...ended,
    text: 'It closed the connection and did not say why. Perhaps your operator ended this registration. Try again, or ask your operator.',
  },
  'unregistered': {
    ...ended,
    text: 'Somebody ended this registration, and the next one as well: it may be another program that uses your account. Try again, or ask your operator.',
  },
  'expired': {
    ...ended,
    text: 'The registration ran out before its time, and the next one as well. Try again. If that goes on, tell your operator.',
  },
  'no profile': {
    brief: 'there is no SIM in this browser',
    title: 'There is no SIM in this browser',
    text: 'Your operator gives you a profile file. Try again, and choose that file when the SIM asks for it.',
    actions: ['Try again', 'Choose another way'],
  },
  'not allowed': {
    brief: 'you have not allowed your SIM to be used',
    title: 'Your SIM may not be used here',
    text: 'You did not allow this page to use it. If you did not mean that, try again and choose Allow.',
    actions: ['Try again', 'Choose another way'],
  },
  'blocked': {
    brief: 'your SIM is blocked',
    title: 'Your SIM is blocked',
    text: 'A wrong PIN was entered three times, so its keys were deleted. Give it the profile file of your operator once more, then try again.',
    actions: ['Try again', 'Choose another way'],
  },
  'storage': {
    brief: 'this browser keeps no SIM',
    title: 'This browser keeps no SIM',
    text: 'It does not let the SIM store anything inside this page. Leave private browsing, or allow data of other sites, and load the page again.',
    actions: ['Choose another way', 'Try again'],
  },
  'not answering': {
    brief: 'your SIM gives no answer',
    title: 'Your SIM gives no answer',
    text: 'It did not start, or nobody answered its question in time. Try again, and answer what the SIM asks.',
    actions: ['Try again', 'Choose another way'],
  },
};

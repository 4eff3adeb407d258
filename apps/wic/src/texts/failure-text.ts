/**
 * Why there is no registration, in plain words, and what can be done about it.
 *
 * @module
 */
import type { RefusalDetail, RegistrationFailed, RegistrationFailure, SimProblem, WayIn } from '@wicgate/wic-sdk';

/** What a button below the words does; it is also what stands on the button. */
export type FailureAction =
  | 'Try again'
  | 'Sign in'
  | 'Sign in again'
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

type Cause = RegistrationFailure | RefusalDetail | SimProblem;

const causes: Readonly<Record<Cause, FailureText>> = {
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
  'network ended': {
    brief: 'the network has ended it',
    title: 'The network has signed you off',
    text: 'Your operator ended this registration. Try again, or ask your operator why.',
    actions: ['Try again', 'Choose another way'],
  },
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

/** Where the way in makes a difference to what helps. */
const causesOfWay: Readonly<Partial<Record<WayIn, Readonly<Partial<Record<Cause, FailureText>>>>>> = {
  web: {
    'refused': {
      ...causes.refused,
      text: 'It did not accept your sign-in. That may have been withdrawn, your address may be barred, or your operator may not allow this website. Sign in again; if that does not help, ask your operator.',
      actions: ['Try again', 'Sign in again'],
    },
    'not signed in': {
      brief: 'your sign-in has ended',
      title: 'Your sign-in has ended',
      text: 'Sign in again to go on calling and to be called.',
      actions: ['Sign in'],
    },
    'network ended': {
      ...causes['network ended'],
      text: 'Your operator ended this registration, or somebody withdrew what this website was allowed. Sign in again, or ask your operator why.',
      actions: ['Try again', 'Sign in again'],
    },
  },
  guest: {
    'refused': {
      ...causes.refused,
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
    'network ended': {
      ...causes['network ended'],
      text: 'The network took your temporary address back. You can go on as a guest with a new one.',
      actions: ['Try again'],
    },
  },
  sim: {
    'wrong credentials': {
      brief: 'the network did not accept your SIM',
      title: 'The network did not accept your SIM',
      text: 'The answer of the SIM was not the right one: the profile may be an old one or somebody else’s. Ask your operator for a new SIM profile.',
      actions: ['Try again', 'Choose another way'],
    },
    'scheme not offered': {
      ...causes['scheme not offered'],
      text: 'Your account is not set up for a SIM. Choose another way, or ask your operator which it is.',
    },
  },
};

export function failureText({ reason, detail }: RegistrationFailed, way: WayIn): FailureText {
  const cause = detail ?? reason;
  return causesOfWay[way]?.[cause] ?? causes[cause];
}

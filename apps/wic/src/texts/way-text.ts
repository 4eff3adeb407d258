/**
 * What stands on the ways in, and what helps somebody who has never heard of them to choose.
 *
 * @module
 */
import type { WayIn } from '@wicgate/wic-sdk';

export interface WayText {
  /** On the button; tests and scripts look for it. */
  readonly name: string;
  /** One plain sentence. */
  readonly help: string;
}

export const wayTexts: Readonly<Record<WayIn, WayText>> = {
  web: {
    name: 'Sign in',
    help: 'With the account you have with your operator; you type its password on a page of its own.',
  },
  sim: {
    name: 'Use SIM',
    help: 'If your operator gave you a SIM profile: a PIN opens it, and there is no password to type.',
  },
  digest: {
    name: 'Use SIP password',
    help: 'If your operator gave you an address and a password for an internet phone.',
  },
  guest: {
    name: 'Continue as guest',
    help: 'Without an account: you call from a temporary address while this page is open.',
  },
};

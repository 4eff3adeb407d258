/**
 * How somebody has come in, in plain words and by the name that the standard has for it.
 *
 * @module
 */
import type { WayIn } from '@wicgate/wic-sdk';

export interface SchemeText {
  readonly name: string;
  /** As an operator would look it up. */
  readonly standard: string;
  readonly text: string;
}

export const schemeTexts: Readonly<Record<WayIn, SchemeText>> = {
  web: {
    name: 'Signed in on the web',
    standard: 'Trusted node authentication (TS 33.203 X.3)',
    text: 'You signed in on a page of its own, and this page got a short-lived pass. The gateway checked the pass and vouched for you to the network.',
  },
  digest: {
    name: 'SIP password',
    standard: 'SIP Digest (TS 33.203 X.2.2)',
    text: 'You and the network proved to each other that you know the same password, without sending it.',
  },
  sim: {
    name: 'SIM',
    standard: 'IMS AKA with AKAv2-SHA-256 (TS 33.203 X.2.3)',
    text: 'Your SIM and the network proved to each other that they share a key, without sending it. The key never left the SIM.',
  },
  guest: {
    name: 'Guest',
    standard: 'Trusted node authentication from a pool (TS 33.203 X.4)',
    text: 'This website lent you a temporary address. The gateway checked that it was the website’s to lend, and vouched for it to the network.',
  },
};

/**
 * What coturn 4.6.1 does otherwise.
 *
 * @module
 */
import type { Defect } from './known-defects.ts';

export const coturnDefects: readonly Defect[] = [
  {
    because: 'it reads the time wherever it stands in the user name, up to the first character that is no digit',
    cases: [
      'refuses a user name that is nothing but a time...',
      'refuses a user name with the time before the Tid...',
      'refuses a user name with letters after the time...',
      'refuses an empty Tid...',
    ],
  },
  {
    because: 'Texp counts when an allocation is made, not for how long it lives',
    cases: ['gives no allocation that outlives Texp', 'extends no allocation beyond Texp'],
  },
  { because: 'it looks at the nonce first', cases: ['looks at the password before the nonce...'] },
  {
    because: 'it keys with the first 16 octets of the mac key, whatever is set',
    cases: ['gives an allocation for an access token whose mac key protects the request'],
  },
  { because: 'with Km it knows no users of its own', cases: ['serves a user whose credential does not end...'] },
  {
    because: 'it knows RFC 5389 here, not RFC 8489',
    cases: ['takes a request protected by MESSAGE-INTEGRITY-SHA256...', 'takes a user by USERHASH...'],
  },
  {
    because: 'it answers 400',
    cases: [
      'refuses a transport that is neither UDP nor TCP...',
      'refuses a permission where there is no allocation...',
    ],
  },
  {
    because: 'its channel numbers are those of RFC 5766, 0x4000 to 0x7fff',
    cases: ['refuses 0x5000, which was a channel number of RFC 5766...'],
  },
  { because: 'it answers 404', cases: ['refuses a RESERVATION-TOKEN that it never gave...'] },
  {
    because: 'it ends the allocation some seconds after it has said so',
    cases: ['ends an allocation by a Refresh with lifetime 0...', 'closes the relayed address with its allocation...'],
  },
];
